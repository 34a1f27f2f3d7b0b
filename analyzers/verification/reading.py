"""Read what claims to be a report."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import NoReturn

from analyzers.store.document import JsonValue
from analyzers.verification.leaves import JsonObject
from logging_lib.errors import AtalaiaError

_REMEDY = "take the report as it was written, or make it again"


class ReportError(AtalaiaError):
    """A report cannot be read, is of an unknown kind or form, or lacks what it must say."""


def read_report(text: str, name: str) -> JsonObject:
    """Return the JSON object of a text.

    Args:
        text: What was written.
        name: Where it is from, for messages.

    Raises:
        ReportError: When it is no JSON object, or one in which a key comes twice: readers would take either value.
    """
    try:
        document: JsonValue = json.loads(text, object_pairs_hook=_unique, parse_constant=_refused)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ReportError(f"{name} is no JSON: {error}", "name a report that was written with --format json") from error
    if not isinstance(document, dict):
        raise ReportError(f"{name} is no report: it is no JSON object", "name a report written with --format json")
    return document


def part(document: JsonObject, key: str) -> JsonObject:
    """Return an object within another.

    Raises:
        ReportError: When it is missing or none.
    """
    value = document.get(key)
    if not isinstance(value, dict):
        raise ReportError(f"the report has no object {key!r}", _REMEDY)
    return value


def listed(document: JsonObject, key: str) -> list[JsonValue]:
    """Return a list within an object; an empty one where there is none."""
    value = document.get(key)
    return value if isinstance(value, list) else []


def text(document: JsonObject, key: str) -> str:
    """Return a text within an object.

    Raises:
        ReportError: When it is missing or none.
    """
    value = document.get(key)
    if not isinstance(value, str):
        raise ReportError(f"the report has no text {key!r}", _REMEDY)
    return value


def texts(document: JsonObject, key: str) -> tuple[str, ...]:
    """Return a list of texts within an object.

    Raises:
        ReportError: When it is missing or none.
    """
    value = document.get(key)
    if not isinstance(value, list):
        raise ReportError(f"the report has no list {key!r}", _REMEDY)
    return tuple(text({key: each}, key) for each in value)


def optional_text(document: JsonObject, key: str) -> str | None:
    """Return a text within an object, or ``None`` where null stands.

    Raises:
        ReportError: When it is missing or neither.
    """
    return None if key in document and document[key] is None else text(document, key)


def whole(document: JsonObject, key: str) -> int:
    """Return a whole number of an object.

    Raises:
        ReportError: When it has none under this key.
    """
    value = document.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ReportError(f"the report's {key!r} is no whole number", _REMEDY)
    return value


def instant(document: JsonObject, key: str) -> datetime:
    """Return an instant within an object, in UTC.

    Raises:
        ReportError: When it is missing or none with an offset.
    """
    written = text(document, key)
    try:
        value = datetime.fromisoformat(written)
        if value.tzinfo is not None:
            return value.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ReportError(f"{key!r} is no instant: {written!r}", _REMEDY) from error
    raise ReportError(f"{key!r} is no instant with an offset: {written!r}", _REMEDY)


def optional_instant(document: JsonObject, key: str) -> datetime | None:
    """Return an instant within an object, or ``None`` where null stands.

    Raises:
        ReportError: When it is missing or neither.
    """
    return None if optional_text(document, key) is None else instant(document, key)


def _unique(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ReportError(f"the key {twice!r} comes twice in one object", _REMEDY)
    return found


def _refused(constant: str) -> NoReturn:
    raise ReportError(f"{constant} is no JSON number", _REMEDY)
