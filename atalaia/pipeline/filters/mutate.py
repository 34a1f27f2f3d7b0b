"""Change fields. Source: logstash-filter-mutate 3.6.0.

The operations run in one fixed order, whatever the order they are written in, then the common options. The first error
ends the filter for that event and tags it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pydantic import Field

from atalaia.pipeline.codegen.operation import Operation
from atalaia.pipeline.codegen.site import Site
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.base import FilterContext, FilterOptions, FilterPlugin, Inline
from atalaia.pipeline.grok.onigmo_sets import ExpressionError
from atalaia.pipeline.mutate import operations, texts
from atalaia.pipeline.mutate.convert import CONVERSIONS, convert
from atalaia.pipeline.mutate.gsub import gsub
from atalaia.pipeline.options import OptionError
from atalaia.pipeline.settings import Text, TextHash, Texts, TextsHash

_TRIPLE: Final = 3


class MutateOptions(FilterOptions):
    """Options of ``mutate``, in the order in which they run.

    Attributes:
        coerce: Field to the value it gets when it is null.
        rename: Old name to new name.
        update: Field to its new value, when it exists.
        replace: Field to its new value.
        convert: Field to ``string``, ``integer``, ``float``, ``boolean``, ``integer_eu`` or ``float_eu``.
        gsub: Field, regular expression, replacement, and so on by threes.
        uppercase: Fields.
        capitalize: Fields.
        lowercase: Fields.
        strip: Fields.
        split: Field to separator.
        join: Field to separator.
        merge: Field to the fields appended to it.
        copies: ``copy``: source to target.
        tag_on_failure: The tag for an event on which an operation failed.
    """

    coerce: TextHash = Field(default_factory=dict)
    rename: TextHash = Field(default_factory=dict)
    update: TextHash = Field(default_factory=dict)
    replace: TextHash = Field(default_factory=dict)
    convert: TextHash = Field(default_factory=dict)
    gsub: Texts = ()
    uppercase: Texts = ()
    capitalize: Texts = ()
    lowercase: Texts = ()
    strip: Texts = ()
    split: TextHash = Field(default_factory=dict)
    join: TextHash = Field(default_factory=dict)
    merge: TextsHash = Field(default_factory=dict)
    copies: TextHash = Field(default_factory=dict, alias="copy")
    tag_on_failure: Text = "_mutate_error"


def build(options: MutateOptions, context: FilterContext) -> Inline:
    """Build the filter."""
    steps = (*_operations(options), *context.decorate.steps)
    tag = options.tag_on_failure

    def failed(event: Event, _failure: Exception) -> None:
        event.fail(tag)

    def emit(site: Site) -> None:
        with site.guarded(failed):
            for step in steps:
                step.emit(site.emitter)

    return Inline(emit)


def _operations(options: MutateOptions) -> Iterator[Operation]:
    """Yield the operations in Logstash's order."""
    yield from (operations.coerce(name, text) for name, text in options.coerce.items())
    yield from (operations.rename(old, new) for old, new in options.rename.items())
    yield from (operations.update(name, text) for name, text in options.update.items())
    yield from (operations.replace(name, text) for name, text in options.replace.items())
    yield from _conversions(options)
    yield from _substitutions(options)
    yield from map(texts.uppercase, options.uppercase)
    yield from map(texts.capitalize, options.capitalize)
    yield from map(texts.lowercase, options.lowercase)
    yield from map(texts.strip, options.strip)
    yield from (texts.split(name, separator) for name, separator in options.split.items())
    yield from (texts.join(name, separator) for name, separator in options.join.items())
    yield from (operations.merge(name, sources) for name, sources in options.merge.items())
    yield from (operations.copy(source, target) for source, target in options.copies.items())


def _conversions(options: MutateOptions) -> Iterator[Operation]:
    for name, kind in options.convert.items():
        if kind not in CONVERSIONS:
            raise OptionError("convert", f"there is no type {kind!r}", f"the types are {', '.join(CONVERSIONS)}")
        yield convert(name, kind)


def _substitutions(options: MutateOptions) -> Iterator[Operation]:
    parts = options.gsub
    if len(parts) % _TRIPLE:
        raise OptionError("gsub", f"it takes items by threes, there are {len(parts)}", "give field, expression, text")
    for index in range(0, len(parts), _TRIPLE):
        try:
            yield gsub(*parts[index : index + _TRIPLE])
        except ExpressionError as error:
            raise OptionError("gsub", str(error)) from error


PLUGIN = FilterPlugin("mutate", MutateOptions, build)
