"""Letters without their case: one character becomes one character, as Lucene's lowercase filter has it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

_DOTTED: Final = "\u0130"  # the one character whose lower case is two by Unicode's full mapping
_CASED_END: Final = 0x20000
"""No character from here on has a case."""


def folded(text: str) -> str:
    """Return a text in lower case, character by character: as long as before, accents as they are."""
    lower = text.lower()
    if text.isascii():
        return lower
    return "".join(map(_lower, text))


@cache
def spellings(character: str) -> str:
    """Return every character that folds to what this one folds to, in order of code points: ``kK`` and the Kelvin."""
    low = _lower(character)
    return "".join(sorted({low, *_upper_of().get(low, ())}))


def _lower(character: str) -> str:
    lower = character.lower()
    if len(lower) == 1:
        return lower
    return "i" if character == _DOTTED else character


@cache
def _upper_of() -> Mapping[str, list[str]]:
    """Return the characters of each lower case letter that differ from it."""
    found: dict[str, list[str]] = {}
    for character in map(chr, range(_CASED_END)):
        if (lower := _lower(character)) != character:
            found.setdefault(lower, []).append(character)
    return found
