"""Read pairs such as ``key=value`` out of text. Source: logstash-filter-kv 4.7.0."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from pydantic import Field

from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.base import FilterContext, FilterFunction, FilterOptions, FilterPlugin
from atalaia.pipeline.kv.expressions import Scanner, Separator, Syntax, compile_scanner
from atalaia.pipeline.kv.pairs import PairReader, Pairs, Selection, change_text
from atalaia.pipeline.options import OptionError, option_reference
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.settings import Flag, Number, Text, Texts, ValueHash
from atalaia.pipeline.sprintf import compile_template
from atalaia.pipeline.values import Value, copy_dict

_LOGGER: Final = logging.getLogger(__name__)
_REMEMBERED_KEYS: Final = 4096

_Transform: TypeAlias = Literal["lowercase", "uppercase", "capitalize"]


class KvOptions(FilterOptions):
    """Options of ``kv``.

    Attributes:
        allow_duplicate_values: Whether a key keeps a value it has already.
        allow_empty_values: Whether a key may have the empty value; needs ``whitespace => strict`` between blanks.
        default_keys: Keys to the values they have when the text has them not; without ``prefix``.
        exclude_keys: Keys (with ``%{…}``) to leave out.
        field_split: Characters between pairs, as the contents of a character class.
        field_split_pattern: An expression between pairs, instead of ``field_split``.
        include_brackets: Whether ``( )``, ``[ ]`` and ``< >`` around a value are taken off.
        include_keys: The only keys (with ``%{…}``) to keep.
        prefix: Stands before every key, with ``%{…}``.
        recursive: Whether pairs are looked for in values, too.
        remove_char_key: Characters to take out of keys, as the contents of a character class.
        remove_char_value: Characters to take out of values.
        source: The field with the text, or with a list of texts.
        tag_on_failure: Tags for an event of which something cannot be read or set.
        tag_on_timeout: The tag for an event that took too long.
        target: The field below which keys are put; it is replaced. Without it they go to the root of the event.
        timeout_millis: Longest time for an event in ms; 0 is no limit.
        transform_key: How the case of keys is changed.
        transform_value: How the case of values is changed.
        trim_key: Characters to take off the ends of keys, as the contents of a character class.
        trim_value: Characters to take off the ends of values.
        value_split: Characters between key and value, as the contents of a character class.
        value_split_pattern: An expression between key and value, instead of ``value_split``.
        whitespace: Whether blanks around what splits key and value belong to it (``lenient``) or not (``strict``).
        ecs_compatibility: Has no effect on this filter.
    """

    allow_duplicate_values: Flag = True
    allow_empty_values: Flag = False
    default_keys: ValueHash = Field(default_factory=ValueHash)
    exclude_keys: Texts = ()
    field_split: Text = " "
    field_split_pattern: Text | None = None
    include_brackets: Flag = True
    include_keys: Texts = ()
    prefix: Text = ""
    recursive: Flag = False
    remove_char_key: Text | None = None
    remove_char_value: Text | None = None
    source: Text = "message"
    tag_on_failure: Texts = ("_kv_filter_error",)
    tag_on_timeout: Text = "_kv_filter_timeout"
    target: Text | None = None
    timeout_millis: Number = 30_000
    transform_key: _Transform | None = None
    transform_value: _Transform | None = None
    trim_key: Text | None = None
    trim_value: Text | None = None
    value_split: Text = "="
    value_split_pattern: Text | None = None
    whitespace: Literal["strict", "lenient"] = "lenient"
    ecs_compatibility: EcsCompatibility | None = None


def build(options: KvOptions, context: FilterContext) -> FilterFunction:
    """Build the filter; an error anywhere in it, the common options included, tags the event."""
    source, reader, place = option_reference("source", options.source), _reader(options), _placing(options.target)
    defaults, decorate = options.default_keys.items, context.decorate

    def run(event: Event) -> bool:
        try:
            pairs = copy_dict(defaults) | _read(reader, source.get(event), event)
            if pairs:
                place(event, pairs)
                decorate(event)
        except TimeoutError:
            event.fail(options.tag_on_timeout)
        except EventError:
            event.fail(*options.tag_on_failure)
        return False

    return run


def _read(reader: PairReader, value: Value, event: Event) -> Pairs:
    if isinstance(value, str | list):
        return reader.read(value if isinstance(value, list) else [value], event)
    if value is not None:
        _LOGGER.warning("kv reads texts and lists of texts, not %r", value)
    return {}


def _reader(options: KvOptions) -> PairReader:
    return PairReader(
        _scanner(options),
        change_text("key", options.trim_key, options.remove_char_key, options.transform_key),
        change_text("value", options.trim_value, options.remove_char_value, options.transform_value),
        Selection(
            [compile_template(key) for key in options.include_keys],
            [compile_template(key) for key in options.exclude_keys],
            compile_template(options.prefix),
        ),
        options.allow_duplicate_values,
        options.allow_empty_values,
        options.recursive,
        options.timeout_millis / 1000 if options.timeout_millis > 0 else None,
    )


def _scanner(options: KvOptions) -> Scanner:
    for name in ("value_split", "field_split_pattern", "value_split_pattern"):
        if getattr(options, name) == "":
            raise OptionError(name, "must not be empty")
    syntax = Syntax(
        Separator("field_split", options.field_split, options.field_split_pattern),
        Separator("value_split", options.value_split, options.value_split_pattern),
        lenient=options.whitespace == "lenient",
        brackets=options.include_brackets,
    )
    strict_time = "timeout_millis" in options.model_fields_set and options.timeout_millis > 0
    return compile_scanner(syntax, strict_time=strict_time)


def _placing(target: str | None) -> Callable[[Event, Pairs], None]:
    """Return what puts pairs into an event; the empty target is none."""
    if target:
        reference = option_reference("target", target)
        return reference.set
    parse = lru_cache(maxsize=_REMEMBERED_KEYS)(FieldReference.parse)

    def place(event: Event, pairs: Pairs) -> None:
        for key, value in pairs.items():
            parse(key).set(event, value)

    return place


PLUGIN = FilterPlugin("kv", KvOptions, build)
