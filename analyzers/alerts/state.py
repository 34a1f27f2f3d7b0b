"""What is remembered between checks, kept in one SQLite file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from analyzers.alerts.alert import Alert
from analyzers.alerts.engine import Alerts, Outgoing
from analyzers.alerts.lock import acquire
from analyzers.alerts.mutes import Silence
from analyzers.alerts.records import REMEDY, LastCheck, Told, Waiting, read, told_of, waiting_of
from analyzers.alerts.schema import ALERT, NOTICE, SILENCE, is_current, prepare, write_alert
from logging_lib.errors import AtalaiaError

PATIENCE: Final = timedelta(seconds=10)
"""How long a check waits for another one."""
OF_PEOPLE: Final = timedelta(minutes=2)
"""How long a person's word waits for a check, which may wait for channels that do not answer."""
_KEPT: Final = timedelta(days=30)
"""How long delivered and given up notices are kept, for people who look into the file."""
_MEND: Final = "make room, make it writable, or name another file with --state"
_WAITING: Final = """
    SELECT sequence, channel, notice, created, attempts, next_attempt, reason, given_up FROM delivery
    WHERE delivered IS NULL ORDER BY sequence
"""
_HISTORY: Final = """
    SELECT channel, notice, created, delivered, given_up FROM delivery ORDER BY sequence DESC LIMIT ?
"""


