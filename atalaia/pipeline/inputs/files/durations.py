"""Spans of time as Logstash writes them: a number, or a number and a unit. Source: logstash-input-file 4.4."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Final, TypeAlias

from pydantic import BeforeValidator

from atalaia.pipeline.settings import SettingValue

_DAY: Final = 86_400.0
_SECONDS: Final = {
    **dict.fromkeys(("us", "usec", "usecs"), 1e-6),
    **dict.fromkeys(("ms", "msec", "msecs"), 1e-3),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hour", "hours"), 3_600.0),
    **dict.fromkeys(("d", "day", "days"), _DAY),
    **dict.fromkeys(("w", "week", "weeks"), 7 * _DAY),
}
_FORM: Final = re.compile(r"(\d+(?:\.\d+)?)\s?([a-z]*)", re.ASCII)


def parse_duration(text: str, unit: str = "s") -> float:
    """Return the seconds of a text such as ``1 hour``, ``250ms`` or ``2.5``.

    Args:
        text: A number, and a unit after at most one space.
        unit: The unit of a bare number.

    Raises:
        ValueError: When the text is in no such form.
    """
    match = _FORM.fullmatch(text.strip())
    factor = None if match is None else _SECONDS.get(match[2] or unit)
    if match is None or factor is None:
        raise ValueError("expected a duration such as 750 ms, 60 sec, 1 hour, 2.5 days or 6 w")
    return float(match[1]) * factor


def _reader(unit: str) -> Callable[[SettingValue], float]:
    def read(value: SettingValue) -> float:
        item = value[0] if isinstance(value, list) and len(value) == 1 else value
        if not isinstance(item, str | int | float):
            raise ValueError("expected one duration")  # noqa: TRY004 - pydantic turns only ValueError into a refusal
        return parse_duration(str(item), unit)

    return read


Seconds: TypeAlias = Annotated[float, BeforeValidator(_reader("s"))]
"""A duration in seconds; a bare number is seconds."""
Days: TypeAlias = Annotated[float, BeforeValidator(_reader("d"))]
"""A duration in seconds; a bare number is days."""
