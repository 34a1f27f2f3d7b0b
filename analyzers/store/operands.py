"""What a query compares a field with, in the form in which the field keeps its values: the same in every store."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, inf, isfinite, nextafter

from analyzers.store.leaves import bounds, canonical_address, fits, single_precision
from analyzers.store.query import QueryError, Range, Scalar
from analyzers.store.schema import INTEGRAL, NUMERIC, FieldSpec, FieldType

ASK_WINDOW = "select instants through the window"


@dataclass(frozen=True, slots=True)
class Limits:
    """A range of a field's own numbers; ``None`` is open.

    Attributes:
        low: The least number inside: an ``int`` for whole numbers, else a finite ``float``.
        high: The greatest number inside.
    """

    low: float | None
    high: float | None


def operand(field: FieldSpec, value: Scalar) -> Scalar | None:
    """Return the value as the field keeps it; ``None`` when it is of the right kind but no event can have it.

    A status code of 99999 or of 200.5 cannot be in a ``short``: the comparison is allowed and is never true.

    Raises:
        QueryError: When the field is never compared with values of this kind.
    """
    if field.type in NUMERIC:
        return _number(field, value)
    if field.type is FieldType.BOOLEAN and isinstance(value, bool):
        return value
    if field.type is FieldType.KEYWORD and isinstance(value, str):
        return checked_text(field, value)
    if field.type is FieldType.IP and isinstance(value, str):
        if (address := canonical_address(value)) is not None:
            return address
        raise QueryError(f"{value!r} is not an IP address, which {field.name} holds", "write one as 192.168.1.100")
    raise QueryError(f"{field.name} cannot be compared with {value!r}", _comparable(field))


def checked_text(field: FieldSpec, text: str) -> str:
    """Return a text that a field is compared with.

    Raises:
        QueryError: When it is not valid Unicode, which no field holds and no backend takes.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise QueryError(f"{field.name} cannot be compared with {text!r}", "write valid Unicode text") from error
    return text


def limits(field: FieldSpec, wanted: Range) -> Limits | None:
    """Return the field's own numbers that a range takes, both bounds inclusive; ``None`` when it can take none.

    Whole numbers are rounded into the range and its type, doubles to their neighbours, so that a comparison in any
    backend is exact: none has to convert a field's values.
    """
    if field.type in INTEGRAL:
        return _whole_limits(field, wanted)
    lows = [_at_least(field, wanted.gte), _above(field, wanted.gt)]
    highs = [_negated(_at_least(field, _negated(wanted.lte))), _negated(_above(field, _negated(wanted.lt)))]
    low = max((each for each in lows if each is not None), default=None)
    high = min((each for each in highs if each is not None), default=None)
    if low == inf or high == -inf or (low is not None and high is not None and low > high):
        return None
    return Limits(low, high)


def exact_fraction(percent: float) -> Decimal:
    """Return ``percent / 100`` as the decimal a person wrote, so that ``ceil(fraction * n)`` is the exact rank."""
    return Decimal(repr(percent)) / 100


def is_number(value: object) -> bool:
    """Tell whether a value is a finite number that a double can hold roughly."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return isfinite(value)
    except OverflowError:  # an int beyond the doubles
        return False


def _number(field: FieldSpec, value: Scalar) -> Scalar | None:
    if isinstance(value, bool | str) or not is_number(value):
        raise QueryError(f"{field.name} cannot be compared with {shown(value)}", _comparable(field))
    if field.type in INTEGRAL:
        return int(value) if value % 1 == 0 and fits(field.type, int(value)) else None
    if field.type is FieldType.FLOAT:
        kept = single_precision(value)
        return kept if isfinite(kept) else None
    return float(value) if float(value) == value else None


def _comparable(field: FieldSpec) -> str:
    if field.type in NUMERIC:
        return "compare it with a number"
    return {
        FieldType.BOOLEAN: "compare it with true or false",
        FieldType.KEYWORD: "compare it with text",
        FieldType.IP: "compare it with an address",
        FieldType.DATE: ASK_WINDOW,
    }.get(field.type, "it is full text: search it by words, as message ~ timeout does")


def shown(value: Scalar) -> str:
    """Return a value for a message; Python refuses to write a number of thousands of digits."""
    return "a number beyond 64 bits" if isinstance(value, int) and value.bit_length() > 64 else repr(value)  # noqa: PLR2004 - bits


def _whole_limits(field: FieldSpec, wanted: Range) -> Limits | None:
    least, greatest = bounds(field.type)
    lows = [least]
    highs = [greatest]
    if wanted.gte is not None:
        lows.append(ceil(wanted.gte))
    if wanted.gt is not None:
        lows.append(floor(wanted.gt) + 1)
    if wanted.lte is not None:
        highs.append(floor(wanted.lte))
    if wanted.lt is not None:
        highs.append(ceil(wanted.lt) - 1)
    low, high = max(lows), min(highs)
    if low > high:
        return None
    return Limits(low if low > least else None, high if high < greatest else None)


def _at_least(field: FieldSpec, bound: float | None) -> float | None:
    """Return the least of the field's numbers that is not below a bound."""
    if bound is None:
        return None
    if field.type is FieldType.FLOAT:
        return single_precision(bound)  # compared as it would be kept, so that an event of 0.7 lies at 0.7
    number = float(bound)
    return number if number >= bound else nextafter(number, inf)


def _above(field: FieldSpec, bound: float | None) -> float | None:
    """Return the least of the field's numbers above a bound."""
    least = _at_least(field, bound)
    if bound is None or least is None:
        return None
    if field.type is FieldType.FLOAT:
        return _next_single(least)
    return least if least > bound else nextafter(least, inf)


def _next_single(number: float) -> float:
    """Return the next greater 32-bit float: the next bit pattern in the order of its sign."""
    if number == 0:
        return 2.0**-149
    if number == inf:
        return inf
    bits: tuple[int] = struct.unpack("<i", struct.pack("<f", number))
    following: tuple[float] = struct.unpack("<f", struct.pack("<i", bits[0] + (1 if number > 0 else -1)))
    return following[0]


def _negated(number: float | None) -> float | None:
    return None if number is None else -number