class AlertState:
    """The memory of the alert checks; one process at a time holds it, as a context manager.

    What a check makes of all alerts and the notices about that are recorded in one transaction, before anything is
    sent; each delivery is recorded after the channel took it. Whatever kills the process in between, the next check
    sends what is missing: at least once, and never again to a channel whose delivery was recorded.

    Args:
        path: The SQLite file; it and its folder are made when missing. A file ``<path>.lock`` stands beside it.
        patience: How long to wait while another process holds it.
    """

    def __init__(self, path: Path, patience: timedelta = PATIENCE) -> None:
        self._path = path
        self._patience = patience
        self._lock = -1

    def __enter__(self) -> Self:
        """Keep other checks out, and open the file; one of an earlier version becomes one of this.

        Raises:
            AtalaiaError: When another check is running, or the file cannot be opened.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = acquire(Path(f"{self._path}.lock"), self._patience)
            self._base = _opened(self._path)
        except (OSError, sqlite3.Error) as error:
            self._unlock()
            raise AtalaiaError(f"cannot open the alert state {self._path}: {error}", REMEDY) from error
        except AtalaiaError:
            self._unlock()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the file and let other checks in.

        Raises:
            AtalaiaError: Instead of what SQLite says: the disk is full, the file is damaged or may not be written.
        """
        self._base.close()
        self._unlock()
        if isinstance(error, sqlite3.Error):
            raise self._unusable(error) from error

    @classmethod
    @contextmanager
    def reading(cls, path: Path) -> Iterator[Self]:
        """Yield the state for looking only, also while a check holds it.

        Raises:
            AtalaiaError: When there is no such file, or it cannot be read.
        """
        if not path.exists():
            raise AtalaiaError(f"there is no alert state {path}", "run 'atalaia alerts check' first, or give --state")
        state = cls(path)
        try:
            with closing(
                sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
            ) as base:
                current = is_current(base)
                if current:
                    state._base = base
                    yield state
        except sqlite3.Error as error:
            raise AtalaiaError(f"cannot read the alert state {path}: {error}", REMEDY) from error
        if not current:
            with state:
                yield state

    @property
    def alerts(self) -> Alerts:
        """What is remembered, by rule and then by what it is about."""
        rows = self._base.execute("SELECT record FROM alert")
        found = [read(ALERT, record) for (record,) in rows]
        found.sort(key=lambda alert: (alert.rule, sorted(alert.labels.items())))
        return {alert.id: alert for alert in found}

    @property
    def silences(self) -> tuple[Silence, ...]:
        """The silences that were made, oldest first, including those that are over."""
        rows = self._base.execute("SELECT record FROM silence ORDER BY rowid")
        return tuple(read(SILENCE, record) for (record,) in rows)

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """What channels have not taken, oldest first, including what was given up."""
        return tuple(waiting_of(row) for row in self._base.execute(_WAITING))

    def history(self, limit: int) -> tuple[Told, ...]:
        """Return the latest notices and the channels they were for, the newest first; those of 30 days are kept."""
        return tuple(told_of(row) for row in self._base.execute(_HISTORY, (limit,)))

    @property
    def last_check(self) -> LastCheck | None:
        """When the last check was and whether it measured anything; ``None`` before the first one."""
        row = self._base.execute("SELECT at, judged FROM last_check").fetchone()
        return None if row is None else LastCheck(datetime.fromisoformat(row[0]), bool(row[1]))

    def record(
        self, before: Alerts, after: Alerts, outgoing: Sequence[Outgoing], now: datetime, *, judged: bool
    ) -> None:
        """Record what has become of all alerts and what is to be told to whom: all of it or nothing.

        Raises:
            AtalaiaError: When that cannot be written; what nobody hears of because of that is in the message.
        """
        try:
            self._record(before, after, outgoing, now, judged=judged)
        except sqlite3.Error as error:
            untold = "; ".join(each.notice.subject for each in outgoing)
            raise self._unusable(error, f"; nobody has been told: {untold}" if untold else "") from error

    def _record(
        self, before: Alerts, after: Alerts, outgoing: Sequence[Outgoing], now: datetime, *, judged: bool
    ) -> None:
        with self._transaction():
            for identity in before.keys() - after.keys():
                self._base.execute("DELETE FROM alert WHERE id = ?", (identity,))
            for identity, alert in after.items():
                if before.get(identity) != alert:
                    write_alert(self._base, alert)
            values = (now.isoformat(), int(judged))
            self._base.execute("INSERT OR REPLACE INTO last_check (one, at, judged) VALUES (1, ?, ?)", values)
            self._queue(outgoing, now)

    def delivered(self, waiting: Waiting, at: datetime) -> None:
        """Record that the channel took the notice, and forget what was taken or given up long ago."""
        values = (at.isoformat(), waiting.attempts + 1, waiting.sequence)
        old = (at - _KEPT).isoformat()
        self._base.execute("UPDATE delivery SET delivered = ?, attempts = ? WHERE sequence = ?", values)
        self._base.execute("DELETE FROM delivery WHERE delivered < ? OR given_up < ?", (old, old))

    def failed(self, waiting: Waiting, reason: str, next_attempt: datetime) -> None:
        """Record that an attempt failed, why, and when the next one is due."""
        values = (waiting.attempts + 1, reason, next_attempt.isoformat(), waiting.sequence)
        self._base.execute(
            "UPDATE delivery SET attempts = ?, reason = ?, next_attempt = ? WHERE sequence = ?",
            values,
        )

    def give_up(self, waiting: Iterable[Waiting], outgoing: Sequence[Outgoing], now: datetime) -> None:
        """Record that notices will not be tried again, and who is to be told of that: all of it or nothing."""
        with self._transaction():
            for each in waiting:
                values = (now.isoformat(), each.sequence)
                self._base.execute("UPDATE delivery SET given_up = ? WHERE sequence = ?", values)
            self._queue(outgoing, now)

    def put(self, alerts: Iterable[Alert]) -> None:
        """Record alerts that somebody acknowledged: all of them or none."""
        with self._transaction():
            for alert in alerts:
                write_alert(self._base, alert)

    def silence(self, silence: Silence) -> None:
        """Record a silence; one of the same id is replaced."""
        row = (silence.id, SILENCE.dump_json(silence).decode())
        self._base.execute("INSERT OR REPLACE INTO silence VALUES (?, ?)", row)

    def _queue(self, outgoing: Sequence[Outgoing], now: datetime) -> None:
        for each in outgoing:
            text = NOTICE.dump_json(each.notice).decode()
            for channel in each.channels:
                row = (each.notice.id, channel, text, now.isoformat())
                self._base.execute("INSERT INTO delivery (id, channel, notice, created) VALUES (?, ?, ?, ?)", row)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._base.execute("BEGIN IMMEDIATE")
        with self._base:
            yield

    def _unusable(self, error: sqlite3.Error, more: str = "") -> AtalaiaError:
        return AtalaiaError(f"cannot use the alert state {self._path}: {error}{more}", _MEND)

    def _unlock(self) -> None:
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def _opened(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path, isolation_level=None)
    try:
        base.execute("PRAGMA synchronous = FULL")
        prepare(base)
    except BaseException:
        base.close()
        raise
    return base
