"""What Ruby takes a plain word of a YAML file for.

Source: ``Psych::ScalarScanner`` of psych 5.2, whose rules are those of YAML 1.1 with exceptions.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from atalaia.pipeline.values import Value


@dataclass(frozen=True, slots=True)
class Symbol:
    """A word with a colon before it: as a value its text, as a key no text."""

    text: str


Scalar: TypeAlias = "bool | int | float | str | Symbol | None"

_LONGEST_WORD: Final = 5
"""A text that begins like a word and is longer is one."""
_WORDS: Final[dict[str, bool | None]] = {
    "~": None,
    "null": None,
    "yes": True,
    "true": True,
    "on": True,
    "no": False,
    "false": False,
    "off": False,
}
_SPECIAL: Final = {"+.inf": math.inf, ".inf": math.inf, "-.inf": -math.inf, ".nan": math.nan}
_LIKE_A_WORD: Final = re.compile(r"[^\d.:-]?(?:[^\W\d]|[\s!@#$%^&*(){}<>|/\\~;=])")
_TIME: Final = re.compile(
    r"-?\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|\s+)\d{1,2}:\d\d:\d\d(?:\.\d*)?(?:\s*(?:Z|[-+]\d{1,2}:?(\d\d)?))?", re.ASCII
)
_DATE: Final = re.compile(r"\d{4}-(?:1[012]|0\d|\d)-(?:[12]\d|3[01]|0\d|\d)", re.ASCII)
_SIXTIES: Final = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9]){1,2}(\.[0-9_]*)?")
_FLOAT: Final = re.compile(r"[-+]?(?:[0-9][0-9_,]*)?\.[0-9]*(?:[eE][+-][0-9]+)?")
_INTEGER: Final = re.compile(
    r"(?P<sign>[-+]?)(?:0b(?P<two>[01_,]+)|(?P<eight>0[0-7_,]+)|(?P<ten>0|[1-9](?:[0-9]|,[0-9]|_[0-9])*)"
    r"|0x(?P<sixteen>[0-9a-fA-F_,]+))"
)
_BASES: Final = {"two": 2, "eight": 8, "ten": 10, "sixteen": 16}


def read_scalar(text: str) -> Scalar:
    """Return the value of a plain word.

    Raises:
        ValueError: When it is a date or a time, which no event can hold as Ruby makes it, or a number without digits.
    """
    if not text:
        return None
    if _LIKE_A_WORD.match(text) or "\n" in text:
        return _WORDS.get(text.lower(), text) if len(text) <= _LONGEST_WORD else text
    if _TIME.fullmatch(text) or _DATE.fullmatch(text):
        raise ValueError(f"{text} is a date or a time: put it in quotes")
    if text.lower() in _SPECIAL:
        return _SPECIAL[text.lower()]
    if text.startswith(":") and len(text) > 1:
        return Symbol(text[1:].strip("\"'") if text[1] in "\"'" else text[1:])
    return _number(text)


def plain_value(scalar: Scalar) -> Value:
    """Return what an event holds of a scalar."""
    return scalar.text if isinstance(scalar, Symbol) else scalar


def _number(text: str) -> int | float | str:
    sixties = _SIXTIES.fullmatch(text)
    if sixties:
        return _of_sixties(text, whole=sixties[1] is None)
    if _FLOAT.fullmatch(text) and any(map(str.isdigit, text)):
        return float(text.translate({ord(","): None, ord("_"): None}))
    integer = _INTEGER.fullmatch(text)
    return _integer(integer) if integer else text


def _of_sixties(text: str, *, whole: bool) -> int | float:
    """Return hours, minutes and seconds as seconds; without the last, too, the first are hours."""
    total: int | float = 0
    for power, part in enumerate(text.split(":")):
        digits = part.replace("_", "")
        total += (int(digits) if whole else float(digits)) * 60 ** abs(power - 2)
    return total


def _integer(match: re.Match[str]) -> int:
    base = str(match.lastgroup)
    return int(match["sign"] + match[base].replace(",", "").replace("_", ""), _BASES[base])
