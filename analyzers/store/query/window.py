"""The span of time that a question is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from logging_lib.errors import AtalaiaError


class QueryError(AtalaiaError):
    """The query cannot be asked: an unknown field, a value of the wrong type, an empty window."""


@dataclass(frozen=True, slots=True)
class Window:
    """The half-open span of time ``[start, end)``, both aware and in UTC.

    Raises:
        QueryError: When a bound is naive or the window is empty or reversed.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.utcoffset() != timedelta(0) or self.end.utcoffset() != timedelta(0):
            raise QueryError(f"the window {self.start} to {self.end} is not in UTC", "pass aware datetimes in UTC")
        if self.start >= self.end:
            raise QueryError(
                f"the window from {self.start.isoformat()} to {self.end.isoformat()} is empty",
                "give an end after the start",
            )

    @property
    def length(self) -> timedelta:
        """The elapsed time from start to end."""
        return self.end - self.start
