"""Old log files are deleted: at the start, and when the day changes, away from the request that notices it."""

from __future__ import annotations

import re
import stat
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final, TypeAlias

Complain: TypeAlias = Callable[[str], None]

DEFAULT_RETENTION_DAYS: Final = 14
"""Long enough for a shipper that was down over a holiday; a disk of one machine bears it."""


class Retention:
    """Deletes a service's files of days long past.

    A file goes when both the date in its name and its last change are more than ``days`` days back: counted from
    today, or from the newest earlier file where that is longer ago. So a clock that is wrong by years does not
    delete everything at once, neither at a start nor when it jumps: the files it would delete are counted from the
    newest of them. Only once it has stayed wrong over a midnight does it take effect.

    Only regular files are touched whose whole name is ``<service>-YYYY-MM-DD.ndjson``. Several processes may sweep at
    once: who comes second finds nothing. Whether a shipper has read a file yet is not known here.

    Args:
        directory: Where the files are.
        service: The first part of their names.
        days: How many days back files are kept; 0 keeps them for ever.
        complain: Hears, once, that a file could not be deleted.
    """

    def __init__(self, directory: Path, service: str, days: int, complain: Complain) -> None:
        self._directory = directory
        self._name = re.compile(re.escape(service) + r"-(\d{4}-\d{2}-\d{2})\.ndjson", re.ASCII)
        self._days = days
        self._complain = complain
        self._swept: date | None = None
        self._complained = False

    def on_day(self, now: datetime) -> None:
        """Sweep in a thread of its own, if this process has not done so on that UTC day."""
        if not self._days or self._swept == now.date():
            return
        self._swept = now.date()
        try:
            threading.Thread(target=self.sweep, args=(now,), name="atalaia-retention", daemon=True).start()
        except RuntimeError:  # no thread can be started any more, at the process's end say; the next day comes
            self._swept = None

    def sweep(self, now: datetime) -> None:
        """Delete what is too old. Errors are told once and break nothing.

        Args:
            now: The present instant, in UTC.
        """
        if not self._days:
            return
        self._swept = now.date()
        try:
            dated = self._dated()
        except OSError as error:
            self._tell(error)
            return
        for path in expired(dated, now.date(), self._days):
            self._delete(path, now - timedelta(days=self._days))

    def _dated(self) -> dict[Path, date]:
        """Return the service's files with the dates in their names."""
        found: dict[Path, date] = {}
        for path in self._directory.iterdir():
            named = self._name.fullmatch(path.name)
            day = _day(named[1]) if named else None
            if day:
                found[path] = day
        return found

    def _delete(self, path: Path, changed_before: datetime) -> None:
        try:
            status = path.lstat()
            if stat.S_ISREG(status.st_mode) and datetime.fromtimestamp(status.st_mtime, tz=UTC) < changed_before:
                path.unlink()
        except FileNotFoundError:  # another process has deleted it first
            return
        except OSError as error:
            self._tell(error)

    def _tell(self, error: OSError) -> None:
        if not self._complained:
            self._complained = True
            self._complain(f"cannot delete old log files in {self._directory} ({error})")


def expired(dated: dict[Path, date], today: date, days: int) -> list[Path]:
    """Return the files whose date is more than ``days`` days before today and before the newest earlier file."""
    earlier = [day for day in dated.values() if day < today]
    if not earlier:
        return []
    oldest_kept = min(today, max(earlier) + timedelta(days=1)) - timedelta(days=days)
    return sorted(path for path, day in dated.items() if day < oldest_kept)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
