"""The syntax tree of a configuration: what was written, where, and nothing about what it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from atalaia.pipeline.errors import Position


@dataclass(frozen=True, slots=True)
class Word:
    """A bare word."""

    position: Position
    text: str


@dataclass(frozen=True, slots=True)
class String:
    """A quoted text, without its quotes; backslashes are kept unless ``config.support_escapes`` is on."""

    position: Position
    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number; with a point it is a float."""

    position: Position
    value: int | float


@dataclass(frozen=True, slots=True)
class Array:
    """An array, or a literal list in a condition."""

    position: Position
    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Hash:
    """A hash: names to values, as written; ``places`` is where each name stands."""

    position: Position
    entries: tuple[tuple[str, Value], ...]
    places: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Attribute:
    """One option of a plugin."""

    position: Position
    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin, or a codec with braces as a value."""

    position: Position
    name: str
    attributes: tuple[Attribute, ...]


Value: TypeAlias = Word | String | Number | Array | Hash | Plugin
"""What may stand right of ``=>``."""


@dataclass(frozen=True, slots=True)
class Selector:
    """A field reference in a condition, with its brackets."""

    position: Position
    text: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression, without slashes or quotes."""

    position: Position
    text: str


Operand: TypeAlias = String | Number | Selector | Array


@dataclass(frozen=True, slots=True)
class Comparison:
    """``left == right`` and its kin."""

    position: Position
    operator: str
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Membership:
    """``left in right``, or ``not in``."""

    position: Position
    negated: bool
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Match:
    """``left =~ pattern``, or ``!~``."""

    position: Position
    negated: bool
    left: Operand
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Not:
    """``! inner``."""

    position: Position
    inner: Condition


class BooleanOperator(StrEnum):
    """The operators that join conditions."""

    AND = "and"
    OR = "or"
    XOR = "xor"
    NAND = "nand"


@dataclass(frozen=True, slots=True)
class Joined:
    """Two conditions and the operator between them.

    ``surprising`` marks the whole of a condition in which operators bind otherwise than in other languages.
    """

    position: Position
    operator: BooleanOperator
    left: Condition
    right: Condition
    surprising: bool = False


Condition: TypeAlias = Comparison | Membership | Match | Not | Joined | Operand


@dataclass(frozen=True, slots=True)
class Arm:
    """A condition and what is done when it holds; without one it is the ``else``."""

    position: Position
    condition: Condition | None
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """``if``, any ``else if``, perhaps ``else``."""

    position: Position
    arms: tuple[Arm, ...]


Statement: TypeAlias = Plugin | Branch


@dataclass(frozen=True, slots=True)
class Section:
    """``input``, ``filter`` or ``output``."""

    position: Position
    kind: str
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Configuration:
    """A whole file."""

    file: str
    sections: tuple[Section, ...]

    def statements(self, kind: str) -> Sequence[Statement]:
        """Return the statements of all sections of one kind, in the order of the file."""
        return [statement for section in self.sections if section.kind == kind for statement in section.body]
