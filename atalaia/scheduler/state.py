"""What the scheduler remembers, in SQLite: it survives being killed at any step."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from atalaia.scheduler.errors import ScheduleError
from atalaia.scheduler.runs import Ended, Outcome, Run, in_text

_SCHEMA: Final = """
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS job (
        name TEXT PRIMARY KEY,
        settled TEXT NOT NULL,
        failures INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE IF NOT EXISTS run (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        job TEXT NOT NULL,
        scheduled TEXT NOT NULL,
        started TEXT NOT NULL,
        ended TEXT,
        outcome TEXT,
        status INTEGER,
        seconds REAL,
        tail TEXT
    ) STRICT;
    CREATE INDEX IF NOT EXISTS run_by_job ON run (job, id);
    CREATE TABLE IF NOT EXISTS beat (one INTEGER PRIMARY KEY CHECK (one = 1), at TEXT NOT NULL) STRICT;
"""
_VERSION: Final = 1
"""Of these tables; files without a number are of it, too."""
_KEPT: Final = 100
"""So many runs of a job are kept."""
_BUSY: Final = 10.0
"""Seconds to wait for a reader."""


class ScheduleState:
    """The scheduler's memory; one process at a time writes it, any number read.

    A run is recorded before its process starts, and its time is settled in the transaction that records its end: what
    is killed in between is seen as an open run.

    Args:
        path: The SQLite file; it and its folder are made when missing.

    Raises:
        ScheduleError: When it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(path, timeout=_BUSY, isolation_level=None)
            version = int(self._base.execute("PRAGMA user_version").fetchone()[0])
            if version <= _VERSION:
                self._base.executescript(_SCHEMA)
            if version < _VERSION:
                self._base.execute(f"PRAGMA user_version = {_VERSION}")
        except (OSError, sqlite3.Error) as error:
            raise self._failure(error) from error
        if version > _VERSION:
            raise ScheduleError(
                f"a later version has written the schedule's state {path} (format {version})", "update this program"
            )

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def settled(self, job: str) -> datetime | None:
        """Return up to which instant a job's times are settled; ``None`` for one never seen."""
        rows = self._query("SELECT settled FROM job WHERE name = ?", job)
        return None if not rows else _instant(rows[0][0])

    def settle(self, job: str, upto: datetime) -> None:
        """Record that nothing is left to do about a job's times up to an instant."""
        with self._transaction():
            self._settle(job, upto)

    def reset(self, job: str, upto: datetime) -> None:
        """Record up to when a job is settled, also where that is earlier than was recorded: the clock was wrong."""
        with self._transaction():
            self._base.execute("UPDATE job SET settled = ? WHERE name = ?", (in_text(upto), job))

    def failures(self, job: str) -> int:
        """Return how many runs in a row ended badly."""
        rows = self._query("SELECT failures FROM job WHERE name = ?", job)
        return 0 if not rows else int(str(rows[0][0]))

    def begin(self, job: str, scheduled: datetime, at: datetime) -> Run:
        """Record a run that is about to start."""
        with self._transaction():
            values = (job, in_text(scheduled), in_text(at))
            cursor = self._base.execute("INSERT INTO run (job, scheduled, started) VALUES (?, ?, ?)", values)
        if cursor.lastrowid is None:
            raise ScheduleError("the state gave a run no number", "report this")
        return Run(cursor.lastrowid, job, scheduled, at)

    def end(self, run: Run, ended: Ended, *, settle: bool) -> None:
        """Record how a run ended.

        Args:
            run: The run.
            ended: How.
            settle: Whether its time is done with; otherwise it is due again.
        """
        with self._transaction():
            values = (in_text(ended.at), ended.outcome, ended.status, ended.seconds, ended.tail, run.id)
            self._base.execute(
                "UPDATE run SET ended = ?, outcome = ?, status = ?, seconds = ?, tail = ? WHERE id = ?", values
            )
            if settle:
                self._settle(run.job, run.scheduled)
            kept = 1 if ended.outcome.bad else 0
            self._base.execute("UPDATE job SET failures = (failures + 1) * ? WHERE name = ?", (kept, run.job))
            self._base.execute(
                "DELETE FROM run WHERE job = ? AND ended NOTNULL AND id NOT IN "
                "(SELECT id FROM run WHERE job = ? ORDER BY id DESC LIMIT ?)",
                (run.job, run.job, _KEPT),
            )

    def open_runs(self) -> tuple[Run, ...]:
        """Return the runs whose end was never recorded."""
        return tuple(map(_run, self._query(f"{_RUNS} WHERE ended ISNULL ORDER BY id")))

    def last_run(self, job: str) -> Run | None:
        """Return the youngest run of a job."""
        rows = self._query(f"{_RUNS} WHERE job = ? ORDER BY id DESC LIMIT 1", job)
        return None if not rows else _run(rows[0])

    def last_ended(self, job: str) -> Run | None:
        """Return the youngest run of a job that has ended."""
        rows = self._query(f"{_RUNS} WHERE job = ? AND ended NOTNULL ORDER BY id DESC LIMIT 1", job)
        return None if not rows else _run(rows[0])

    def beat(self, at: datetime) -> None:
        """Record that the scheduler turns."""
        with self._transaction():
            self._base.execute("INSERT OR REPLACE INTO beat (one, at) VALUES (1, ?)", (in_text(at),))

    def last_beat(self) -> datetime | None:
        """Return when the scheduler turned last."""
        rows = self._query("SELECT at FROM beat")
        return None if not rows else _instant(rows[0][0])

    def _settle(self, job: str, upto: datetime) -> None:
        self._base.execute(
            "INSERT INTO job (name, settled) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET "
            "settled = max(settled, excluded.settled)",
            (job, in_text(upto)),
        )

    def _query(self, query: str, *values: str) -> list[tuple[object, ...]]:
        try:
            return self._base.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise self._failure(error) from error

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._base.execute("BEGIN IMMEDIATE")
            yield
            self._base.execute("COMMIT")
        except sqlite3.Error as error:
            if self._base.in_transaction:
                self._base.execute("ROLLBACK")
            raise self._failure(error) from error

    def _failure(self, error: Exception) -> ScheduleError:
        return ScheduleError(
            f"the schedule's state {self._path} cannot be used: {error}", "name another file with --state"
        )


_RUNS: Final = "SELECT id, job, scheduled, started, ended, outcome, status, seconds, tail FROM run"


def _run(row: tuple[object, ...]) -> Run:
    number, job, scheduled, started, ended, outcome, status, seconds, tail = row
    return Run(
        id=int(str(number)),
        job=str(job),
        scheduled=_instant(scheduled),
        started=_instant(started),
        ended=None if ended is None else _instant(ended),
        outcome=None if outcome is None else Outcome(str(outcome)),
        status=None if status is None else int(str(status)),
        seconds=None if seconds is None else float(str(seconds)),
        tail=str(tail or ""),
    )


def _instant(text: object) -> datetime:
    return datetime.fromisoformat(str(text))
