"""An instant as Logstash keeps it: to the nanosecond, in UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, Self

NANOS_PER_SECOND: Final = 1_000_000_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
_MILLIS: Final = tuple(f".{millis:03d}Z" for millis in range(1_000))
_PLAIN_LENGTHS: Final = frozenset((20, 24, 27))
_LATEST_HOUR: Final = 24
_OFFSET_HOURS: Final = 18
"""The widest offset java.time accepts."""

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, order=True)
class Timestamp:
    """Nanoseconds since 1970-01-01T00:00:00Z; years 1 to 9999."""

    nanos: int

    @classmethod
    def from_datetime(cls, instant: datetime) -> Self:
        """Return the same instant; a naive one is taken as UTC."""
        aware = instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)
        delta = aware - _EPOCH
        return cls(((delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds) * 1_000)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the forms Logstash reads in ``@timestamp``: ISO 8601, a point before the fraction, UTC by default.

        Raises:
            ValueError: When the text is in no such form, or names no real instant.
        """
        plain = read_plain_utc(text)
        if plain is not None and "," not in text:
            return cls.from_datetime(plain)
        match = _ISO.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not an ISO 8601 instant")
        year, month, day, hour, minute, second, fraction, zone = match.groups()
        days = date(int(year), int(month), int(day)).toordinal() - _EPOCH_ORDINAL
        seconds = days * 86_400 + _time_of_day(int(hour or 0), int(minute or 0), int(second or 0), fraction)
        nanos = int(fraction.ljust(9, "0")) if fraction else 0
        return cls((seconds - _offset_seconds(zone)) * NANOS_PER_SECOND + nanos)

    @classmethod
    def to_the_millisecond(cls, instant: datetime) -> Self:
        """Return an aware instant, what is finer than a millisecond cut off."""
        delta = instant - _EPOCH
        return cls(((delta.days * 86_400 + delta.seconds) * 1_000 + delta.microseconds // 1_000) * 1_000_000)

    @property
    def epoch_seconds(self) -> int:
        """Whole seconds since 1970, rounded down."""
        return self.nanos // NANOS_PER_SECOND

    @property
    def subsecond_nanos(self) -> int:
        """The nanoseconds after the whole second, 0 to 999,999,999."""
        return self.nanos % NANOS_PER_SECOND

    def to_datetime(self) -> datetime:
        """Return the instant, aware, in UTC, cut to the microsecond."""
        return _EPOCH + timedelta(seconds=self.epoch_seconds, microseconds=self.subsecond_nanos // 1_000)

    def __str__(self) -> str:
        """RFC 3339 in UTC with three, six or nine digits of fraction, the fewest that lose nothing."""
        return _written(self.nanos)


@lru_cache(maxsize=4096)
def _written(nanos: int) -> str:
    """Return an instant as text; all events of a batch are read at one, which is made once."""
    seconds, rest = divmod(nanos, NANOS_PER_SECOND)
    millis, finer = divmod(rest, 1_000_000)
    head = _to_the_second(seconds)
    if not finer:
        return head + _MILLIS[millis]
    return f"{head}.{rest // 1_000:06d}Z" if rest % 1_000 == 0 else f"{head}.{rest:09d}Z"


def read_plain_utc(text: str) -> datetime | None:
    """Return the instant of the most common form, ``2024-01-15T10:30:00.000Z`` with none, three or six digits.

    ``None`` says that the text is of another form, or no instant: this is the short way, not the whole of ISO 8601.
    """
    if len(text) not in _PLAIN_LENGTHS or text[-1] != "Z" or text[4:17:3] != "--T::":
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:  # a month 13, a second 60: whoever reads the other forms says what is wrong
        return None


@lru_cache(maxsize=4096)
def _to_the_second(seconds: int) -> str:
    """Return an instant without fraction and zone; events come close together, so that most are made already."""
    return (_EPOCH + timedelta(seconds=seconds)).isoformat()[:19]


def _time_of_day(hour: int, minute: int, second: int, fraction: str | None) -> int:
    """Return the seconds since midnight; 24:00 is the end of the day."""
    beyond = hour == _LATEST_HOUR and (minute or second or int(fraction or 0))
    if hour > _LATEST_HOUR or minute > 59 or second > 59 or beyond:  # noqa: PLR2004 - a clock's own numbers
        raise ValueError(f"{hour:02d}:{minute:02d}:{second:02d} is no time of day")
    return (hour * 60 + minute) * 60 + second


def _offset_seconds(zone: str | None) -> int:
    """Return how many seconds local time is ahead of UTC."""
    if zone is None or zone == "Z":
        return 0
    digits = zone[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    if hours > _OFFSET_HOURS or minutes > 59:  # noqa: PLR2004 - minutes of an hour
        raise ValueError(f"{zone} is no offset")
    seconds = (hours * 60 + minutes) * 60
    return -seconds if zone[0] == "-" else seconds
