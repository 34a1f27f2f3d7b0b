"""The window of an analysis, from ``--since``, ``--until`` and ``--window``."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.selection.durations import parse_duration
from analyzers.selection.errors import SelectionError
from analyzers.store.query import Window

_FORMS: Final = "write 2024-01-15, 2024-01-15T10:30:00Z, now, today, yesterday, -24h or '24h ago'"
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?([Zz]|[+-]\d{2}:\d{2})?", re.ASCII)
_BACK: Final = re.compile(r"-(?P<minus>\S+)|(?P<ago>\S+)\s+ago", re.IGNORECASE)
_DAYS: Final = {"today": 0, "yesterday": -1}


def parse_window(  # the three options of the command line and the three things they depend on
    since: str | None,
    until: str | None,
    window: str | None,
    *,
    now: datetime,
    zone: ZoneInfo,
    extent: Window | None,
) -> Window:
    """Return the half-open UTC window that the three options mean together.

    ``window`` ends at ``until`` (by default now) or starts at ``since``. Without any option the window is everything
    the store holds; with ``until`` alone it starts where the store's events start; with ``since`` alone it ends now.

    Args:
        since: Inclusive start, in one of the forms of :func:`parse_instant`.
        until: Exclusive end, likewise.
        window: A duration such as ``15m``, ``24h``, ``7d``.
        now: The present instant.
        zone: Where dates and times without an offset are read.
        extent: What the store holds; ``None`` when it is empty.

    Raises:
        SelectionError: When an option cannot be read, all three are given, or nothing is stored and nothing is asked.
        QueryError: When the window is empty or reversed.
    """
    start = None if since is None else parse_instant(since, now=now, zone=zone)
    end = None if until is None else parse_instant(until, now=now, zone=zone)
    if window is not None:
        return _of_length(start, end, window, now=now, zone=zone)
    if start is None:
        held = _held(extent)
        return Window(held.start, end or held.end)
    return Window(start, end or now.astimezone(UTC))


def parse_instant(text: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the UTC instant that a person typed.

    A date is the first instant of that day in the zone. A time without an offset is read in the zone: the first of
    two where the clock was set back, and as before the change where it was set forward over it.

    Raises:
        SelectionError: When the text has none of the known forms, or names a date that does not exist.
    """
    word = text.strip()
    if word.lower() == "now":
        return now.astimezone(UTC)
    if word.lower() in _DAYS:
        day = now.astimezone(zone).date() + timedelta(days=_DAYS[word.lower()])
        return midnight(day, zone)
    if back := _BACK.fullmatch(word):
        return parse_duration(back["minus"] or back["ago"]).before(now, zone)
    return _written(word, zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of a day in a zone, in UTC; where midnight was skipped, the instant after the gap."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _written(word: str, zone: ZoneInfo) -> datetime:
    try:
        if _DATE.fullmatch(word):
            return midnight(date.fromisoformat(word), zone)
        if _TIME.fullmatch(word):
            value = datetime.fromisoformat(word.upper())
            return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise SelectionError(f"{word!r} is not a point in time: {error}", _FORMS) from error
    raise SelectionError(f"{word!r} is not a point in time", _FORMS)


def _of_length(
    start: datetime | None,
    end: datetime | None,
    window: str,
    *,
    now: datetime,
    zone: ZoneInfo,
) -> Window:
    duration = parse_duration(window)
    if start is not None and end is not None:
        raise SelectionError("--since, --until and --window together say too much", "leave one of them out")
    if start is not None:
        return Window(start, duration.after(start, zone))
    last = end or now.astimezone(UTC)
    return Window(duration.before(last, zone), last)


def _held(extent: Window | None) -> Window:
    if extent is None:
        raise SelectionError("the store holds no events", "ingest some first, or give --since or --window")
    return extent
