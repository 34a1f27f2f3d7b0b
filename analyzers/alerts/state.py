"""What is firing and what is still to be told, kept in one SQLite file."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from pydantic import TypeAdapter

from analyzers.alerts.model import Firing, Notice
from analyzers.thresholds import Severity
from logging_lib.errors import AtalaiaError

_SCHEMA: Final = """
    CREATE TABLE IF NOT EXISTS alert (
        rule TEXT PRIMARY KEY,
        severity TEXT NOT NULL,
        peak TEXT NOT NULL,
        since TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS delivery (
        sequence INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        channel TEXT NOT NULL,
        notice TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        delivered TEXT,
        UNIQUE (id, channel)
    ) STRICT;
"""
_KEPT: Final = timedelta(days=30)
"""How long delivered notices are kept, for people who look into the file."""
_NOTICE: Final = TypeAdapter(Notice)
_REMEDY: Final = "name another file, or remove this one to start afresh"


@dataclass(frozen=True, slots=True)
class Alert:
    """A firing alert.

    Attributes:
        rule: The rule's name.
        severity: Its last measured severity.
        peak: The worst severity that was announced.
        since: When it started.
    """

    rule: str
    severity: Severity
    peak: Severity
    since: datetime


@dataclass(frozen=True, slots=True)
class Pending:
    """A notice that a channel has not taken yet."""

    sequence: int
    channel: str
    notice: Notice
    attempts: int


class AlertState:
    """The memory of the alert checks; one process at a time holds it, as a context manager.

    An alert and the notices about it are recorded in one transaction, before anything is sent; each delivery is
    recorded after the channel took it. Whatever kills the process in between, the next check sends what is missing:
    at least once, and never again to a channel whose delivery was recorded.

    Args:
        path: The SQLite file; it and its folder are made when missing. A file ``<path>.lock`` stands beside it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = -1

    def __enter__(self) -> Self:
        """Open the file and keep other checks out.

        Raises:
            AtalaiaError: When another check is running, or the file cannot be opened.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(f"{self._path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._base = sqlite3.connect(self._path, isolation_level=None)
            self._base.executescript(f"PRAGMA synchronous = FULL; {_SCHEMA}")
        except BlockingIOError as error:
            self._unlock()
            raise AtalaiaError(f"another check holds the alert state {self._path}", "wait until it ends") from error
        except (OSError, sqlite3.Error) as error:
            self._unlock()
            raise AtalaiaError(f"cannot open the alert state {self._path}: {error}", _REMEDY) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the file and let other checks in."""
        self._base.close()
        self._unlock()

    def alert(self, rule: str) -> Alert | None:
        """Return the firing alert of a rule."""
        return next((alert for alert in self._alerts() if alert.rule == rule), None)

    def firing(self) -> tuple[Firing, ...]:
        """Return all firing alerts, by rule."""
        return tuple(Firing(alert.rule, alert.severity, alert.since) for alert in self._alerts())

    def record(self, rule: str, alert: Alert | None, notice: Notice | None, channels: Sequence[str]) -> None:
        """Record what a rule has become and what is to be told to whom, both or neither.

        Args:
            rule: The rule's name.
            alert: The alert that stands now; ``None`` when it has resolved.
            notice: What to tell, if anything.
            channels: Whom to tell.
        """
        with closing(self._base.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("DELETE FROM alert WHERE rule = ?", (rule,))
            if alert is not None:
                row = (rule, alert.severity, alert.peak, alert.since.isoformat())
                cursor.execute("INSERT INTO alert VALUES (?, ?, ?, ?)", row)
            if notice is not None:
                rows = [(notice.id, channel, _written(notice)) for channel in channels]
                cursor.executemany("INSERT INTO delivery (id, channel, notice) VALUES (?, ?, ?)", rows)
            cursor.execute("COMMIT")

    def pending(self) -> tuple[Pending, ...]:
        """Return what is still to be delivered, oldest first."""
        query = "SELECT sequence, channel, notice, attempts FROM delivery WHERE delivered IS NULL ORDER BY sequence"
        return tuple(Pending(row[0], row[1], _read(row[2]), row[3]) for row in self._base.execute(query))

    def delivered(self, pending: Pending, at: datetime) -> None:
        """Record that the channel took the notice, and forget what was taken long ago."""
        values = (at.isoformat(), pending.attempts + 1, pending.sequence)
        self._base.execute("UPDATE delivery SET delivered = ?, attempts = ? WHERE sequence = ?", values)
        self._base.execute("DELETE FROM delivery WHERE delivered < ?", ((at - _KEPT).isoformat(),))

    def failed(self, pending: Pending) -> None:
        """Record that an attempt failed."""
        values = (pending.attempts + 1, pending.sequence)
        self._base.execute("UPDATE delivery SET attempts = ? WHERE sequence = ?", values)

    def _alerts(self) -> tuple[Alert, ...]:
        rows = self._base.execute("SELECT rule, severity, peak, since FROM alert ORDER BY rule")
        return tuple(
            Alert(rule, Severity(severity), Severity(peak), datetime.fromisoformat(since))
            for rule, severity, peak, since in rows
        )

    def _unlock(self) -> None:
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def _written(notice: Notice) -> str:
    return _NOTICE.dump_json(notice).decode()


def _read(text: str) -> Notice:
    return _NOTICE.validate_json(text)
