"""What charts say of buckets, values and limits."""

from __future__ import annotations

from datetime import UTC, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton

from analyzers.analysis import Unit
from analyzers.charts.definition import Chart, HeatMap, Limit, Ranking, TimeChart
from analyzers.language import Amount, Language, Message, language_of, message
from analyzers.store.query import Window


def value_text(value: float | None, unit: Unit, language: Language) -> str:
    """Return a value with its unit."""
    return language.amount(Amount(value, unit))


def limit_text(limit: Limit, unit: Unit) -> Message:
    """Return what stands at the line of a limit."""
    return message("{title}: {limit}", title=limit.title, limit=Amount(limit.value, unit))


def bucket_text(window: Window, language: Language) -> str:
    """Return when a bucket is: a day or a month by its name, else from when to when."""
    return _bucket_text(window.start.astimezone(UTC), window.end.astimezone(UTC), language.tag, language.zone)


@lru_cache(maxsize=4096)
def _bucket_text(first: datetime, last: datetime, tag: str, zone: ZoneInfo) -> str:
    """Say it; all charts of a page say the same buckets. Instants are in UTC, where no two are equal by their clock."""
    window, language = Window(first, last), language_of(tag, zone)
    start, end = (each.astimezone(language.zone) for each in (window.start, window.end))
    if start.time() == time() == end.time():
        if (end.date() - start.date()).days == 1:
            return format_skeleton("yMMMEd", start, locale=language.locale)
        if start.day == 1 == end.day and (end.year - start.year) * 12 + end.month - start.month == 1:
            return format_skeleton("yMMMM", start, locale=language.locale)
    day = format_skeleton("MMMEd", start, locale=language.locale)
    if end.date() == start.date() or (end.time() == time() and (end.date() - start.date()).days == 1):
        since, until = (language.clock(each) for each in (first, last))
        return language.say(message("{day}, {start} to {end}", day=day, start=since, end=until))
    return language.span(window)


def key_of(chart: Chart) -> tuple[Message, ...]:
    """Return what the hatches and shades of a chart mean, for the caption below it; nothing where it has none."""
    said = []
    if _has_gap(chart):
        said.append(message("Hatched: nothing was measured."))
    if isinstance(chart, TimeChart) and chart.excluded:
        said.append(message("Shaded: maintenance, which does not count."))
    return tuple(said)


def _has_gap(chart: Chart) -> bool:
    match chart:
        case TimeChart():
            return bool(gaps(chart))
        case Ranking():
            return any(bar.value is None for bar in chart.bars)
        case HeatMap():
            return any(value is None for hours in chart.values for value in hours)


def gaps(chart: TimeChart) -> tuple[Window, ...]:
    """Return the spans in which no series was measured, neighbours joined; the whole where there is no bucket."""
    buckets = list(zip(*(series.points for series in chart.series), strict=True))
    if not buckets:
        return (chart.window,)
    found: list[Window] = []
    for points in buckets:
        if any(point.value is not None for point in points):
            continue
        span = points[0].window
        if found and found[-1].end == span.start:
            span = Window(found.pop().start, span.end)
        found.append(span)
    return tuple(found)
