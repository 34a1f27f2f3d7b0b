"""How ``translate`` looks a text up in a dictionary.

Source: the ``FetchStrategy`` classes of logstash-filter-translate 3.5.0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import regex

from atalaia.pipeline.grok.onigmo import compile_expression
from atalaia.pipeline.grok.onigmo_sets import ExpressionError
from atalaia.pipeline.java import ruby_text
from atalaia.pipeline.values import Value, copy_value

Dictionary: TypeAlias = Mapping[str, Value]
"""Texts, or expressions, and what they are translated to."""


@dataclass(frozen=True, slots=True)
class Translation:
    """What a text is translated to, which may be null."""

    value: Value


Lookup: TypeAlias = Callable[[str], Translation | None]
"""Translates a text; ``None`` when the dictionary does not know it."""


def compile_lookup(dictionary: Dictionary, *, exact: bool, expressions: bool) -> Lookup:
    """Return how texts are looked up.

    Args:
        dictionary: The entries, in the order in which expressions are tried.
        exact: Whether the translation of the one entry that fits is the answer; otherwise every place in the text where
            a key stands is replaced.
        expressions: Whether keys are expressions in Ruby's syntax; of no effect without ``exact``, as in Logstash.

    Raises:
        ValueError: When a key is no expression.
    """
    if not exact:
        return _replacing(dictionary)
    return _matching(dictionary) if expressions else _equal(dictionary)


def _equal(dictionary: Dictionary) -> Lookup:
    def look_up(text: str) -> Translation | None:
        return Translation(copy_value(dictionary[text])) if text in dictionary else None

    return look_up


def _matching(dictionary: Dictionary) -> Lookup:
    entries = [(_compiled(key), value) for key, value in dictionary.items()]

    def look_up(text: str) -> Translation | None:
        for expression, value in entries:
            if expression.search(text):
                return Translation(copy_value(value))
        return None

    return look_up


def _compiled(key: str) -> regex.Pattern[str]:
    try:
        return compile_expression(key)
    except ExpressionError as error:
        raise ValueError(f"{key!r} is no expression: {error}") from error


def _replacing(dictionary: Dictionary) -> Lookup:
    """Return what replaces keys in a text: at each place the first key that stands there counts."""
    if not dictionary:
        return lambda _text: None
    keys = re.compile("|".join(map(re.escape, dictionary)))

    def look_up(text: str) -> Translation | None:
        replaced = keys.sub(lambda found: ruby_text(dictionary[found[0]]), text)
        return None if replaced == text else Translation(replaced)

    return look_up
