"""How Java and Ruby print values, and in which order a Java ``HashMap`` hands out its keys."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final

import regex

from atalaia.pipeline.values import Value

_SMALLEST_TABLE: Final = 16
_LOAD_FACTOR: Final = 0.75
_HASH_BITS: Final = 0xFFFFFFFF


def java_text(value: Value) -> str:
    """Return what ``String.valueOf`` gives: ``true``, ``1.0E7``, ``{k=1}``, ``[1, 2]``, the empty text for null."""
    if isinstance(value, float):
        return java_float(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(_nested(item) for item in value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}={_nested(item)}" for name, item in value.items()) + "}"
    return str(value)


def joined_text(items: list[Value]) -> str:
    """Return the items joined by commas as ``%{list}`` prints them; nested lists are joined too."""
    return ",".join(joined_text(item) if isinstance(item, list) else java_text(item) for item in items)


def java_float(value: float) -> str:
    """Return ``Double.toString``: plain from 0.001 to below 10,000,000, else ``d.dEn``.

    Source: the specification of ``java.lang.Double.toString``; the shortest digits that give the same number back, as
    since Java 19.
    """
    if 0.001 <= value < 10_000_000:  # noqa: PLR2004 - where repr writes plain digits, too
        return repr(value)
    return _float_text(value, lowest=-3, highest=7, exponent=lambda power: f"E{power}")


def ruby_float(value: float) -> str:
    """Return ``Float#to_s``: plain from 0.0001 to below 10^16, else ``d.de+XX``."""
    return _float_text(value, lowest=-4, highest=16, exponent=lambda power: f"e{power:+03d}")


def ruby_text(value: Value) -> str:
    """Return Ruby's ``to_s`` of a value."""
    if isinstance(value, float):
        return ruby_float(value)
    return ruby_inspect(value) if isinstance(value, list | dict) else java_text(value)


def ruby_inspect(value: Value) -> str:
    """Return Ruby's ``inspect`` (since 3.4): ``{"k" => 1}``, ``["a", nil]``."""
    if value is None:
        return "nil"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(map(ruby_inspect, value))}]"
    if isinstance(value, dict):
        entries = (f"{_quoted(name)} => {ruby_inspect(item)}" for name, item in value.items())
        return "{" + ", ".join(entries) + "}"
    return ruby_text(value)


def ruby_downcase(text: str) -> str:
    """Return Ruby's ``downcase``: letter by letter, a final sigma is no exception there."""
    return text.lower() if text.isascii() else "".join(map(str.lower, text))


def ruby_capitalize(text: str) -> str:
    """Return Ruby's ``capitalize``: the first letter as in a title, the others in lower case."""
    return text[:1].title() + ruby_downcase(text[1:])


def hash_order(keys: Iterable[str]) -> list[str]:
    """Return keys in the order of a Java ``HashMap`` into which they were put in the order given.

    Options that are hashes run in that order in Logstash. Source: the ``HashMap`` of OpenJDK: a table of 16 that
    doubles beyond three quarters, the bucket ``(h ^ h >>> 16) & (size - 1)``, within a bucket the order of insertion.
    """
    names = list(dict.fromkeys(keys))
    size = _SMALLEST_TABLE
    while len(names) > size * _LOAD_FACTOR:
        size *= 2
    return sorted(names, key=lambda name: _spread_hash(name) & (size - 1))


def _spread_hash(text: str) -> int:
    units = text.encode("utf-16-be", "surrogatepass")
    value = 0
    for index in range(0, len(units), 2):
        value = (31 * value + int.from_bytes(units[index : index + 2], "big")) & _HASH_BITS
    return value ^ (value >> 16)


def _nested(value: Value) -> str:
    return "null" if value is None else java_text(value)


_ESCAPES: Final = {
    '"': '\\"',
    "\\": "\\\\",
    "#": "\\#",
    "\a": "\\a",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\v": "\\v",
    "\f": "\\f",
    "\r": "\\r",
    "\x1b": "\\e",
}
_ESCAPED: Final = regex.compile(
    r"""["\\]|#(?=[{$@])|[[\p{Cc}\p{Cn}\p{Zl}\p{Zp}]--\x85]|[\uDC80-\uDCFF]""", regex.VERSION1
)
"""Quotes, backslashes, ``#`` where it would interpolate, what cannot be printed, and bytes that were no text."""
_BYTES: Final = range(0xDC00, 0xDD00)
_LAST_OF_FOUR_DIGITS: Final = 0xFFFF


def ruby_escaped(text: str) -> str:
    r"""Return what stands between the quotes of Ruby's ``inspect`` of a text.

    Bytes that were no text, decoded with ``surrogateescape``, are written ``\xFF``.
    """
    return _ESCAPED.sub(_escape, text)


def _escape(match: regex.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if code in _BYTES:
        return f"\\x{code - _BYTES.start:02X}"
    return _ESCAPES.get(character) or (f"\\u{code:04X}" if code <= _LAST_OF_FOUR_DIGITS else f"\\u{{{code:X}}}")


def _quoted(text: str) -> str:
    return f'"{ruby_escaped(text)}"'


def _float_text(value: float, *, lowest: int, highest: int, exponent: Callable[[int], str]) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "-0.0" if math.copysign(1, value) < 0 else "0.0"
    sign, digit_tuple, _ = Decimal(repr(value)).as_tuple()
    digits = "".join(map(str, digit_tuple)).strip("0")
    power = Decimal(repr(value)).adjusted()
    prefix = "-" if sign else ""
    if lowest <= power < highest:
        return prefix + _plain(digits, power)
    return f"{prefix}{digits[0]}.{digits[1:] or '0'}{exponent(power)}"


def _plain(digits: str, power: int) -> str:
    """Return digits (the first of which counts ten to ``power``) without an exponent."""
    if power < 0:
        return "0." + "0" * (-power - 1) + digits
    padded = digits.ljust(power + 1, "0")
    return f"{padded[: power + 1]}.{padded[power + 1 :] or '0'}"
