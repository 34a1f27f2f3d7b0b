"""The documented record as a check: what each key holds, and which keys a line has in which order."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, get_args

from logging_lib.keys import DOCUMENTED_KEYS, OPTIONAL_KEYS, REQUEST_KEYS
from logging_lib.options import LEVELS
from logging_lib.record import Outcome

_EVENT_KEYS: Final = ("timestamp", "level", "service", "event_id", "event")
_KNOWN: Final = (*DOCUMENTED_KEYS, *OPTIONAL_KEYS)


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a key may hold.

    Attributes:
        holds: Whether a value is allowed.
        words: What is allowed, for the complaint.
    """

    holds: Callable[[object], bool]
    words: str


def _text(pattern: str, words: str) -> _Kind:
    compiled = re.compile(pattern, re.ASCII | re.DOTALL)
    return _Kind(lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None, words)


def _count(least: int) -> _Kind:
    return _Kind(lambda value: type(value) is int and value >= least, f"a whole number of at least {least}")


def _or_null(kind: _Kind) -> _Kind:
    return _Kind(lambda value: value is None or kind.holds(value), f"{kind.words}, or null")


def _instant(value: object) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"[\d-]{10}T[\d:]{8}\.\d{3,}Z", value, re.ASCII):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _seconds(value: object) -> bool:
    return type(value) in {int, float} and isinstance(value, int | float) and value >= 0


_ANY_TEXT: Final = _text(".*", "text")
_SOME_TEXT: Final = _text(".+", "text that is not empty")
_SECONDS: Final = _Kind(_seconds, "seconds, 0 or more")
_KINDS: Final[Mapping[str, _Kind]] = {
    "timestamp": _Kind(_instant, "an instant in UTC like 2024-01-15T10:30:00.000Z"),
    "level": _Kind(LEVELS.__contains__, f"one of {', '.join(LEVELS)}"),
    "service": _text(r"[a-z0-9][a-z0-9._-]*", "a service's name"),
    "endpoint": _SOME_TEXT,
    "user_id": _Kind(lambda value: value is None or type(value) in {int, str}, "a number, text or null"),
    "response_time": _SECONDS,
    "status_code": _Kind(lambda value: type(value) is int and 100 <= value <= 599, "a status from 100 to 599"),  # noqa: PLR2004 - the range of HTTP
    "user_agent": _or_null(_ANY_TEXT),
    "ip_address": _or_null(_SOME_TEXT),
    "event_id": _text(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", "a UUID of version 7"),
    "request_id": _SOME_TEXT,
    "trace_id": _text(r"[0-9a-f]{32}", "32 hexadecimal digits"),
    "span_id": _text(r"[0-9a-f]{16}", "16 hexadecimal digits"),
    "method": _SOME_TEXT,
    "path": _ANY_TEXT,
    "query": _ANY_TEXT,
    "request_bytes": _count(0),
    "response_bytes": _count(0),
    "environment": _text(r"[a-z0-9][a-z0-9._]*", "an environment's name"),
    "version": _SOME_TEXT,
    "host": _SOME_TEXT,
    "logger": _SOME_TEXT,
    "error_type": _SOME_TEXT,
    "error_message": _ANY_TEXT,
    "stack_trace": _ANY_TEXT,
    "outcome": _Kind(get_args(Outcome).__contains__, f"one of {', '.join(get_args(Outcome))}"),
    "db_time": _SECONDS,
    "db_queries": _count(0),
    "template_time": _SECONDS,
    "template": _SOME_TEXT,
    "sample_weight": _count(2),
}


def check_record(record: Mapping[str, object]) -> list[str]:
    """Return what is wrong with a line, one complaint each; an empty list for one that keeps the contract.

    A line with ``endpoint`` or ``response_time`` is a request's, and any other an event. Keys of the application's own
    may hold anything; they come last, sorted.
    """
    is_request = any(key in record for key in REQUEST_KEYS)
    required = (*DOCUMENTED_KEYS, "event_id") if is_request else _EVENT_KEYS
    missing = [f"{key} is missing" for key in required if key not in record]
    wrong = [
        f"{key} is {record[key]!r}, not {kind.words}"
        for key, kind in _KINDS.items()
        if key in record and not kind.holds(record[key])
    ]
    return [*missing, *wrong, *_misplaced(list(record))]


def _misplaced(keys: Sequence[str]) -> list[str]:
    known = [key for key in _KNOWN if key in keys]
    order = [*known, *sorted(key for key in keys if key not in _KNOWN)]
    place = next((place for place, (key, right) in enumerate(zip(keys, order, strict=True)) if key != right), None)
    return [] if place is None else [f"{keys[place]} stands where {order[place]} belongs"]
