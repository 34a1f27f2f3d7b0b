"""Small charts for the tests: a week in New York, whose clock goes forward on Sunday, March 10, 2024."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from analyzers.analysis import Unit
from analyzers.charts import Palette, Style
from analyzers.charts.definition import Limit, Mark, Point, Series, TimeChart
from analyzers.charts.palette import WEB
from analyzers.language import Message, language_of, message
from analyzers.store.query import Window

ZONE = "America/New_York"


def local(day: int, hour: int = 0, month: int = 3) -> datetime:
    """Return an hour of a day of 2024 on New York's clock, as UTC."""
    return datetime(2024, month, day, hour, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


def style(language: str = "en", *, palette: Palette = WEB, width: int = 640, has_links: bool = True) -> Style:
    """Return how a chart is drawn in New York."""
    return Style(language_of(language, ZoneInfo(ZONE)), palette, width, has_links)


def days(first: int, last: int) -> list[Window]:
    """Return the days of March, both ends in."""
    return [Window(local(day), local(day + 1)) for day in range(first, last + 1)]


def by_day(
    values: dict[str, Sequence[float | None]],
    unit: Unit = Unit.SECONDS,
    *,
    mark: Mark = Mark.LINE,
    limits: tuple[Limit, ...] = (),
    excluded: tuple[Window, ...] = (),
) -> TimeChart:
    """Return a chart with a value of each series for each day from Monday, March 4; each day links to its page."""
    count = len(next(iter(values.values())))
    windows = days(4, 3 + count)
    series = tuple(
        Series(
            Message(name),
            tuple(
                Point(day, value, f"/day?n={n}&x=1") for n, (day, value) in enumerate(zip(windows, row, strict=True))
            ),
            mark,
        )
        for name, row in values.items()
    )
    whole = Window(windows[0].start, windows[-1].end)
    return TimeChart(unit, message("response time"), whole, ZONE, series, limits, excluded)


def an_hour_of(day: int, hour: int) -> Window:
    """Return one hour of March."""
    return Window(local(day, hour), local(day, hour) + timedelta(hours=1))
