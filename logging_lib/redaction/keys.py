"""Which names say that their value is a secret, in English and Portuguese.

A name is taken apart into words (``dbPassword``, ``db_password``, ``DB-PASSWORD`` are *db password*; accents and
numbers fall away), and judged by whole words, so that ``author``, ``monkey`` or ``passed`` are none. A last word that
tells something *about* a secret (``token_count``, ``session_duration``) makes the name harmless.
"""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from itertools import pairwise
from typing import Final

from logging_lib.redaction.options import MARK, RedactionOptions
from logging_lib.redaction.words import (
    ABOUT,
    COUNTING,
    ENDINGS,
    FILLERS,
    PAIRS,
    PLURALS,
    QUERY_NAMES,
    STEM,
    VALUE_NAMES,
    WHOLE,
)

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_REMEMBERED: Final = 4096
_LONGEST: Final = 128
"""A name longer than this is no name; its end is judged."""


class Verdict(IntEnum):
    """What a name says of its value."""

    HARMLESS = 0
    SECRET = 1
    SECRET_UNLESS_NUMBER = 2
    SECRET_IN_QUERY = 3
    VALUE_OF_PAIR = 4


class KeyRules:
    """Judges names and remembers the verdicts, at most some thousands of them.

    Args:
        options: Names that the application adds and allows.
    """

    def __init__(self, options: RedactionOptions) -> None:
        self._added = frozenset("".join(words_of(name)) for name in options.keys)
        self._allowed = frozenset("".join(words_of(name)) for name in options.allow)
        self._known: dict[str, Verdict] = {}
        self._harmless: set[str] = set()
        self._harmless_backwards: set[str] = set()

    def judge(self, name: str) -> Verdict:
        """Return what the name says of its value."""
        verdict = self._known.get(name)
        if verdict is None:
            verdict = self._escaped(name) if name[:1] == "\\" else self._judge(words_of(MARK.sub("", name[-_LONGEST:])))
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            if len(name) <= _LONGEST:
                self._known[name] = verdict
        return verdict

    def harmless_backwards(self, names: list[str]) -> bool:
        """Tell whether names, each spelled backwards, are all harmless."""
        return self._all_harmless(names, self._harmless_backwards, -1)

    def harmless(self, names: list[str]) -> bool:
        """Tell whether names are all harmless."""
        return self._all_harmless(names, self._harmless, 1)

    def _all_harmless(self, names: list[str], known: set[str], step: int) -> bool:
        """Judge the names that are not known yet; ``step`` says which way they are spelled."""
        if known.issuperset(names):
            return True
        if any(self.judge(name[::step]) for name in names):
            return False
        if len(known) >= _REMEMBERED:
            known.clear()
        known.update(names)
        return True

    def _escaped(self, name: str) -> Verdict:
        r"""Judge a name behind a backslash, whose letter may be the escape's: ``\token``, ``\ntoken``."""
        return self.judge(name[1:]) or self.judge(name[2:])

    @staticmethod
    def words(name: str) -> list[str]:
        """Return the words of a name."""
        return words_of(name)

    def _judge(self, words: list[str]) -> Verdict:
        joined = "".join(words)
        if not joined or joined in self._allowed:
            return Verdict.HARMLESS
        if self._added and any("".join(words[start:]) in self._added for start in range(len(words))):
            return Verdict.SECRET
        return _judge_words([word for word in words if word not in FILLERS] or words)


def words_of(name: str) -> list[str]:
    """Return the words of a name in lower case, without accents: ``X-API-Key`` gives ``["x", "api", "key"]``."""
    if not name.isascii():
        name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return [word.lower() for word in _WORD.findall(name)]


def _judge_words(words: list[str]) -> Verdict:
    last = words[-1]
    if len(words) == 1 and last in QUERY_NAMES:
        return Verdict.SECRET_IN_QUERY
    if len(words) == 1 and last in VALUE_NAMES:
        return Verdict.VALUE_OF_PAIR
    if last in ABOUT or words[0] in COUNTING:
        return Verdict.HARMLESS
    if _names_secret(words):
        return Verdict.SECRET_UNLESS_NUMBER if last in PLURALS else Verdict.SECRET
    return Verdict.HARMLESS


def _names_secret(words: list[str]) -> bool:
    last = words[-1]
    if last in ENDINGS or (last in WHOLE and len(words) == 1):
        return True
    return any(STEM.search(word) for word in words) or any(pair in PAIRS for pair in pairwise(words))
