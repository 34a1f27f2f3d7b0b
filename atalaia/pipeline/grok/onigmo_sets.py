r"""What Onigmo's escapes and named character classes mean, written as contents of a set of the ``regex`` module.

Source: Onigmo's ``doc/RE`` for Ruby syntax and UTF-8: ``\w \d \s \h`` are ASCII, POSIX brackets and properties
are Unicode.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from atalaia.pipeline.errors import PipelineError

_WORD: Final = "A-Za-z0-9_"
_GRAPH: Final = r"[^\p{White_Space}\p{Cc}\p{Cn}\p{Cs}]"

SHORTHANDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "w": _WORD,
        "W": f"[^{_WORD}]",
        "d": "0-9",
        "D": "[^0-9]",
        "s": r"\x20\t\r\n\f\x0b",
        "S": r"[^\x20\t\r\n\f\x0b]",
        "h": "0-9A-Fa-f",
        "H": "[^0-9A-Fa-f]",
    },
)
"""Letter after a backslash -> what it adds to a set."""

CONTROLS: Final[Mapping[str, str]] = MappingProxyType(
    {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "a": "\a", "e": "\x1b"},
)
"""Letter after a backslash -> the one character it stands for."""

_NAMED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "alnum": r"\p{Alphabetic}\p{Nd}",
        "alpha": r"\p{Alphabetic}",
        "ascii": r"\x00-\x7f",
        "blank": r"\p{Zs}\t",
        "cntrl": r"\p{Cc}",
        "digit": r"\p{Nd}",
        "graph": _GRAPH,
        "lower": r"\p{Lowercase}",
        "print": rf"{_GRAPH}\p{{Zs}}",
        "punct": r"\p{P}\$\+<=>\^`\|\~",
        "space": r"\p{White_Space}",
        "upper": r"\p{Uppercase}",
        "word": r"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}",
        "xdigit": "0-9A-Fa-f",
    },
)


class ExpressionError(PipelineError):
    """A regular expression that Onigmo would refuse, or that we cannot translate."""


def posix(name: str, *, negated: bool) -> str:
    """Return the set contents of ``[:name:]``.

    Raises:
        ExpressionError: When there is no such class.
    """
    if name not in _NAMED:
        raise ExpressionError(f"there is no character class [:{name}:]", f"use one of {', '.join(_NAMED)}")
    return f"[^{_NAMED[name]}]" if negated else _NAMED[name]


def unicode_property(name: str, *, negated: bool) -> str:
    r"""Return the set contents of ``\p{name}``; a name that is not POSIX's is left to the ``regex`` module."""
    inner = name.removeprefix("^")
    inverted = negated != name.startswith("^")
    contents = _NAMED.get(inner.lower()) or rf"\p{{{inner}}}"
    return f"[^{contents}]" if inverted else contents


def literal(character: str) -> str:
    """Return a character so that neither the ``regex`` module nor one of its sets takes it for syntax."""
    if character.isalnum() or character == "_" or not character.isascii():
        return character
    return f"\\{character}" if character.isprintable() and character != " " else f"\\x{ord(character):02x}"
