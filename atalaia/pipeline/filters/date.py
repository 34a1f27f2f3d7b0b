"""Read dates. Source: logstash-filter-date 3.1.15, which keeps milliseconds and cuts off what is finer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import lru_cache
from typing import Final

from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.base import FilterContext, FilterFunction, FilterOptions, FilterPlugin
from atalaia.pipeline.filters.date_formats import DateFormat, date_format
from atalaia.pipeline.filters.date_local import zone_by_id
from atalaia.pipeline.options import OptionError
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.settings import Text, Texts
from atalaia.pipeline.sprintf import compile_template
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value
from logging_lib.clock import Clock

_FIELD_AND_FORMAT: Final = 2


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


@dataclass(frozen=True, slots=True)
class _Date:
    source: FieldReference
    formats: tuple[DateFormat, ...]
    zone: Callable[[Event], tzinfo]
    target: FieldReference
    tags: tuple[str, ...]

    def __call__(self, event: Event) -> bool:
        value = self.source.get(event)
        if value is None:
            return False
        parsed = self._parse(value, event)
        if parsed is None:
            event.fail(*self.tags)
            return False
        self.target.set(event, parsed)
        return True

    def _parse(self, value: Value, event: Event) -> Timestamp | None:
        for read in self.formats:
            try:
                return read(value, self.zone(event))
            except ValueError:  # the documented way to try the next format
                continue
        return None


def build(options: DateOptions, context: FilterContext) -> FilterFunction:
    """Build the filter: compile every format."""
    if len(options.match) < _FIELD_AND_FORMAT:
        raise OptionError("match", "needs a field and at least one format")
    _check_locale(options.locale)
    field, *names = options.match
    return _Date(
        _reference("match", field),
        tuple(_format(name, context.pipeline.clock) for name in names),
        _zone(options.timezone),
        _reference("target", options.target),
        options.tag_on_failure,
    )


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


def _reference(option: str, text: str) -> FieldReference:
    try:
        return FieldReference.parse(text)
    except EventError as error:
        raise OptionError(option, error.message, error.remedy) from error


PLUGIN = FilterPlugin("date", DateOptions, build, lambda options: [_reference("target", options.target)])
