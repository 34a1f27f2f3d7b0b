r"""Read a dissection: ``%{fields}`` and the delimiters between them. Source: logstash-filter-dissect 1.3.0.

``%{name}`` is a field, ``%{}`` and ``%{?name}`` are skipped, ``%{+name}`` is appended to a field (``%{+name/2}`` says
in which order), ``%{&name}`` is put under the name found elsewhere. ``->`` at its end lets a field be followed by its
delimiter several times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Self

_FIELD: Final = re.compile(r"(.*?)%\{([^}]*)\}", re.DOTALL)
_SUFFIX: Final = r"/\d{1,2}(?:->)?|->(?:/\d{1,2})?"
_ONLY_SUFFIX: Final = re.compile(rf"(?:{_SUFFIX})?", re.ASCII)
_NAME_AND_SUFFIX: Final = re.compile(rf"([^\n\r\x85\u2028\u2029]+?)({_SUFFIX})?", re.ASCII)
_ORDER: Final = re.compile(r"\d+", re.ASCII)
_PADDING: Final = "->"
_REST: Final = "?auto_added_skip"
"""The field that takes what follows the last delimiter, when no field does."""


class MappingError(ValueError):
    """A dissection that Logstash refuses at load."""


class Kind(IntEnum):
    """What is done with what a field finds; the order is that in which it is done."""

    SKIP = 0
    NORMAL = 1
    APPEND = 2
    INDIRECT = 3


@dataclass(frozen=True, slots=True)
class MappedField:
    """One field of a dissection.

    Attributes:
        kind: What is done with what it finds.
        name: Its name, without signs.
        order: When it is appended, among those appended.
        padded: Whether the delimiter after it may be repeated.
        delimiter: The text before it; the empty text when there is none.
    """

    kind: Kind
    name: str
    order: int
    padded: bool
    delimiter: str

    @classmethod
    def parse(cls, delimiter: str, text: str) -> Self:
        """Read what stands between the braces.

        Raises:
            MappingError: When signs are mixed or stand alone.
        """
        kind, rest = _kind(text)
        name, suffix = _split_suffix(rest)
        if kind in {Kind.APPEND, Kind.INDIRECT} and not name:
            raise MappingError(f"the field %{{{text}}} has a sign but no name")
        order = _ORDER.search(suffix) if kind is Kind.APPEND else None
        return cls(kind, name, int(order[0]) if order else 0, _PADDING in suffix, delimiter)


def parse_mapping(text: str) -> tuple[MappedField, ...]:
    """Return the fields of a dissection, from left to right.

    Raises:
        MappingError: When a field is malformed, or there is text but no field.
    """
    parts = [(match[1], match[2]) for match in _FIELD.finditer(text)]
    rest = text[text.rfind("}") + 1 :]
    if rest:
        if not parts:
            raise MappingError(f"{text!r} has no field")
        parts.append((rest, _REST))
    return tuple(MappedField.parse(delimiter, field) for delimiter, field in parts)


def _kind(text: str) -> tuple[Kind, str]:
    """Return what a field's sign means, and the text without it."""
    if text.startswith(("+&", "&+")):
        raise MappingError(f"the field %{{{text}}} cannot be both appended (+) and indirect (&)")
    sign = text[:1]
    if sign == "+":
        return Kind.APPEND, text[1:]
    if sign == "&":
        return Kind.INDIRECT, text[1:]
    return (Kind.SKIP, text[1:]) if sign in {"", "?"} else (Kind.NORMAL, text)


def _split_suffix(text: str) -> tuple[str, str]:
    """Return a field's name and its suffix; a text that is nothing but a suffix is a field without a name."""
    if _ONLY_SUFFIX.fullmatch(text):
        return "", text
    match = _NAME_AND_SUFFIX.fullmatch(text)
    return (text, "") if match is None else (match[1], match[2] or "")
