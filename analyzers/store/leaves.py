"""One value of one field: what Elasticsearch's types take with coercion off, and what they keep of it."""

from __future__ import annotations

import ipaddress
import re
import struct
from collections.abc import Callable, Mapping
from functools import lru_cache
from math import isfinite
from types import MappingProxyType
from typing import Final, TypeAlias

from analyzers.store.document import JsonValue
from analyzers.store.instants import parse_millis
from analyzers.store.schema import FieldSpec, FieldType

Leaf: TypeAlias = str | int | float | bool
"""A value as it is indexed: dates in milliseconds since 1970, addresses in their canonical text."""

INTEGER_BITS: Final[Mapping[FieldType, int]] = MappingProxyType(
    {FieldType.SHORT: 16, FieldType.INTEGER: 32, FieldType.LONG: 64},
)


_OCTET: Final = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4: Final = re.compile(rf"(?:{_OCTET}\.){{3}}{_OCTET}")
_LINE: Final = 80  # characters of a value that a reason shows


class LeafError(ValueError):
    """A value that the field's type does not take; the text says why."""


def read_leaf(field: FieldSpec, value: JsonValue) -> Leaf | None:
    """Return the value as it is indexed; ``None`` when it is null or a keyword beyond ``ignore_above``.

    Raises:
        LeafError: When the field's type does not take the value.
    """
    if value is None:
        return None
    if isinstance(value, dict | list):
        raise LeafError(f"must be a {field.type}, not an object")
    return _READERS[field.type](field, value)


def canonical_address(text: str) -> str | None:
    """Return the canonical text of an IP address (an IPv4-mapped one as IPv4), or ``None`` when it is not one."""
    return text if _IPV4.fullmatch(text) else _address(text)


@lru_cache(maxsize=1024)
def _address(text: str) -> str | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            return None
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
    return str(address)


def utf16_length(text: str) -> int:
    """Return the length that ``ignore_above`` is compared with: UTF-16 units, as Java counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def bounds(kind: FieldType) -> tuple[int, int]:
    """Return the least and the greatest number of an integral type."""
    bound = 1 << (INTEGER_BITS[kind] - 1)
    return -bound, bound - 1


def fits(kind: FieldType, number: int) -> bool:
    """Tell whether a whole number lies in the range of an integral type."""
    least, greatest = bounds(kind)
    return least <= number <= greatest


def single_precision(number: float) -> float:
    """Return the nearest 32-bit float, which is what a ``float`` field keeps; infinite beyond its range."""
    try:
        packed: tuple[float] = struct.unpack("<f", struct.pack("<f", number))
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")
    return packed[0]


def text_of(value: Leaf) -> str:
    """Return the text a keyword keeps of a JSON value: as JSON writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value)


def _keyword(field: FieldSpec, value: Leaf) -> Leaf | None:
    text = text_of(value)
    limit = field.ignore_above
    if limit is None or 2 * len(text) <= limit:  # no character has more than two units
        return text
    return None if utf16_length(text) > limit else text


def _text(_: FieldSpec, value: Leaf) -> Leaf:
    return text_of(value)


def _date(_: FieldSpec, value: Leaf) -> Leaf:
    millis = parse_millis(value) if isinstance(value, str) else None
    if millis is None:
        raise LeafError(f"{_shown(value)} is not an instant as 2024-01-15T10:30:00.000Z is")
    return millis


def _ip(_: FieldSpec, value: Leaf) -> Leaf:
    address = canonical_address(value) if isinstance(value, str) else None
    if address is None:
        raise LeafError(f"{_shown(value)} is not an IP address")
    return address


def _boolean(_: FieldSpec, value: Leaf) -> Leaf:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in {"true", "false", ""}:
        return value == "true"
    raise LeafError(f"{_shown(value)} is neither true nor false")


def _integral(field: FieldSpec, value: Leaf) -> Leaf:
    number = _number(value)
    if number % 1 != 0:
        raise LeafError(f"{_shown(value)} is not a whole number")
    if not fits(field.type, int(number)):
        raise LeafError(f"{_shown(value)} does not fit a {field.type} of {INTEGER_BITS[field.type]} bits")
    return int(number)


def _floating(field: FieldSpec, value: Leaf) -> Leaf:
    number = float(_number(value))
    kept = single_precision(number) if field.type is FieldType.FLOAT else number
    if not isfinite(kept):
        raise LeafError(f"{_shown(value)} is too large for a {field.type}")
    return kept


def _number(value: Leaf) -> float:
    if isinstance(value, bool | str):
        raise LeafError(f"{_shown(value)} is not a number")
    return value


def _shown(value: Leaf) -> str:
    text = repr(value)
    return f"{text[:80]}…" if len(text) > _LINE else text


_READERS: Final[Mapping[FieldType, Callable[[FieldSpec, str | float | bool], Leaf | None]]] = MappingProxyType(
    {
        FieldType.KEYWORD: _keyword,
        FieldType.TEXT: _text,
        FieldType.DATE: _date,
        FieldType.IP: _ip,
        FieldType.BOOLEAN: _boolean,
        FieldType.SHORT: _integral,
        FieldType.INTEGER: _integral,
        FieldType.LONG: _integral,
        FieldType.FLOAT: _floating,
        FieldType.DOUBLE: _floating,
    },
)
