"""What the log explorer shows: a page of lines, how many there are over time, and where one gets from here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from analyzers.analysis import Unit
from analyzers.blocks import Picture
from analyzers.charts.definition import Mark, Point, Series, TimeChart
from analyzers.language import Message, message, plural
from analyzers.logs.line import Line
from analyzers.logs.reading import LogQuestion, ask, counts, lines
from analyzers.logs.streams import LogKind, parse_kinds
from analyzers.selection.errors import SelectionError
from analyzers.store.calendar import bucket_runs
from analyzers.store.instants import from_millis
from analyzers.store.interface import Store
from analyzers.store.query import Calendar, Window
from analyzers.store.selection import Place
from atalaia.web.asked import Question, fitting_unit

PATH: Final = "/logs"
PAGE_LINES: Final = 100
"""Lines of one page."""
MOST_DOWNLOADED: Final = 10_000
"""Lines of one download."""
KINDS: Final[Mapping[LogKind, Message]] = {
    LogKind.REQUEST: message("Requests"),
    LogKind.EVENT: message("Application events"),
    LogKind.STATEMENT: message("Slow statements"),
}
"""What people call the kinds of lines."""
OWN: Final = ("after", "before", "tail", "place", "part", "since")
"""The parameters of a place in the list, or of what is below it: another question begins at its start."""


@dataclass(frozen=True, slots=True)
class Logs:
    """A page of the explorer.

    Attributes:
        kinds: The kinds of lines that are shown.
        text: The free text.
        lines: The lines, newest first.
        total: How many there are in the whole window.
        said: The same, in words.
        newer: The address of the lines before these; ``None`` at the newest.
        older: The address of the lines after these; ``None`` at the oldest.
        newest: The address of the first page, from another one.
        picture: How many there were over time.
        without: The kinds that cannot be found this way, and why.
    """

    kinds: tuple[LogKind, ...]
    text: str
    lines: tuple[Line, ...]
    total: int
    said: Message
    newer: str | None
    older: str | None
    newest: str | None
    picture: Picture
    without: Mapping[LogKind, str]


def log_question(question: Question) -> LogQuestion:
    """Return which lines an address asks for: ``stream=`` (repeatable), ``where=`` (repeatable), ``q=``.

    Raises:
        SelectionError: When it cannot be read.
        QueryError: When no stream has a field of the conditions.
    """
    return ask(question.window, parse_kinds(question.all("stream")), question.where, question.one("q") or "")


def logs(store: Store, question: Question, zone: str) -> Logs:
    """Return a page of lines: the newest, or those behind or before a place of the list.

    Raises:
        SelectionError: When the address cannot be read.
        QueryError: When a condition cannot be asked.
        StoreError: When the store cannot answer.
    """
    wanted = log_question(question)
    after, before = _place(question, "after"), _place(question, "before")
    found, more = _page(store, wanted, after, before)
    over_time = _counted(store, wanted, zone)
    total = sum(over_time.values())
    has_newer = more if before else after is not None
    has_older = bool(found) if before else more
    return Logs(
        kinds=parse_kinds(question.all("stream")),
        text=question.one("q") or "",
        lines=found,
        total=total,
        said=plural("{n} line", "{n} lines", total),
        newer=_moved(question, before=place_text(found[0].place)) if found and has_newer else None,
        older=_moved(question, after=place_text(found[-1].place)) if found and has_older else None,
        newest=_moved(question) if after or before else None,
        picture=_picture(over_time, wanted.window, question, zone),
        without=wanted.without,
    )


def narrowed(question: Question, /, *, also: Sequence[str] = (), **changes: str | None) -> str:
    """Return the address of another question, at the beginning of its list."""
    return question.same(PATH, also=also, **{**dict.fromkeys(OWN), **changes})


def line_address(question: Question, line: Line, part: str | None = None) -> str:
    """Return the address of a line's fields, which keeps the question for the filters that they make."""
    changes: dict[str, str | None] = {**dict.fromkeys(OWN), "place": place_text(line.place), "part": part}
    return question.same(f"{PATH}/line", also=(), **changes)


def place_text(place: Place) -> str:
    """Return a place as an address holds it."""
    return f"{place.instant} {place.stream} {place.id}"


def parse_place(text: str) -> Place:
    """Return the place that an address holds.

    Raises:
        SelectionError: When it is none.
    """
    instant, _, rest = text.partition(" ")
    stream, _, identity = rest.partition(" ")
    if not (instant.removeprefix("-").isdecimal() and instant.isascii() and len(instant) < _LONGEST) or not identity:
        raise SelectionError(f"{text[:80]!r} is no place in the list", "begin with its first page")
    return Place(int(instant), identity, stream)


_LONGEST: Final = 16  # digits of milliseconds, beyond the year 9999


def _place(question: Question, name: str) -> Place | None:
    text = question.one(name)
    return None if text is None else parse_place(text)


def _page(
    store: Store, wanted: LogQuestion, after: Place | None, before: Place | None
) -> tuple[tuple[Line, ...], bool]:
    """Return lines, newest first, and whether there are more in the direction in which they were read."""
    newest_first = before is None
    read = list(
        lines(store, wanted, newest_first=newest_first, after=after if newest_first else before, limit=PAGE_LINES + 1)
    )
    found = read[:PAGE_LINES]
    return tuple(found if newest_first else reversed(found)), len(read) > PAGE_LINES


def _moved(question: Question, *, after: str | None = None, before: str | None = None) -> str:
    return question.same(PATH, after=after, before=before, tail=None)


def _counted(store: Store, wanted: LogQuestion, zone: str) -> dict[datetime, int]:
    """Return the lines of each bucket of the window, those without one too: no line is a count of none."""
    calendar = Calendar(fitting_unit(wanted.window), zone)
    found = {
        from_millis(run.start + number * run.length): 0
        for run in bucket_runs(calendar, wanted.window)
        for number in range(run.count)
    }
    for buckets in counts(store, wanted, calendar.unit, zone).values():
        for bucket, number in buckets.items():
            start = bucket.astimezone(UTC)
            found[start] = found.get(start, 0) + number
    return dict(sorted(found.items()))


def _picture(over_time: Mapping[datetime, int], window: Window, question: Question, zone: str) -> Picture:
    starts = list(over_time)
    ends = [*starts[1:], window.end]
    points = tuple(
        Point(part, over_time[start], narrowed(question, start=_written(part.start), end=_written(part.end)))
        for start, end in zip(starts, ends, strict=True)
        if (part := _cut(start, end, window)) is not None
    )
    series = Series(message("Lines"), points, Mark.BAR)
    return Picture(
        "lines-over-time", message("Lines over time"), TimeChart(Unit.COUNT, series.name, window, zone, (series,))
    )


def _cut(start: datetime, end: datetime, window: Window) -> Window | None:
    first, last = max(start, window.start), min(end, window.end)
    return Window(first, last) if first < last else None


def _written(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")
