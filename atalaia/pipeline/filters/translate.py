"""Translate values with a dictionary. Source: logstash-filter-translate 3.5.0.

What goes wrong while an event is translated leaves it as it is, with a line in the log and without a tag, as in
Logstash.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from typing import Final

from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.base import FilterContext, FilterFunction, FilterOptions, FilterPlugin
from atalaia.pipeline.interval import Interval
from atalaia.pipeline.options import OptionError, option_reference
from atalaia.pipeline.settings import Flag, Integer, Number, Text, ValueHash
from atalaia.pipeline.sprintf import compile_template
from atalaia.pipeline.translate.files import DictionaryFile, RefreshedLookup, Strategy
from atalaia.pipeline.translate.lookup import Lookup, compile_lookup
from atalaia.pipeline.translate.updates import Translator, Update, update_items, update_objects, update_value
from atalaia.pipeline.values import Value

_LOGGER: Final = logging.getLogger(__name__)
_LONGEST_YAML: Final = 134_217_728
_MTIME_UP_TO: Final = 300
"""Seconds: a longer interval reads the file whether or not it has changed."""


class RefreshBehaviour(StrEnum):
    """What becomes of entries that are no longer in the file."""

    MERGE = "merge"
    REPLACE = "replace"


class TranslateOptions(FilterOptions):
    """Options of ``translate``.

    Attributes:
        source: The field to translate; of a list the first item counts.
        field: The old name of ``source``.
        target: Where the translation is put; ``translation``, with ECS the source itself.
        destination: The old name of ``target``.
        dictionary: The entries.
        dictionary_path: A file of entries instead: ``.yml``, ``.yaml``, ``.json`` or ``.csv``; relative to the
            pipeline's file.
        exact: Whether an entry is the translation of the whole; otherwise keys are replaced within the text.
        regex: Whether keys are expressions; of no effect without ``exact``.
        fallback: The translation of what the dictionary does not know, with ``%{…}``.
        override: Whether a target that is there is replaced; by default when it is the source.
        iterate_on: A list whose items are translated: the source itself, or objects that have source and target.
        refresh_interval: Seconds after which the file is looked at again; at 0 or less never.
        refresh_behaviour: Whether entries that are gone from the file stay.
        yaml_dictionary_code_point_limit: How many characters a YAML file may have.
        yaml_load_strategy: Whether YAML is read as Ruby reads it, or with the rules of Logstash's streaming parser.
        ecs_compatibility: Which target is the default; the pipeline's where absent.
    """

    source: Text | None = None
    field: Text | None = None
    target: Text | None = None
    destination: Text | None = None
    dictionary: ValueHash = ValueHash()
    dictionary_path: Text | None = None
    exact: Flag = True
    regex: Flag = False
    fallback: Text | None = None
    override: Flag | None = None
    iterate_on: Text | None = None
    refresh_interval: Number = 300
    refresh_behaviour: RefreshBehaviour = RefreshBehaviour.MERGE
    yaml_dictionary_code_point_limit: Integer | None = None
    yaml_load_strategy: Strategy = Strategy.ONE_SHOT
    ecs_compatibility: EcsCompatibility | None = None


def build(options: TranslateOptions, context: FilterContext) -> FilterFunction:
    """Build the filter; the common options are applied when something was translated, or source and target are one."""
    source = _renamed(options.source, "source", options.field, "field")
    if source is None:
        raise OptionError("source", "it is missing", "name the field to translate")
    target = _renamed(options.target, "target", options.destination, "destination") or _default(
        source, options, context
    )
    in_place = source == target
    override = in_place if options.override is None else options.override
    fallback = None if options.fallback is None else compile_template(options.fallback)
    translator = Translator(_current(options, context), fallback)
    applies, update = _work(source, target, options.iterate_on, translator, override=override)
    decorate = context.decorate

    def run(event: Event) -> bool:
        if not applies(event):
            return False
        try:
            if update(event) or in_place:
                decorate(event)
        except EventError as error:
            _LOGGER.warning("translate: an event could not be translated: %s", error)
            event.fail()
        return False

    return run


def _renamed(text: str | None, option: str, old_text: str | None, old_option: str) -> str | None:
    """Return what an option or the one it was called before says.

    Raises:
        OptionError: When both are given.
    """
    if text is not None and old_text is not None:
        raise OptionError(old_option, f"it stands beside {option}, its new name", f"leave out {old_option}")
    return old_text if text is None else text


def _default(source: str, options: TranslateOptions, context: FilterContext) -> str:
    ecs = options.ecs_compatibility or context.pipeline.ecs_compatibility
    return "translation" if ecs is EcsCompatibility.DISABLED else source


def _work(
    source: str, target: str, iterate_on: str | None, translator: Translator, *, override: bool
) -> tuple[Callable[[Event], bool], Update]:
    """Return what tells whether an event is concerned, and what translates it."""
    field, place = option_reference("source", source), option_reference("target", target)
    if iterate_on is None or iterate_on == source:
        update = (update_value if iterate_on is None else update_items)(field, place, translator)
        return lambda event: (override or not place.includes(event)) and field.includes(event), update
    objects = option_reference("iterate_on", iterate_on)
    return objects.includes, update_objects(objects, field, place, translator)


def _current(options: TranslateOptions, context: FilterContext) -> Callable[[], Lookup]:
    """Return what gives the look-up of the moment.

    Raises:
        OptionError: When the dictionary cannot be used.
    """
    compiled = partial(compile_lookup, exact=options.exact, expressions=options.regex)
    if options.dictionary_path is not None:
        return _file(options, context, compiled)
    try:
        look_up = compiled(options.dictionary.items)
    except ValueError as error:
        raise OptionError("dictionary", str(error)) from error
    return lambda: look_up


def _file(
    options: TranslateOptions, context: FilterContext, compiled: Callable[[Mapping[str, Value]], Lookup]
) -> Callable[[], Lookup]:
    if options.dictionary.items:
        raise OptionError("dictionary_path", "it stands beside dictionary", "give one of the two")
    seconds, file = options.refresh_interval, _checked_file(options, context)
    try:
        lookup = RefreshedLookup(
            file,
            compiled,
            interval=Interval(context.pipeline.clock, seconds) if seconds > 0 else None,
            unchanged_too=seconds > _MTIME_UP_TO,
            replace=options.refresh_behaviour is RefreshBehaviour.REPLACE,
        )
    except (OSError, ValueError) as error:
        raise OptionError("dictionary_path", f"{options.dictionary_path} cannot be used: {error}") from error
    return lookup.current


def _checked_file(options: TranslateOptions, context: FilterContext) -> DictionaryFile:
    limit = options.yaml_dictionary_code_point_limit
    file = DictionaryFile(
        context.pipeline.directory / str(options.dictionary_path),
        options.yaml_load_strategy,
        _LONGEST_YAML if limit is None else limit,
        text_keys=options.regex or not options.exact,
    )
    if limit is not None and (limit <= 0 or not file.is_yaml):
        problem = "it is not positive" if limit <= 0 else "the dictionary is no YAML file"
        raise OptionError("yaml_dictionary_code_point_limit", problem, "leave it out")
    return file


PLUGIN = FilterPlugin("translate", TranslateOptions, build)
