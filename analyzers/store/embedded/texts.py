"""Searches in text as SQL: expressions of RE2 where they are exact, our own tokenizer for the rest.

Whether words stand in a text depends, for the characters of :data:`_PLAIN`, on at most two characters at either side of
each, which an expression can tell. Texts with other characters, or with anything that the analyzer would cut for its
length, go to :data:`HAS_WORDS`, a function of Python's; an expression for the words' letters alone goes before, so that
few texts ever do.

Expressions are written with code points in hexadecimal and texts are parameters, so no text of a person's is part of a
statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from analyzers.store.embedded.columns import quoted
from analyzers.store.embedded.statement import Parameters
from analyzers.store.schema import LIST_FIELDS
from analyzers.store.words import MOST_UNITS, folded
from analyzers.store.words.folding import spellings
from analyzers.store.words.tokens import class_of

HAS_WORDS: Final = "atalaia_has_words"
"""The function's name in DuckDB: of a text, and of words with :data:`BETWEEN` them."""

BETWEEN: Final = "\n"
"""Never a part of a word."""

_PLAIN: Final = (range(0x530), range(0x1E00, 0x1F00), range(0x2000, 0x2070))
"""Latin, Greek, Cyrillic, and punctuation: less those that extend others, and emoji."""

_LONG: Final = f"[^\\x{{0}}-\\x{{20}}]{{{MOST_UNITS}}}"
"""What every text has that has a word to be cut."""

_LETTER, _DIGIT, _JOINER = "a", "n", "x"
_BETWEEN_LETTERS: Final = "lbq"
_BETWEEN_DIGITS: Final = "mbq"
_USUAL: Final = f"{_LETTER}{_DIGIT}{_JOINER}lmbqdgo"
_BETWEEN: Final = {_LETTER: _BETWEEN_LETTERS, _DIGIT: _BETWEEN_DIGITS, _JOINER: ""}


def contains(name: str, text: str, parameters: Parameters) -> str:
    """Return the condition that a keyword, or one of a list of them, has a text in it, whatever the case."""
    column = quoted(name)
    if name in LIST_FIELDS:
        return f"(len(list_filter({column}, lambda item: {_has('item', text, parameters)})) > 0)"
    return _has(column, text, parameters)


def _has(value: str, text: str, parameters: Parameters) -> str:
    """Return the condition that a value has a text in it, whatever the case.

    DuckDB's ``lower`` is quick and makes the same ASCII letters as :func:`~analyzers.store.words.folded`, also of the
    capital I with a dot and the Kelvin sign. For other letters its Unicode may be another one.
    """
    if text.isascii():
        return f"contains(lower({value}), {parameters.add(folded(text))})"
    return f"regexp_matches({value}, '{_any_case(text)}')"


def words_in(name: str, words: Sequence[str], parameters: Parameters) -> str:
    """Return the condition that words stand in a text side by side and in this order."""
    column = quoted(name)
    loose = " AND ".join(_has(column, word, parameters) for word in words)  # a text with the words has these
    usual = f"NOT regexp_matches({column}, '{_none_of(_USUAL)}')"
    short = f"(length({column}) < {MOST_UNITS} OR NOT regexp_matches({column}, '{_LONG}'))"
    plain = f"{usual} AND {short}"
    exact = f"regexp_matches({column}, '{_side_by_side(words)}')" if _is_plain(words) else "false"
    asked = f"{HAS_WORDS}({column}, {parameters.add(BETWEEN.join(words))})"
    return f"(CASE WHEN NOT ({loose}) THEN false WHEN {plain} THEN {exact} ELSE {asked} END)"


def _side_by_side(words: Sequence[str]) -> str:
    """Return the expression for plain texts with the words as words of their own, and no other word between them."""
    ends = [(class_of(word[0]), class_of(word[-1])) for word in words]
    parts = [_before(ends[0][0]), _any_case(words[0])]
    for number, word in enumerate(words[1:], 1):
        parts += [_gap(ends[number - 1][1], ends[number][0]), _any_case(word)]
    return "".join([*parts, _after(ends[-1][1])])


def _before(kind: str) -> str:
    """Return what may stand before a word that begins with such a character."""
    between = _BETWEEN[kind]
    if not between:
        return f"(?:^|{_none_of('anx')})"
    return f"(?:^|{_none_of('anx' + between)}|(?:^|{_none_of(kind)}){_one_of(between)})"


def _after(kind: str) -> str:
    between = _BETWEEN[kind]
    if not between:
        return f"(?:$|{_none_of('anx')})"
    return f"(?:$|{_none_of('anx' + between)}|{_one_of(between)}(?:$|{_none_of(kind)}))"


def _gap(before: str, after: str) -> str:
    """Return what may stand between two words: no letter, no digit, and nothing that joins one to it."""
    between = _BETWEEN[before] if before == after else ""
    return f"(?:{_none_of('anx' + between)}|{_none_of('anx')}{_none_of('an')}*{_none_of('anx')})"


def _is_plain(words: Sequence[str]) -> bool:
    return all(ord(character) in _plain() for word in words for character in word)


def _any_case(text: str) -> str:
    return "".join(f"[{''.join(map(_hexadecimal, spellings(character)))}]" for character in text)


def _hexadecimal(character: str) -> str:
    return f"\\x{{{ord(character):x}}}"


def _one_of(classes: str) -> str:
    return f"[{_ranges(classes)}]"


def _none_of(classes: str) -> str:
    return f"[^{_ranges(classes)}]"


@cache
def _ranges(classes: str) -> str:
    """Return the plain characters of some classes as the inside of a bracket."""
    runs: list[list[int]] = []
    for code in sorted(code for code, kind in _plain().items() if kind in classes):
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return "".join(f"{_hexadecimal(chr(first))}-{_hexadecimal(chr(last))}" for first, last in runs)


@cache
def _plain() -> dict[int, str]:
    """Return the code points of plain texts and their classes."""
    classes = {code: class_of(chr(code)) for part in _PLAIN for code in part}
    return {code: kind for code, kind in classes.items() if kind in _USUAL}
