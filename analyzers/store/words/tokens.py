"""Cut text into words as Lucene's standard tokenizer and lowercase filter do (UAX #29, with emoji).

The text becomes a string of the classes of its characters, and expressions over those say what a word is. Rules in
brackets are those of the annex (https://unicode.org/reports/tr29/).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from analyzers.store.words.classes import OTHER, RANGES
from analyzers.store.words.folding import folded

MOST_UNITS: Final = 255
"""UTF-16 units of a word; what is longer is cut there, as the analyzer's ``max_token_length`` has it."""

_BMP_END: Final = 0x10000

_EXT: Final = "[ezpftTKSM]*"  # [WB4]: whatever extends a character
_JOIN: Final = f"(?:x{_EXT})"  # [WB13a, WB13b]
_KATAKANA: Final = f"k{_EXT}(?:{_JOIN}*k{_EXT})*"  # [WB13]
_QUOTED: Final = f"h{_EXT}(?:q{_EXT}|d{_EXT}h{_EXT})"  # [WB7a, WB7b, WB7c]
_DIGITS: Final = f"n{_EXT}(?:(?:{_JOIN}*|[mbq]{_EXT})n{_EXT})*"  # [WB8, WB11, WB12]
_NO_QUOTE: Final = f"(?!h{_EXT}(?:q|d{_EXT}h))"  # a quote belongs to what follows here: take it from there
_LETTERS: Final = (  # [WB5, WB6, WB7]
    f"[aCh]{_EXT}(?:{_JOIN}*{_NO_QUOTE}[aCh]{_EXT}|[lbq]{_EXT}[aCh]{_EXT})*"
)
_CORE: Final = f"(?:{_KATAKANA}|(?:{_QUOTED}|{_DIGITS}|{_LETTERS})+)"  # [WB9, WB10]
_WORD: Final = f"{_JOIN}*{_CORE}(?:{_JOIN}+{_CORE})*{_JOIN}*"
_ASIAN: Final = f"(?:[sS]{_EXT})+"
_SINGLE: Final = f"j{_EXT}"

_MARK: Final = "[ezKSMtT]*"  # what extends an emoji: no presentation selector
_GLUED: Final = f"(?:z*[cC]|M{_MARK}z[cC])(?:{_MARK}f?z+[cC]|{_MARK}fzM{_MARK}z[cC])*(?:{_MARK}fzM{_MARK}|{_MARK}f?)"
_TAGGED: Final = f"z*[cC]{_MARK}ft+T"
_KEYCAP: Final = f"g(?:{_MARK}fK|{_MARK}K){_MARK}"
_FLAG: Final = f"r{_EXT}r{_EXT}"

_TEXT: Final = re.compile(f"{_WORD}|{_ASIAN}|{_SINGLE}")
_EMOJI: Final = re.compile(f"{_TAGGED}|{_GLUED}|M{_MARK}|{_KEYCAP}|{_FLAG}")
_EMOJI_CLASSES: Final = frozenset("cCMgrz")


def words_of(text: str) -> list[str]:
    """Return the words of a text, in their order and in lower case, accents as they are."""
    lower = folded(text)
    return [lower[start:end] for start, end in _spans(text)]


def has_words(text: str, words: Sequence[str]) -> bool:
    """Tell whether words stand in a text side by side and in this order.

    Args:
        text: The text.
        words: At least one, as :func:`words_of` returns them.
    """
    lower = folded(text)
    if any(word not in lower for word in words):
        return False
    found = [lower[start:end] for start, end in _spans(text)]
    first, count, wanted = words[0], len(words), list(words)
    return any(word == first and found[at : at + count] == wanted for at, word in enumerate(found))


def class_of(character: str) -> str:
    """Return the letter of a character's class."""
    starts, ends, letters = _table()
    code = ord(character)
    at = bisect_right(starts, code) - 1
    return letters[at] if at >= 0 and code <= ends[at] else OTHER


class _Classes(dict[int, str]):
    """The classes of characters met so far, for ``str.translate``."""

    def __missing__(self, code: int) -> str:
        self[code] = found = class_of(chr(code))
        return found


@cache
def _table() -> tuple[list[int], list[int], list[str]]:
    """Return the first and the last code points of the ranges, ascending, and their letters."""
    ranges = sorted((*_bounds(each), letter) for letter, text in RANGES.items() for each in text.split())
    return [each[0] for each in ranges], [each[1] for each in ranges], [each[2] for each in ranges]


def _bounds(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return int(first, 16), int(last or first, 16)


@cache
def _classes() -> _Classes:
    return _Classes()


def _spans(text: str) -> Sequence[tuple[int, int]]:
    """Return where the words begin and end."""
    classes = text.translate(_classes())
    if not _EMOJI_CLASSES.intersection(classes):
        spans = [match.span() for match in _TEXT.finditer(classes)]
        if all(2 * (end - start) <= MOST_UNITS for start, end in spans):  # no character has more than two units
            return spans
    return list(_scanned(text, classes))


def _scanned(text: str, classes: str) -> Iterator[tuple[int, int]]:
    """Yield spans where words may have to be cut, or an emoji begins: of all rules, the longest match counts."""
    wide = any(ord(character) >= _BMP_END for character in text)
    at = 0
    while at < len(classes):
        if classes[at] == OTHER:
            at += 1
            continue
        reach = _reach(text, at) if wide else at + MOST_UNITS
        matches = (_TEXT.match(classes, at, reach), _EMOJI.match(classes, at, reach))
        end = max((match.end() for match in matches if match is not None), default=at)
        if end > at:
            yield at, end
        at = max(end, at + 1)


def _reach(text: str, start: int) -> int:
    """Return where a word that starts here ends at the latest."""
    units = 0
    for at in range(start, len(text)):
        units += 2 if ord(text[at]) >= _BMP_END else 1
        if units > MOST_UNITS:
            return at
    return len(text)
