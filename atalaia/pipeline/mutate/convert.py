"""``convert`` of the mutate filter: one value to another type, as Ruby 3.4 converts it.

Source: logstash-filter-mutate 3.6.0 and Ruby's ``Integer()``, ``Float()``, ``String#to_i`` and ``BigDecimal()``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from atalaia.pipeline.codegen.emitter import Emitter
from atalaia.pipeline.codegen.operation import Operation
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.java import ruby_text
from atalaia.pipeline.sprintf import compile_static_reference, static_reference
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value

_TRUE: Final = re.compile(r"^(true|t|yes|y|1|1.0)$", re.IGNORECASE | re.MULTILINE)
_FALSE: Final = re.compile(r"^(false|f|no|n|0|0.0)$", re.IGNORECASE | re.MULTILINE)
_HEX: Final = re.compile(r"[+-]?0x[0-9a-f]+(?:_[0-9a-f]+)*", re.IGNORECASE)
_FLOAT: Final = re.compile(
    r"[+-]?(?:\d+(?:_\d+)*)?(?:\.?\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?", re.IGNORECASE | re.ASCII
)
_RUBY_SPACE: Final = "\0\t\n\v\f\r "
_EUROPEAN: Final = str.maketrans(",.", ".,")
_DONE: Final[Mapping[str, str]] = MappingProxyType(
    {"string": "str", "integer": "int", "float": "float", "boolean": "bool", "integer_eu": "int", "float_eu": "float"}
)
"""Which Python type a value has that the conversion leaves as it is."""
_MOST_DIGITS: Final = 400
"""A double has no more digits before the point than this."""


def convert(name: str, kind: str) -> Operation:
    """Convert a field to a type, one of :data:`CONVERSIONS`."""
    reference, conversion = compile_static_reference(name), CONVERSIONS[kind]

    def run(event: Event) -> None:
        field = reference(event)
        value = field.get(event)
        if value is not None and not isinstance(value, dict):
            field.set(event, convert_value(value, conversion))

    place = static_reference(name)
    if place is None:
        return Operation(run, [])

    def inline(emitter: Emitter, call: str) -> None:
        source, value, done = emitter.source, emitter.source.scratch("v"), _DONE[kind]
        source.line(f"{value} = {emitter.value(place)}")
        with emitter.block(f"if type({value}) is list or type({value}) is dict:"):
            source.line(call)
            emitter.changed(place)
        with emitter.block(f"elif {value} is not None and type({value}) is not {done}:"):
            source.line(f"{value} = {source.bind(conversion, 'convert')}({value})")
            emitter.store(place, value)

    return Operation(run, [place], inline)


def convert_value(value: Value, convert: Callable[[Value], Value]) -> Value:
    """Convert a field's value: each item of a list, nothing in an object, null stays.

    Raises:
        EventError: When a value cannot be converted; the field then keeps what it had.
    """
    if isinstance(value, list):
        return [None if item is None else convert(item) for item in value]
    return value if value is None or isinstance(value, dict) else convert(value)


def to_string(value: Value) -> Value:
    """Return Ruby's ``to_s``."""
    return str(value) if type(value) is int else ruby_text(value)


def to_boolean(value: Value) -> Value:
    """Return the boolean a word or number stands for; anything else stays as it is."""
    text = ruby_text(value)
    if _TRUE.search(text):
        return True
    return False if not text or _FALSE.search(text) else value


def to_integer(value: Value) -> Value:
    """Return a whole number: commas group, a fraction is cut, ``0x1A`` is hexadecimal."""
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return int(value) if _plain_digits(value) else _integer_of_text(_cleaned(value))
    return _whole(_float_of(value))


def to_float(value: Value) -> Value:
    """Return a float: commas group."""
    if isinstance(value, str):
        return _float_of_text(_cleaned(value))
    return _float_of(value)


def to_integer_eu(value: Value) -> Value:
    """Return a whole number; points group and the comma begins the fraction."""
    return to_integer(value.translate(_EUROPEAN) if isinstance(value, str) else value)


def to_float_eu(value: Value) -> Value:
    """Return a float; points group and the comma begins the fraction."""
    return to_float(value.translate(_EUROPEAN) if isinstance(value, str) else value)


CONVERSIONS: Final[Mapping[str, Callable[[Value], Value]]] = {
    "string": to_string,
    "integer": to_integer,
    "float": to_float,
    "boolean": to_boolean,
    "integer_eu": to_integer_eu,
    "float_eu": to_float_eu,
}


def _plain_digits(text: str) -> bool:
    """Tell whether there is nothing to clean and nothing to decide."""
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


def _cleaned(text: str) -> str:
    return text.lstrip("\t\n\v\f\r ").rstrip(_RUBY_SPACE).replace(",", "")


def _float_of(value: Value) -> float:
    """Convert what is no text."""
    if isinstance(value, Timestamp):
        return value.nanos / 1e9
    if isinstance(value, int | float):
        return float(value)
    raise EventError(f"{value!r} cannot be converted to a number")


def _float_of_text(text: str) -> float:
    if _HEX.fullmatch(text):
        return float(_hexadecimal(text))
    if not text.isascii() or not _FLOAT.fullmatch(text):
        raise EventError(f"invalid value for Float(): {text!r}")
    return float(text)


def _integer_of_text(text: str) -> int:
    """Convert text: hexadecimal, then with an exponent, then the digits before the point."""
    if _HEX.fullmatch(text):
        return _hexadecimal(text)
    number = _float_of_text(text)
    if "e" in text.lower():
        return _whole_decimal(text) if "e" in text else _digits(text)
    if not math.isfinite(number) and len(text) > _MOST_DIGITS:
        raise EventError(f"{text[:40]}… is too long for a number")
    return _digits(text)


def _digits(text: str) -> int:
    """Return Ruby's ``to_i``: the whole number at the start, 0 without one."""
    match = re.match(r"[+-]?\d+(?:_\d+)*", text, re.ASCII)
    return int(match[0]) if match else 0


def _whole_decimal(text: str) -> int:
    """Return a number with an exponent exactly, cut to a whole one."""
    mantissa, _, exponent = text.replace("_", "").lower().partition("e")
    power = int(exponent)
    if abs(power) > _MOST_DIGITS:
        raise EventError(f"{text!r} is too large for a number")
    whole, _, fraction = mantissa.partition(".")
    digits = int(whole.lstrip("+-") + fraction or "0")
    shift = power - len(fraction)
    scale: int = 10 ** abs(shift)
    result = digits * scale if shift >= 0 else digits // scale
    return -result if mantissa.startswith("-") else result


def _hexadecimal(text: str) -> int:
    return int(text.replace("_", ""), 16)


def _whole(number: float) -> int:
    if not math.isfinite(number):
        raise EventError(f"{number} has no whole number")
    return int(number)
