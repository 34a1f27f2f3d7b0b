"""Slow SQL statements as log records: their shape and their time, never a value."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from logging_lib.identifiers import event_id
from logging_lib.output import current
from logging_lib.record import EventRecord
from logging_lib.request.trace import current_trace
from logging_lib.sql.statements import describe_statement

EVENT: Final = "sql.query"
"""The ``event`` of these records; the pipeline stores them in ``logs-sql.query-<environment>``."""
LOGGER: Final = "logging_lib.sqlalchemy"
_MINUTE: Final = 60.0
_REMEMBERED: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowStatement:
    """One statement that took long.

    Attributes:
        sql: Its text, with values or without.
        seconds: How long the database took to answer, failed or not.
        system: SQLAlchemy's name of the dialect: ``postgresql``, ``sqlite``, …
        database: The database's name, where the engine's address has one.
        count: How often the driver was told to execute it in one go (``executemany``).
        rows: How many rows it gave or changed, where the driver knows.
        error: The type of the driver's exception, where it failed.
    """

    sql: str
    seconds: float
    system: str
    database: str | None
    count: int
    rows: int | None
    error: str | None


@dataclass(slots=True)
class _Recent:
    """What was written of one fingerprint in the running minute, and what was held back."""

    since: float
    written: int = 0
    held_back: int = 0


class SlowLog:
    """Writes slow statements, of one fingerprint only so many a minute.

    Args:
        per_minute: How many records of one fingerprint are written in a minute; the next one after it says
            how many were held back.
        monotonic: Tells the time, in seconds that never run backwards.
    """

    def __init__(self, per_minute: int, monotonic: Callable[[], float]) -> None:
        self._per_minute = per_minute
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._recent: OrderedDict[str, _Recent] = OrderedDict()

    def write(self, slow: SlowStatement, level: str = "WARNING") -> None:
        """Write one record, unless its fingerprint has had its share of this minute."""
        shape = describe_statement(slow.sql, slow.system)
        held_back = self._admitted(shape.fingerprint)
        if held_back is None:
            return
        trace = current_trace()
        told: dict[str, object] = {
            "fingerprint": shape.fingerprint,
            "text": shape.text,
            "operation": shape.operation,
            "duration": {"sec": round(slow.seconds, 6)},
            "calls": slow.count,
            "system": slow.system,
            "database": slow.database,
            "rows": slow.rows,
            "error": slow.error,
            "endpoint": trace.endpoint if trace else None,
            "held_back": held_back or None,
        }
        output = current()
        now = output.clock()
        sql = {key: value for key, value in told.items() if value is not None}
        fields = {**structlog.contextvars.get_contextvars(), "sql": sql}
        output.emit(
            EventRecord(timestamp=now, event_id=event_id(now), level=level, event=EVENT, logger=LOGGER, fields=fields)
        )

    def _admitted(self, fingerprint: str) -> int | None:
        """Return how many were held back before this one, or ``None`` when it is held back itself."""
        now = self._monotonic()
        with self._lock:
            recent = self._recent.setdefault(fingerprint, _Recent(now))
            self._recent.move_to_end(fingerprint)
            if len(self._recent) > _REMEMBERED:
                self._recent.popitem(last=False)
            if now - recent.since >= _MINUTE:
                recent.since, recent.written = now, 0
            if recent.written >= self._per_minute:
                recent.held_back += 1
                return None
            recent.written += 1
            held_back, recent.held_back = recent.held_back, 0
            return held_back
