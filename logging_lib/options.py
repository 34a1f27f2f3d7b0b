"""One setting of ``configure``: its argument, its variable, how a value is read, what holds when nobody says anything.

A reader takes what an argument or a variable holds and returns the setting's value. It refuses by a ``ValueError``
whose text is the remedy ("use one of …"); the name of the place and the refused value are put in front of it here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeAlias, TypeVar

from logging_lib.errors import AtalaiaError

T = TypeVar("T")

Reader: TypeAlias = Callable[[object], T]
"""Returns the value that an argument or the text of a variable stands for; a ``ValueError`` tells the remedy."""

LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
YES_NO: Final = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


@dataclass(frozen=True, slots=True)
class Option(Generic[T]):
    """One setting.

    Attributes:
        name: The argument of ``configure``.
        variable: The environment variable that holds when the argument is not given, or is empty.
        read: Makes the value of either.
        default: The value when neither is given.
        shown: The default, in words for the table of the documentation.
        meaning: What it does, in one sentence for the same table.
    """

    name: str
    variable: str
    read: Reader[T]
    default: T
    shown: str
    meaning: str

    def value(self, given: Mapping[str, object], environ: Mapping[str, str]) -> T:
        """Return the value: the argument first, then the variable, then the default.

        Raises:
            AtalaiaError: The value is not allowed.
        """
        for place, found in ((f"{self.name}=", given.get(self.name)), (self.variable, environ.get(self.variable))):
            if found is None or found == "":
                continue
            try:
                return self.read(found)
            except ValueError as error:
                raise AtalaiaError(f"{place} cannot be {found!r}", str(error)) from error
        return self.default


def text(allowed: str | None = None, remedy: str = "") -> Reader[str]:
    """Return a reader of printable text that a regular expression matches whole (ASCII), where one is given."""
    pattern = re.compile(allowed, re.ASCII) if allowed else None

    def read(value: object) -> str:
        if not isinstance(value, str):
            raise ValueError("use text")  # noqa: TRY004 - one kind of refusal for every wrong value
        if not value.isprintable():  # half a character of a terminal's encoding, say, which JSON cannot carry
            raise ValueError("use printable characters")
        if pattern is not None and not pattern.fullmatch(value):
            raise ValueError(remedy)
        return value

    return read


def choice(*allowed: str, upper: bool = False) -> Reader[str]:
    """Return a reader of one word out of several, in any case of letters."""

    def read(value: object) -> str:
        word = str(value).upper() if upper else str(value).lower()
        if word not in allowed:
            raise ValueError(f"use one of {', '.join(allowed)}")
        return word

    return read


def whole(least: int, unit: str) -> Reader[int]:
    """Return a reader of a whole number that is at least ``least``; ``unit`` says of what, for the remedy."""

    def read(value: object) -> int:
        number = int(value) if isinstance(value, str) and re.fullmatch(r"\d{1,18}", value, re.ASCII) else value
        if not isinstance(number, int) or isinstance(number, bool) or number < least:
            raise ValueError(f"use a whole number of {unit}, at least {least}")
        return number

    return read


def yes_no(value: object) -> bool:
    """Read a boolean or one of the words of ``YES_NO``."""
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or value.lower() not in YES_NO:
        raise ValueError(f"use one of {', '.join(YES_NO)}")
    return YES_NO[value.lower()]


level: Final = choice(*LEVELS, upper=True)
"""Reads the name of a level."""


def levels(value: object) -> dict[str, str]:
    """Read levels by logger: a mapping, or text like ``sqlalchemy.engine=INFO,werkzeug=ERROR``."""
    if isinstance(value, str):
        parts = [part.partition("=") for part in value.split(",") if part.strip()]
        pairs: dict[object, object] = {name.strip(): word.strip() for name, _, word in parts}
    elif isinstance(value, Mapping):
        pairs = dict(value)
    else:
        raise ValueError("use a mapping of logger to level")  # noqa: TRY004 - one kind of refusal
    if not all(isinstance(name, str) and name for name in pairs):
        raise ValueError("name a logger before each '=', as in sqlalchemy.engine=INFO,werkzeug=ERROR")
    return {str(name): level(word) for name, word in pairs.items()}


def words(value: object) -> frozenset[str]:
    """Read a set of words: a collection of them, or text that separates them by commas."""
    found = value.split(",") if isinstance(value, str) else value
    if not isinstance(found, list | tuple | set | frozenset) or not all(isinstance(word, str) for word in found):
        raise ValueError("use a list of names, or one text that separates them by commas")
    return frozenset(word.strip() for word in found if word.strip())
