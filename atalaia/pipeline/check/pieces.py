"""Take the value of an option apart, so that each part can be tried alone: every bad pattern is told, not the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from atalaia.pipeline.settings import SettingValue

_TRIPLE = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a value.

    Attributes:
        value: What the option would be with nothing but this part.
        text: The text in it that says where it stands.
        name: The name it stands under, in a hash.
    """

    value: SettingValue
    text: str
    name: str | None = None

    def place(self, problem: str) -> str:
        """Return the text that a problem is about: the name when the problem cites it."""
        return self.name if self.name is not None and repr(self.name) in problem else self.text


def pieces(option: str, value: SettingValue) -> Iterator[Piece]:
    """Yield the parts of a value that mean something alone.

    Args:
        option: Its name: ``gsub`` takes its items by threes, ``match`` in an array begins with a field.
        value: Its value.
    """
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _entry(name, item)
    elif isinstance(value, list) and option == "gsub":
        for at in range(0, len(value) - _TRIPLE + 1, _TRIPLE):
            yield Piece(value[at : at + _TRIPLE], str(value[at + 1]))
    elif isinstance(value, list) and option == "match":
        yield from (Piece([value[0], item], str(item)) for item in value[1:])
    elif isinstance(value, list):
        yield from (Piece([item], str(item)) for item in value)
    elif isinstance(value, str):
        yield Piece(value, value)


def _entry(name: str, item: SettingValue) -> Iterator[Piece]:
    if isinstance(item, list):
        yield from (Piece({name: [part]}, str(part), name) for part in item)
    elif isinstance(item, dict):
        yield Piece({name: item}, name)
    else:
        yield Piece({name: item}, str(item), name)
