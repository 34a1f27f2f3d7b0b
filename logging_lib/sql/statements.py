"""What may be told of an SQL statement: its shape. Every value in it, bound or written out, is replaced by ``?``.

Two statements that differ in values, in the length of a list of values, in comments, white space or the case of
letters have one fingerprint.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from logging_lib.sql.tokens import CUT, VALUE, tokens

MAX_READ: Final = 50_000
"""Characters of a statement that are looked at; what follows has no part in the fingerprint."""
MAX_TEXT: Final = 2_000
"""Characters of the normalised text that are kept."""
_CACHED: Final = 512
_CACHED_LENGTH: Final = 4_000

OPERATIONS: Final = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
OTHER: Final = "other"

# A value with the cast that drivers put behind it: `? :: TIMESTAMP WITH TIME ZONE`, `? :: VARCHAR ( ? )`.
_CAST: Final = r" :: \w+(?: (?:varying|precision|with time zone|without time zone))?(?: \( \?(?: , \?)? \))?(?: \[ \])?"
_BOUND: Final = re.compile(rf"\? {_CAST.lstrip()}", re.IGNORECASE)
_RUN: Final = re.compile(r"\?(?: \?)+")
_ELEMENT: Final = r"(?:[-+] )?(?:\?|null|default|true|false)"
_LIST: Final = re.compile(rf"\( {_ELEMENT}(?: , {_ELEMENT})*+ (\)|{CUT})", re.IGNORECASE)
_HALF: Final = re.compile(rf"(?: [,(+-])+ {CUT}\Z")
_ROWS: Final = re.compile(r"\( \? \)(?: , \( \? \))+")
_TIGHT_BEFORE: Final = frozenset({",", ")", "]", ";", ".", "::", "["})
_TIGHT_AFTER: Final = frozenset({"(", "[", ".", "::"})
# A word before an opening bracket that is no function's name.
_KEYWORD: Final = re.compile(
    r"all|and|any|as|by|distinct|else|exists|filter|from|in|into|join|not|on|or|over|returning|select|set|some|then"
    r"|union|using|values|when|where|with",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """The shape of a statement.

    Attributes:
        fingerprint: 16 hexadecimal digits, the same for one shape on every machine.
        text: The normalised statement, of at most ``MAX_TEXT`` characters.
        operation: ``SELECT``, ``INSERT``, ``UPDATE``, ``DELETE`` or ``other``; of a ``WITH``, its main statement's.
    """

    fingerprint: str
    text: str
    operation: str


def describe_statement(sql: str, system: str) -> Statement:
    """Return the shape of a statement; never raises, whatever the text is.

    Args:
        sql: The statement as it goes to the driver.
        system: SQLAlchemy's name of the dialect; ``""`` where it is not known, which shows less.
    """
    return _remembered(sql, system) if len(sql) <= _CACHED_LENGTH else _describe(sql, system)


def _describe(sql: str, system: str) -> Statement:
    found = list(tokens(sql[:MAX_READ], system))
    if len(sql) > MAX_READ and found[-1:] != [CUT]:
        found[-1:] = [CUT]  # the last token may be half of one
    while found[-1:] == [";"]:
        found.pop()
    shape = _collapsed(" ".join(found))
    digest = hashlib.blake2b(shape.casefold().encode("utf-8", "backslashreplace"), digest_size=8)
    return Statement(digest.hexdigest(), _bounded(_tidy(shape.split(" "))), _operation(found))


_remembered = lru_cache(_CACHED)(_describe)


def _collapsed(shape: str) -> str:
    """Return the tokens with lists and rows of values made one value."""
    shape = _HALF.sub(f" {CUT}", _RUN.sub(VALUE, _BOUND.sub(VALUE, shape)))
    return _ROWS.sub("( ? )", _LIST.sub(lambda found: "( ? )" if found[1] == ")" else f"( ? ) {CUT}", shape))


def _operation(found: Iterable[str]) -> str:
    """Return what the statement does, by its first word, or the first verb behind the common tables of a ``WITH``."""
    depth, common = 0, False
    for token in found:
        word = token.upper()
        if depth == 0 and word in OPERATIONS:
            return word
        if word == "(":
            depth += common  # a query may stand in brackets itself
        elif word == ")":
            depth -= common
        elif word == "WITH":
            common = True
        elif not common:
            return OTHER
    return OTHER


def _tidy(shape: list[str]) -> str:
    """Return the tokens as a person would space them."""
    written = shape[:1]
    for before, token in pairwise(shape):
        called = before[-1:].isalnum() and not _KEYWORD.fullmatch(before)
        tight = token in _TIGHT_BEFORE or before in _TIGHT_AFTER or (token.startswith("(") and called)
        written.append(token if tight else f" {token}")
    return "".join(written)


def _bounded(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + CUT
