"""Durations as people type them: a whole number and a unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.selection.errors import SelectionError

_ELAPSED: Final = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1)}
_CALENDAR: Final = {"d": 1, "w": 7}
_FORM: Final = re.compile(r"(\d{1,9})([smhdw])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time.

    Seconds, minutes and hours are elapsed time. Days and weeks are calendar days: ``1d`` before noon is noon of the
    day before, on a day of 23 or 25 hours too.

    Attributes:
        elapsed: The part that is the same everywhere.
        days: The calendar days, whose length depends on the zone.
    """

    elapsed: timedelta
    days: int

    def before(self, instant: datetime, zone: ZoneInfo) -> datetime:
        """Return the UTC instant this long before another.

        Raises:
            SelectionError: When that lies outside the years 1 to 9999.
        """
        return self._moved(instant, zone, -1)

    def after(self, instant: datetime, zone: ZoneInfo) -> datetime:
        """Return the UTC instant this long after another.

        Raises:
            SelectionError: When that lies outside the years 1 to 9999.
        """
        return self._moved(instant, zone, 1)

    def _moved(self, instant: datetime, zone: ZoneInfo, sign: int) -> datetime:
        try:
            utc = instant.astimezone(UTC) + sign * self.elapsed
            if not self.days:
                return utc
            return (utc.astimezone(zone) + sign * timedelta(days=self.days)).astimezone(UTC)
        except OverflowError as error:
            raise SelectionError("the window reaches outside the years 1 to 9999", "give a shorter duration") from error


def parse_duration(text: str) -> Duration:
    """Read ``90s``, ``15m``, ``24h``, ``7d`` or ``2w``.

    Raises:
        SelectionError: When the text is not of that form, or is zero.
    """
    match = _FORM.fullmatch(text.strip())
    if match is None or int(match[1]) == 0:
        raise SelectionError(f"{text!r} is not a duration", "write a number and s, m, h, d or w, such as 15m or 7d")
    number, unit = int(match[1]), match[2]
    if unit in _ELAPSED:
        return Duration(number * _ELAPSED[unit], 0)
    return Duration(timedelta(0), number * _CALENDAR[unit])
