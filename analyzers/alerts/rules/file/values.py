"""The values that rules are written in: durations, numbers, percent, times of the day, addresses of runbooks."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from string import Formatter
from typing import Annotated, Final, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, StrictInt, StringConstraints

from analyzers.alerts.rules.mutes import WEEKDAYS
from analyzers.selection import parse_duration, parse_zone
from analyzers.selection.errors import SelectionError

LONGEST: Final = timedelta(days=366)
"""No duration is longer than a year."""
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ZERO: Final = re.compile(r"0[smhdw]", re.ASCII)
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)


class Form(BaseModel):
    """A table of the file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def known(name: str, names: Collection[str], kind: str) -> str:
    """Return a name that is one of some.

    Raises:
        ValueError: When it is none; the message suggests the one that looks like it.
    """
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}"
        raise ValueError(f"there is no {kind} {name!r} ({hint})")
    return name


def _zone(name: str) -> str:
    try:
        return parse_zone(name).key
    except SelectionError as error:
        raise ValueError(str(error)) from error


def _duration(value: object) -> timedelta:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no duration; write text such as '5m'")  # noqa: TRY004 - pydantic takes this
    try:
        found = parse_duration(value)
    except SelectionError as error:
        raise ValueError(str(error)) from error
    length = found.elapsed + timedelta(days=found.days)
    if length > LONGEST:
        raise ValueError(f"{value} is longer than a year")
    return length


def _pause(value: object) -> timedelta:
    if isinstance(value, str) and _ZERO.fullmatch(value):
        return timedelta(0)
    return _duration(value)


def _interval(value: object) -> timedelta:
    if value is False:
        return timedelta(0)
    return _duration(value)


def _number(value: object) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
        raise ValueError(f"{value!r} is no number; write one such as 2.5, without quotes")
    return Fraction(value)


def _positive(value: object) -> Fraction:
    number = _number(value)
    if number <= 0:
        raise ValueError(f"{value} is not above zero")
    return number


def _percent(value: object) -> Fraction:
    number = _number(value)
    if not 0 < number < 100:  # noqa: PLR2004 - per cent
        raise ValueError(f"{value} is not between 0 and 100 percent, both excluded")
    return number / 100


def _confidence(value: object) -> Fraction | None:
    if value is False:
        return None
    half = 50
    number = _number(value)
    if not half <= number < 100:  # noqa: PLR2004 - per cent
        raise ValueError(f"{value} is no confidence; write percent from 50 to below 100, or false for none")
    return number / 100


def clock(value: object) -> int:
    """Return the minutes after midnight of a time of the day; 24:00 is the end of the day.

    Raises:
        ValueError: When it is none.
    """
    if isinstance(value, time):
        return 60 * value.hour + value.minute
    if not isinstance(value, str) or _CLOCK.fullmatch(value) is None:
        raise ValueError(f"{value!r} is no time of the day; write one such as '22:00'")
    hour, minute = value.split(":")
    return 60 * int(hour) + int(minute)


def _weekday(value: object) -> int:
    name = known(str(value).lower(), (*WEEKDAYS, *_DAYS), "weekday")
    return WEEKDAYS.index(name[:3])


def when(value: object) -> datetime | date:
    """Return a date-time or a date as TOML has it.

    Raises:
        ValueError: When it is none.
    """
    if not isinstance(value, date):  # a datetime is one
        raise ValueError(f"{value!r} is no date-time; write one such as 2024-10-05T22:00:00, without quotes")  # noqa: TRY004
    return value


def _runbook(value: str) -> str:
    try:
        names = [name for _, name, _, _ in Formatter().parse(value) if name is not None]
        scheme = urlsplit(value).scheme
    except ValueError as error:
        raise ValueError(f"{value!r} is no address with placeholders: {error}") from error
    if scheme not in {"http", "https"}:
        raise ValueError(f"{value!r} is no http(s):// address")
    for name in names:
        known(name, PLACEHOLDERS, "placeholder")
    return value


PLACEHOLDERS: Final = ("rule", "group", "service", "environment", "kind")
"""What a runbook's address may hold in braces."""

Text: TypeAlias = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1)]
Name: TypeAlias = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9][\w .+-]{0,99}$")]
Environment: TypeAlias = Annotated[str, StringConstraints(strict=True, pattern=r"^(\*|[a-z0-9_.+]+)$")]
Zone: TypeAlias = Annotated[str, StringConstraints(strict=True), AfterValidator(_zone)]
Duration: TypeAlias = Annotated[timedelta, PlainValidator(_duration)]
Pause: TypeAlias = Annotated[timedelta, PlainValidator(_pause)]
"""As a duration; zero too."""
Interval: TypeAlias = Annotated[timedelta, PlainValidator(_interval)]
"""As a duration; ``false``, which is zero, for never."""
Number: TypeAlias = Annotated[Fraction, PlainValidator(_number)]
Positive: TypeAlias = Annotated[Fraction, PlainValidator(_positive)]
Percent: TypeAlias = Annotated[Fraction, PlainValidator(_percent)]
"""A share of 1, written in percent."""
Confidence: TypeAlias = Annotated[Fraction | None, PlainValidator(_confidence)]
Events: TypeAlias = Annotated[StrictInt, Field(ge=1)]
Weekday: TypeAlias = Annotated[int, PlainValidator(_weekday)]
Runbook: TypeAlias = Annotated[str, StringConstraints(strict=True), AfterValidator(_runbook)]
