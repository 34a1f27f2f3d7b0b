"""Any Python value made fit for one line of JSON.

Logging must never raise because of what was logged, so every value has a JSON form: what JSON knows stays, the rest
becomes text. The result survives any JSON reader: finite numbers of at most 64 bits, text without lone surrogates.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from pathlib import PurePath
from typing import Final, TypeAlias
from uuid import UUID

import orjson

from logging_lib.timestamps import rfc3339

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
Record: TypeAlias = dict[str, JsonValue]
"""One line of the log, before it is written."""

MAX_DEPTH: Final = 20
"""Containers nested deeper are cut; Elasticsearch's own limit for mapped objects is 20."""
MAX_VALUES: Final = 10_000
"""Values in one record before the rest is cut: a list that holds itself twice would otherwise never end."""
TOO_DEEP: Final = "[nested too deeply]"
TOO_MANY: Final = "[too many values]"
_SAID_BY_STR: Final = (UUID, Decimal, Fraction, PurePath, date, time)
_PRINTABLE_BITS: Final = 10_000
_INT_MIN: Final = -(2**63)
_INT_MAX: Final = 2**63 - 1


def clean_record(fields: Mapping[str, object]) -> Record:
    """Return a copy of the fields that JSON can carry; never raises, whatever the values are."""
    cleaner = _Cleaner()
    return {clean_text(key): cleaner.value(value, 1) for key, value in fields.items()}


def encode_line(record: Record) -> bytes:
    """Return a record as one line of UTF-8 JSON, its newline included; one that is not clean is cleaned first."""
    try:
        return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # a lone surrogate, say, in what made its record itself
        return orjson.dumps(clean_record(record), option=orjson.OPT_APPEND_NEWLINE)


def clean_text(text: str) -> str:
    r"""Return text that UTF-8 can carry: a lone surrogate becomes its visible escape, such as ``\ud800``."""
    if text.isascii():
        return str(text)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


class _Cleaner:
    """Cleans the values of one record and counts them."""

    def __init__(self) -> None:
        self._left = MAX_VALUES

    def value(self, value: object, depth: int) -> JsonValue:
        self._left -= 1
        if value is None or isinstance(value, bool):
            return value
        try:
            return self._convert(value, depth)
        except Exception:  # noqa: BLE001 - the boundary: a foreign object's own methods may raise anything
            return f"<unprintable {clean_text(type(value).__qualname__)}>"

    def _convert(self, value: object, depth: int) -> JsonValue:
        if isinstance(value, Enum):
            return self.value(value.value, depth)
        if isinstance(value, str | int | float):
            return _scalar(value)
        if isinstance(value, Mapping):
            return TOO_DEEP if depth >= MAX_DEPTH else self._mapping(value, depth)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value) if field.repr}
            return TOO_DEEP if depth >= MAX_DEPTH else self._mapping(fields, depth)
        if isinstance(value, list | tuple | AbstractSet):
            return TOO_DEEP if depth >= MAX_DEPTH else self._sequence(value, depth)
        return _text_of(value)

    def _mapping(self, mapping: Mapping[str, object] | Mapping[object, object], depth: int) -> dict[str, JsonValue]:
        cleaned: dict[str, JsonValue] = {}
        for key, item in mapping.items():
            if self._left <= 0:
                cleaned[TOO_MANY] = None
                break
            cleaned[_key(key)] = self.value(item, depth + 1)
        return cleaned

    def _sequence(self, items: Iterable[object], depth: int) -> list[JsonValue]:
        cleaned: list[JsonValue] = []
        ordered = sorted(items, key=repr) if isinstance(items, AbstractSet) else items
        for item in ordered:
            if self._left <= 0:
                cleaned.append(TOO_MANY)
                break
            cleaned.append(self.value(item, depth + 1))
        return cleaned


def _scalar(value: float | str) -> JsonValue:
    """Return text, an integer or a float as JSON can carry it (subclasses become the plain type)."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, int):
        return int(value) if _INT_MIN <= value <= _INT_MAX else _digits(value)
    return float(value) if math.isfinite(value) else None


def _digits(value: int) -> str:
    """Return an integer beyond 64 bits as text; in hexadecimal where Python refuses to print that many digits."""
    return str(value) if value.bit_length() < _PRINTABLE_BITS else hex(value)


def _key(key: object) -> str:
    return clean_text(key) if isinstance(key, str) else clean_text(str(_text_of(key)))


def _text_of(value: object) -> JsonValue:
    """Return the JSON form of a value that is neither JSON's own nor a container."""
    if isinstance(value, datetime):
        return rfc3339(value) if value.tzinfo else value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "backslashreplace")
    if isinstance(value, BaseException):
        return clean_text(f"{type(value).__qualname__}: {value}")
    return clean_text(str(value) if isinstance(value, _SAID_BY_STR) else repr(value))
