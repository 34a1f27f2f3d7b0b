"""``convert`` of the csv filter: Ruby's CSV converters. Source: logstash-filter-csv 3.1.1, csv 3.3.2, Ruby 3.4.

A value that a converter cannot read stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from atalaia.pipeline.csv.dates import read_date, read_date_time
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.java import ruby_downcase
from atalaia.pipeline.values import Value

_SPACE: Final = "\t\n\v\f\r "
_DIGITS: Final = r"\d(?:_?\d)*"
_INTEGER: Final = re.compile(
    r"(?P<sign>[+-]?)(?:0x(?P<hex>[0-9a-f](?:_?[0-9a-f])*)|0b(?P<binary>[01](?:_?[01])*)"
    rf"|0d(?P<decimal>{_DIGITS})|0o(?P<octal>[0-7](?:_?[0-7])*)|0(?P<zero>(?:_?[0-7])*)|(?P<plain>[1-9](?:_?\d)*))",
    re.ASCII | re.IGNORECASE,
)
_BASES: Final[Mapping[str, int]] = MappingProxyType(
    {"hex": 16, "binary": 2, "decimal": 10, "octal": 8, "zero": 8, "plain": 10}
)
_FLOAT: Final = re.compile(
    rf"[+-]?(?:{_DIGITS}(?:\.{_DIGITS})?|\.{_DIGITS})(?:e[+-]?{_DIGITS})?", re.ASCII | re.IGNORECASE
)
_HEXADECIMAL: Final = re.compile(r"[+-]?0x[0-9a-f](?:_?[0-9a-f]){0,200}", re.ASCII | re.IGNORECASE)
_MOST_DIGITS: Final = 4000
"""A longer number is left as text: Python does not print it as a whole one."""


def to_integer(text: str | None) -> Value:
    """Return a whole number as Ruby's ``Integer()`` reads it: ``1_000``, ``0x1A``, ``0b11``, ``017`` (octal)."""
    match = _INTEGER.fullmatch(text.strip(_SPACE)) if text else None
    if match is None or match.end() > _MOST_DIGITS or not match.lastgroup:
        return text
    number = int(match[match.lastgroup].replace("_", "") or "0", _BASES[match.lastgroup])
    return -number if match["sign"] == "-" else number


def to_float(text: str | None) -> Value:
    """Return a number as Ruby's ``Float()`` reads it: ``1_000.5``, ``.5``, ``1e3``, ``0x1A``."""
    if not text:
        return text
    if _HEXADECIMAL.fullmatch(text):
        return float.fromhex(text.replace("_", ""))
    number = text.strip(_SPACE)
    return float(number) if _FLOAT.fullmatch(number) else text


def to_date(text: str | None) -> Value:
    """Return the beginning of a day."""
    return (read_date(text) if text else None) or text


def to_date_time(text: str | None) -> Value:
    """Return an instant."""
    return (read_date_time(text) if text else None) or text


def to_boolean(text: str | None) -> Value:
    """Return what ``true`` and ``false`` mean, in any case; another text in lower case and without blanks around it.

    Raises:
        EventError: When there is no text.
    """
    if text is None:
        raise EventError("an empty column is no boolean", "set skip_empty_columns")
    word = ruby_downcase(text.strip(f"{_SPACE}\0"))
    return {"true": True, "false": False}.get(word, word)


CONVERTERS: Final[Mapping[str, Callable[[str | None], Value]]] = MappingProxyType(
    {"integer": to_integer, "float": to_float, "date": to_date, "date_time": to_date_time, "boolean": to_boolean}
)
