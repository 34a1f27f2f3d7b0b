"""A line that repeats is held back, and counted: "1000/10s" writes the first thousand of it in ten seconds.

What counts as one line: the logger, the level, the message before its arguments are filled in (the standard library's
``"chamado %d"``; structlog's event) and the type of the exception logged with it. When the time is over, one line
says how many were held back: ``event`` is "repeated line held back", with ``repeated_event``, ``held_back``,
``first_held_at``, ``last_held_at``, ``first_held_id`` and the logger and level of the line. So the lines written
and the sum of ``held_back`` are the lines logged. Errors are held back too: the same one time and again fills a disk as
well as anything else, and the first are there to be read.

Only messages of the application are limited: no request record, no metric, no slow statement.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from logging_lib.forks import in_child
from logging_lib.identifiers import event_id
from logging_lib.record import EventRecord
from logging_lib.timestamps import rfc3339

HELD_BACK_EVENT: Final = "repeated line held back"
"""The ``event`` of the record that says how many lines were held back."""
MOST_LINES: Final = 1000
"""Different lines that are watched at once; the one seen longest ago makes room, its count is written."""
DEFAULT_REPEAT_LIMIT: Final = "1000/10s"
"""A line in each request of a busy process comes less often; one in a loop gone wild comes more often."""

_LONGEST_TEXT: Final = 500
_LATER: Final = 0.1
"""Seconds after its end that a time is looked at, so that it is over."""
_OFF: Final = "off"
_RATE: Final = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,5})s", re.ASCII)

_Key: TypeAlias = tuple[str | None, str, str | int, str | None]


@dataclass(frozen=True, slots=True)
class RepeatOptions:
    """How often one line may come.

    Attributes:
        lines: How many are written within the time.
        within: The time, from the first of them on.
    """

    lines: int
    within: timedelta


def repeat_limit(value: object) -> RepeatOptions | None:
    """Read what ``1000/10s`` says; ``None`` for ``off``.

    Raises:
        ValueError: It is neither.
    """
    if value == _OFF:
        return None
    found = _RATE.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError(f"use {DEFAULT_REPEAT_LIMIT} (lines/seconds) or {_OFF}")
    return RepeatOptions(int(found[1]), timedelta(seconds=int(found[2])))


@dataclass(slots=True)
class _Line:
    """One line that is watched.

    Attributes:
        since: When its present time began.
        shown: How many were written in it.
        held: How many were held back.
        first: The first of those.
        last: When the last of those was logged.
    """

    since: datetime
    shown: int = 0
    held: int = 0
    first: EventRecord | None = None
    last: datetime | None = None


class RepeatLimit:
    """Decides which of the application's lines are written.

    Threads may use it at once; a line that a destructor or signal handler logs while its own thread is in here is
    written. The child of a fork begins empty: what was held back before is its parent's to tell.

    Args:
        options: How often one line may come.
    """

    def __init__(self, options: RepeatOptions) -> None:
        self._options = options
        self.begin()
        in_child(self, RepeatLimit.begin)

    def begin(self) -> None:
        """Forget everything, as at the start."""
        self._lock = threading.RLock()
        self._busy = False
        self._lines: OrderedDict[_Key, _Line] = OrderedDict()
        self._holding: dict[_Key, _Line] = {}

    @property
    def holding(self) -> bool:
        """Whether there are lines held back that have not been told of."""
        return bool(self._holding)

    def take(self, record: EventRecord) -> list[EventRecord]:
        """Return what is to be written now that this line has been logged: itself or not, and counts that are due."""
        if record.template is None:
            return [record]
        with self._lock:
            if self._busy:
                return [record]
            self._busy = True
            try:
                due = self._due(record.timestamp) if self._holding else []
                return due + self._limited(record, _key(record, record.template))
            finally:
                self._busy = False

    def wait(self, now: datetime) -> float:
        """Return the seconds until the first count of lines held back is due."""
        with self._lock:
            ends = [line.since + self._options.within for line in self._holding.values()]
        return max(0.0, (min(ends, default=now) - now).total_seconds()) + _LATER

    def due(self, now: datetime) -> list[EventRecord]:
        """Return the counts of lines whose time is over."""
        with self._lock:
            return [] if self._busy else self._due(now)

    def flush(self) -> list[EventRecord]:
        """Return every count of lines held back; they are told of then."""
        with self._lock:
            holding, self._holding = self._holding, {}
            return [record for line in holding.values() for record in _told(line)]

    def _due(self, now: datetime) -> list[EventRecord]:
        over = [key for key, line in self._holding.items() if self._is_over(line, now)]
        return [record for key in over for record in self._let_go(key)]

    def _let_go(self, key: _Key) -> list[EventRecord]:
        line = self._holding.pop(key, None)
        return _told(line) if line else []

    def _is_over(self, line: _Line, now: datetime) -> bool:
        """Tell whether a line's time has passed; a clock that was set back ends it too."""
        return not timedelta(0) <= now - line.since < self._options.within

    def _limited(self, record: EventRecord, key: _Key) -> list[EventRecord]:
        line = self._lines.get(key)
        told: list[EventRecord] = []
        if line is None or self._is_over(line, record.timestamp):
            self._lines[key] = line = _Line(record.timestamp)
            told = self._make_room()
        self._lines.move_to_end(key)
        if line.shown < self._options.lines:
            line.shown += 1
            return [*told, record]
        line.held += 1
        line.first = line.first or record
        line.last = record.timestamp
        self._holding[key] = line
        return told

    def _make_room(self) -> list[EventRecord]:
        if len(self._lines) <= MOST_LINES:
            return []
        key, _ = self._lines.popitem(last=False)
        return self._let_go(key)


def _key(record: EventRecord, template: str) -> _Key:
    text: str | int = template if len(template) <= _LONGEST_TEXT else hash(template)
    return (record.logger, record.level, text, record.error.error_type if record.error else None)


def _told(line: _Line) -> list[EventRecord]:
    """Return the record that tells how many lines were held back, and count from nothing."""
    first, last, held = line.first, line.last, line.held
    line.first, line.last, line.held = None, None, 0
    if first is None or last is None:
        return []
    fields: dict[str, object] = {
        "repeated_event": (first.template or "")[:_LONGEST_TEXT],
        "held_back": held,
        "first_held_at": rfc3339(first.timestamp),
        "last_held_at": rfc3339(last),
        "first_held_id": first.event_id,
    }
    if first.error:
        fields["error_type"] = first.error.error_type
    return [
        EventRecord(
            timestamp=last,
            event_id=event_id(last),
            level=first.level,
            event=HELD_BACK_EVENT,
            logger=first.logger,
            fields=fields,
        ),
    ]
