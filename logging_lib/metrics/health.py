"""Whether a sampler works: told when that changes, because absent numbers must be visible."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from logging_lib.error_info import ErrorInfo
from logging_lib.metrics.emitting import report

FAILED: Final = "sampler failed"
RECOVERED: Final = "sampler works again"
REMIND_AFTER: Final = timedelta(hours=1)


class Health:
    """The state of one sampler: a line when it begins to fail, one an hour while it does, one when it works again.

    Args:
        sampler: Its name, for the lines.
        tell: Hears the same in a sentence, where somebody else than the log is to know.
    """

    def __init__(self, sampler: str, tell: Callable[[str], None] | None = None) -> None:
        self._sampler = sampler
        self._tell = tell
        self._since: datetime | None = None
        self._told: datetime | None = None
        self._failures = 0

    @property
    def failing(self) -> bool:
        """Whether the last thing known of it is a failure."""
        return self._since is not None

    def failed(self, now: datetime, reason: str, error: ErrorInfo | None = None) -> None:
        """Note that an interval gave nothing.

        Args:
            now: When.
            reason: Why, for a person; no secrets.
            error: The exception, where it is none of ours.
        """
        self._failures += 1
        if self._since is None:
            self._since = now
        elif self._told and now - self._told < REMIND_AFTER:
            return
        self._told = now
        level = "ERROR" if error else "WARNING"
        report(now, level, FAILED, error, sampler=self._sampler, reason=reason, failures=self._failures)
        if self._tell:
            self._tell(f"{self._sampler} failed: {reason}")

    def worked(self, now: datetime) -> None:
        """Note that an interval gave its samples."""
        if self._since is None:
            return
        seconds = (now - self._since).total_seconds()
        report(now, "INFO", RECOVERED, sampler=self._sampler, failures=self._failures, failed_for=seconds)
        if self._tell:
            self._tell(f"{self._sampler} works again, after {seconds:,.0f} s")
        self._since = None
        self._failures = 0
