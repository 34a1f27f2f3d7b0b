"""Where an axis has its ticks: round numbers, and a zone's calendar, also over changes of its clock."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal

from analyzers.charts.plot import room_for
from analyzers.language import Language
from analyzers.store.query import Window

_DAY: Final = 1440
_MINUTES: Final = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)
_DAYS: Final = (1, 2, 7, 14)
_MONTHS: Final = (1, 2, 3, 6, 12, 24, 60, 120)
_LONGEST_MONTH: Final = 31
_TINY: Final = 1e-9
"""Smaller differences are none: no number with three digits shows them."""
_NARROWEST: Final = 30
"""Pixels that no text with the room around it stays below."""
_BETWEEN: Final = 8
_LONG: Final = timedelta(days=8)
_Writer: TypeAlias = Callable[[datetime, Language], str]


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis of time and what stands there."""

    moment: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis of values: from, to, and the round numbers between."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def texts(self, language: Language) -> tuple[str, ...]:
        """Return how the round numbers are written, in a locale's separators."""
        return tuple(format_decimal(tick, "#,##0.#########", language.locale) for tick in self.ticks)


def round_scale(low: float, high: float, count: int = 5) -> Scale:
    """Return an axis that holds both, in steps of 1, 2 or 5 times a power of ten, about ``count`` of them."""
    width = high - low
    if width <= _TINY * max(abs(low), abs(high)) or width < _TINY:
        width = max(abs(low), abs(high)) if max(abs(low), abs(high)) > _TINY else 1.0
    power = math.floor(math.log10(width / count))
    step = next(size for size in (1, 2, 5, 10) if size * 10.0**power * count >= width * 0.99) * 10.0**power
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    last = max(last, first + 1)
    ticks = tuple(round(each * step, 12) for each in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks)


def calendar_ticks(window: Window, language: Language, width: float) -> tuple[Tick, ...]:
    """Return the starts of minutes, hours, days, weeks or months in a window: the finest whose texts have room.

    An hour that the clock leaves out has no tick; one that it repeats has two.

    Args:
        window: The span of the axis.
        language: Whose clock and words.
        width: Pixels of the axis.
    """
    for candidates, write in _finer_first(window, language.zone, width / _NARROWEST):
        moments = sorted({each for each in candidates if window.start <= each < window.end})
        local = [each.astimezone(language.zone) for each in moments]
        ticks = tuple(Tick(moment, write(at, language)) for moment, at in zip(moments, local, strict=True))
        if len(ticks) * (room_for([tick.text for tick in ticks]) + _BETWEEN) <= width:
            return ticks
    return ()


def _finer_first(window: Window, zone: ZoneInfo, most: float) -> Iterator[tuple[Iterator[datetime], _Writer]]:
    """Return sets of ticks with how each is written; those that are far too many are left out unmade."""
    start, end = (each.astimezone(zone).date() for each in (window.start, window.end))
    minutes = window.length / timedelta(minutes=1)
    for step in (each for each in _MINUTES if minutes / each <= most):
        yield _clock(start, end, zone, step), _hour
    for step in (each for each in _DAYS if minutes / (_DAY * each) <= most):
        yield _days(start, end, zone, step), _day_of_week if window.length <= _LONG else _day_of_month
    for step in _MONTHS:
        yield _months(start, end, zone, step), _month


def _clock(first: date, last: date, zone: ZoneInfo, step: int) -> Iterator[datetime]:
    for day in _dates(first, last):
        for minute in range(0, _DAY, step):
            yield from _instants(datetime.combine(day, time()) + timedelta(minutes=minute), zone)


def _days(first: date, last: date, zone: ZoneInfo, step: int) -> Iterator[datetime]:
    """Return the starts of every so many days: of weeks on Mondays, else from the first day."""
    for day in _dates(first, last):
        since = day.toordinal() - 1 if step in (7, 14) else (day - first).days
        if since % step == 0:
            yield _start_of(day, zone)


def _months(first: date, last: date, zone: ZoneInfo, step: int) -> Iterator[datetime]:
    day = first.replace(day=1)
    while day <= last:
        if (12 * day.year + day.month - 1) % step == 0:
            yield _start_of(day, zone)
        day = (day + timedelta(days=_LONGEST_MONTH)).replace(day=1)


def _dates(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=each) for each in range((last - first).days + 1))


def _instants(wall: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Return when the zone's clock shows it: once, twice, or never."""
    for fold in (0, 1):
        moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == wall:
            yield moment


def _start_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of a day, which is not midnight where the clock leaves that out."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _hour(local: datetime, language: Language) -> str:
    """Return the clock time; at midnight the day that begins."""
    if local.time() == time():
        return _day_of_week(local, language)
    return format_time(local, "short", locale=language.locale)


def _day_of_week(local: datetime, language: Language) -> str:
    return format_date(local, "EEE d", language.locale)


def _day_of_month(local: datetime, language: Language) -> str:
    return format_skeleton("MMMd", local, locale=language.locale)


def _month(local: datetime, language: Language) -> str:
    return format_date(local, "MMM y", language.locale)
