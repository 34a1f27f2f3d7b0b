"""Read dates. Source: logstash-filter-date 3.1.15, which keeps milliseconds and cuts off what is finer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, tzinfo
from functools import lru_cache
from typing import Final

from atalaia.pipeline.codegen.site import Site
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.base import FilterContext, FilterOptions, FilterPlugin, Inline
from atalaia.pipeline.filters.date_formats import DateFormat, date_format
from atalaia.pipeline.filters.date_local import zone_by_id
from atalaia.pipeline.options import OptionError, option_reference
from atalaia.pipeline.reference import TAGS
from atalaia.pipeline.settings import Text, Texts
from atalaia.pipeline.sprintf import compile_template
from atalaia.pipeline.timestamp import Timestamp, read_plain_utc
from atalaia.pipeline.values import Value
from logging_lib.clock import Clock

_FIELD_AND_FORMAT: Final = 2
_ISO: Final = "ISO8601"


class DateOptions(FilterOptions):
    """Options of ``date``.

    Attributes:
        match: The field, then the formats, tried in order.
        target: Where the instant is put.
        timezone: The zone of dates that name none, an IANA id or an offset, with ``%{…}``; UTC where absent.
        locale: The language of month and day names; English.
        tag_on_failure: Tags when no format fits. A field that is missing or null gets none.
    """

    match: Texts = ()
    target: Text = "@timestamp"
    timezone: Text | None = None
    locale: Text | None = None
    tag_on_failure: Texts = ("_dateparsefailure",)


def build(options: DateOptions, context: FilterContext) -> Inline:
    """Build the filter: compile every format."""
    if len(options.match) < _FIELD_AND_FORMAT:
        raise OptionError("match", "needs a field and at least one format")
    _check_locale(options.locale)
    field, *names = options.match
    parse = _parser(
        tuple(_format(name, context.pipeline.clock) for name in names), options.timezone, iso_first=names[0] == _ISO
    )
    source, target = option_reference("match", field), option_reference("target", options.target)
    tags, decorate = options.tag_on_failure, context.decorate

    def failed(event: Event) -> None:
        event.fail(*tags)

    def emit(site: Site) -> None:
        emitter, value = site.emitter, site.emitter.source.local("date")
        emitter.source.line(f"{value} = {emitter.value(source)}")
        with emitter.block(f"if {value} is not None:"):
            emitter.source.line(f"{value} = {emitter.source.bind(parse, 'parse')}({value}, event)")
            with emitter.block(f"if {value} is None:"):
                emitter.source.line(f"{emitter.source.bind(failed, 'failed')}(event)")
                emitter.called([TAGS])
                site.failed()
            with emitter.block("else:"):
                emitter.store_timestamp(target, value)
                decorate.emit(emitter)

    return Inline(emit)


def _parser(
    formats: tuple[DateFormat, ...], timezone: str | None, *, iso_first: bool
) -> Callable[[Value, Event], Timestamp | None]:
    """Return a function that tries the formats in order; ``None`` says that none fits.

    Args:
        formats: The formats.
        timezone: The zone's name, which may depend on the event.
        iso_first: Whether the first is ISO 8601: its plainest form is then read without a detour.
    """
    zone_of = _zone(timezone)

    def parse(value: Value, event: Event) -> Timestamp | None:
        if iso_first and isinstance(value, str) and (plain := read_plain_utc(value)) is not None:
            return Timestamp.to_the_millisecond(plain)
        for read in formats:
            try:
                return read(value, zone_of(event))
            except ValueError:  # the documented way to try the next format
                continue
        return None

    return parse


def _check_locale(locale: str | None) -> None:
    language = (locale or "en").replace("_", "-").partition("-")[0].lower()
    if language not in {"en", ""}:
        raise OptionError("locale", f"{locale!r} is not supported", "only English names are read", unsupported=True)


def _format(name: str, clock: Clock) -> DateFormat:
    try:
        return date_format(name, clock)
    except ValueError as error:
        raise OptionError("match", f"the format {name!r}: {error}") from error


def _zone(timezone: str | None) -> Callable[[Event], tzinfo]:
    """Return what gives an event's zone; one that is named outright is checked at load."""
    if timezone is None:
        return lambda _event: UTC
    if "%{" not in timezone:
        zone = _checked_zone(timezone)
        return lambda _event: zone
    template, cached = compile_template(timezone), lru_cache(maxsize=1024)(zone_by_id)
    return lambda event: cached(template(event))


def _checked_zone(timezone: str) -> tzinfo:
    try:
        return zone_by_id(timezone)
    except ValueError as error:
        raise OptionError("timezone", str(error), "use an id such as Europe/Lisbon, or an offset") from error


PLUGIN = FilterPlugin("date", DateOptions, build)
