"""Parse JSON in a field. Source: logstash-filter-json 3.2.1."""

from __future__ import annotations

from collections.abc import Callable

from atalaia.pipeline.codegen.site import Site
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import TIMESTAMP, Event, parse_timestamp
from atalaia.pipeline.filters.base import Filter, FilterContext, FilterOptions, FilterPlugin, Inline
from atalaia.pipeline.java import ruby_text
from atalaia.pipeline.json_text import JsonError, read_json
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.settings import Flag, Text, Texts
from atalaia.pipeline.sprintf import compile_static_reference, static_reference
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value

_FAILURE = "_jsonparsefailure"


class JsonOptions(FilterOptions):
    """Options of ``json``.

    Attributes:
        source: The field that holds the JSON.
        target: Where the parsed value goes; without it, an object's members go to the root of the event.
        tag_on_failure: Tags for an event whose JSON cannot be used.
        skip_on_invalid_json: Whether unreadable JSON is passed over without a warning.
        ecs_compatibility: Has no effect on this filter.
    """

    source: Text
    target: Text | None = None
    tag_on_failure: Texts = (_FAILURE,)
    skip_on_invalid_json: Flag = False
    ecs_compatibility: EcsCompatibility | None = None


def build(options: JsonOptions, context: FilterContext) -> Filter:
    """Build the filter; an error anywhere in it, the common options included, tags the event."""
    source = compile_static_reference(options.source)
    place = _placing(options.target, lambda: Timestamp.from_datetime(context.pipeline.clock()))
    decorate, failed = context.decorate, _failing(options)

    def run(event: Event) -> bool:
        try:
            text = source(event).get(event)
            if text is None or text is False:
                return False
            place(event, _parse(text))
            decorate(event)
        except (JsonError, EventError) as error:
            failed(event, error)
        return False

    origin = static_reference(options.source)
    target = None if options.target is None else static_reference(options.target)
    if origin is None or target is None:
        return run

    def emit(site: Site) -> None:
        emitter, value = site.emitter, site.emitter.source.local("json")
        with site.guarded(failed):
            emitter.source.line(f"{value} = {emitter.value(origin)}")
            with emitter.block(f"if {value} is not None and {value} is not False:"):
                emitter.source.line(f"{value} = {emitter.source.bind(_parse, 'parse')}({value})")
                emitter.store(target, value)
                decorate.emit(emitter)

    return Inline(emit)


def _failing(options: JsonOptions) -> Callable[[Event, Exception], None]:
    tags, skip = options.tag_on_failure, options.skip_on_invalid_json

    def failed(event: Event, error: Exception) -> None:
        if not (skip and isinstance(error, JsonError)):
            event.fail(*tags)

    return failed


def _parse(text: Value) -> Value:
    """Return the parsed text; one that is empty is null, as Logstash's parser has it."""
    if not isinstance(text, str):
        raise NotTextError
    return read_json(text) if text.strip() else None


class NotTextError(EventError):
    """The source holds something other than text."""

    def __init__(self) -> None:
        super().__init__("the source of json is no text")


def _placing(target: str | None, now: Callable[[], Timestamp]) -> Callable[[Event, Value], None]:
    if target is None:
        return lambda event, value: _place_in_root(event, value, now)
    reference = compile_static_reference(target)
    return lambda event, value: reference(event).set(event, value)


def _place_in_root(event: Event, value: Value, now: Callable[[], Timestamp]) -> None:
    if not isinstance(value, dict):
        raise EventError("the JSON is no object, and json has no target")
    given = value.pop(TIMESTAMP, None)
    for name, item in value.items():
        FieldReference.parse(name).set(event, item)
    if given is None or given is False:
        return
    parsed = parse_timestamp(given)
    event.timestamp = parsed or now()
    if parsed is None:
        event.tag("_timestampparsefailure")
        event.data[f"_{TIMESTAMP}"] = ruby_text(given)


PLUGIN = FilterPlugin("json", JsonOptions, build)
