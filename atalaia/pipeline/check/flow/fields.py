"""What is known of an event's fields at one point of a pipeline.

Nothing is claimed that is not certain: a field that something may have set on any way here counts as one that may be
there, and below a value nobody knows anything may be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Final, Self, TypeAlias

from atalaia.pipeline.errors import Position

Path: TypeAlias = tuple[str, ...]
"""The names of a reference, ``@metadata`` among them; empty for the whole event."""


class Kind(Enum):
    """What a field holds when it is not null: one such value, or a list of them.

    ``NUMERIC`` is a number, or what none could be made of; ``LOGICAL`` a boolean, or what says neither true nor false.
    """

    TEXT = auto()
    NUMBER = auto()
    NUMERIC = auto()
    BOOLEAN = auto()
    LOGICAL = auto()
    TIMESTAMP = auto()
    OBJECT = auto()
    ANY = auto()


class Presence(Enum):
    """Whether a field is there."""

    ABSENT = auto()
    POSSIBLE = auto()
    CERTAIN = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """A field.

    Attributes:
        presence: Whether it is there.
        kind: What it holds when it is.
        open: Whether anything may be below it.
        removed: Where it was taken away, when that is why it is absent.
    """

    presence: Presence
    kind: Kind = Kind.ANY
    open: bool = False
    removed: Position | None = None

    @property
    def absent(self) -> bool:
        """Whether it cannot be there."""
        return self.presence is Presence.ABSENT

    @property
    def certain(self) -> bool:
        """Whether it is there for sure."""
        return self.presence is Presence.CERTAIN


NEVER_SET: Final = Field(Presence.ABSENT)
UNKNOWN: Final = Field(Presence.POSSIBLE, Kind.ANY, open=True)
_SCALAR: Final = (Kind.TEXT, Kind.NUMBER, Kind.NUMERIC, Kind.BOOLEAN, Kind.LOGICAL, Kind.TIMESTAMP)


@dataclass(frozen=True, slots=True)
class State:
    """An event as far as it is known.

    Attributes:
        fields: What is known of places; the empty path is the event itself.
        tags: The tags it may have.
        any_tags: Whether it may have any others.
        gone: Whether no event gets here.
    """

    fields: Mapping[Path, Field] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    any_tags: bool = False
    gone: bool = False

    def at(self, path: Path) -> Field:
        """Return what is known of a place."""
        exact = self.fields.get(path)
        if exact is not None:
            return exact
        below = [found for place, found in self.fields.items() if place[: len(path)] == path and not found.absent]
        if below:
            presence = Presence.CERTAIN if any(found.certain for found in below) else Presence.POSSIBLE
            around = self._inherited(path)
            return Field(presence, Kind.OBJECT) if around.absent else Field(presence, Kind.ANY, open=True)
        return self._inherited(path)

    def _inherited(self, path: Path) -> Field:
        """Return what the nearest known parent says of a place that itself is not known."""
        for length in range(len(path) - 1, -1, -1):
            parent = self.fields.get(path[:length])
            if parent is None:
                continue
            if parent.absent:
                return parent
            closed = length == 0 or parent.kind in (*_SCALAR, Kind.OBJECT)
            return NEVER_SET if closed and not parent.open else UNKNOWN
        return NEVER_SET

    def takes(self, path: Path) -> bool:
        """Tell whether a value can be put in a place for sure: nothing on the way to it may be a scalar."""
        parents = [self.at(path[:length]) for length in range(1, len(path))]
        return all(parent.absent or parent.kind is Kind.OBJECT for parent in parents)

    def with_field(self, path: Path, found: Field) -> Self:
        """Return the state after a value was put in a place for sure; what was below it is gone."""
        fields = {place: known for place, known in self.fields.items() if place[: len(path)] != path}
        for length in range(1, len(path)):
            parent = fields.get(path[:length])
            if parent is not None and parent.absent:
                fields[path[:length]] = Field(found.presence, Kind.OBJECT)
        fields[path] = found
        return replace(self, fields=fields)

    def with_possible(self, path: Path, kind: Kind, *, open_below: bool = False) -> Self:
        """Return the state after a value may have been put in a place, which may have had one before."""
        before = self.at(path)
        presence = Presence.CERTAIN if before.certain else Presence.POSSIBLE
        same = before.absent or before.kind is kind
        found = Field(presence, kind if same else Kind.ANY, open_below or before.open)
        below = {place: known for place, known in self.fields.items() if place[: len(path)] == path and place != path}
        after = self.with_field(path, found)
        return replace(after, fields={**after.fields, **below})

    def without(self, path: Path, removed: Position) -> Self:
        """Return the state after a field was taken away."""
        if self.at(path).absent:
            return self
        return self.with_field(path, Field(Presence.ABSENT, removed=removed))

    def perhaps_without(self, path: Path) -> Self:
        """Return the state after a field may have been taken away."""
        fields = {
            place: replace(found, presence=Presence.POSSIBLE) if place[: len(path)] == path and found.certain else found
            for place, found in self.fields.items()
        }
        return replace(self, fields=fields)

    def copied(self, source: Path, target: Path) -> Self:
        """Return the state after a field, with all below it, was put in another place too."""
        found = self.at(source)
        if found.absent:
            return self
        below = {
            target + place[len(source) :]: known
            for place, known in self.fields.items()
            if place[: len(source)] == source and place != source
        }
        after = self.with_field(target, found) if found.certain else self.with_possible(target, found.kind)
        return replace(after, fields={**after.fields, target: replace(after.fields[target], open=found.open), **below})

    def opened(self) -> Self:
        """Return the state after fields of any name, and any tags, may have been set."""
        fields = {
            place: UNKNOWN if known.absent else replace(known, kind=Kind.ANY) for place, known in self.fields.items()
        }
        root = Field(Presence.CERTAIN, Kind.OBJECT, open=True)
        return replace(self, fields={**fields, (): root}, any_tags=True)

    def tagged(self, tags: Iterable[str]) -> Self:
        """Return the state after tags may have been added."""
        return replace(self, tags=self.tags | frozenset(tags))


GONE: Final = State(gone=True)
"""After a filter that drops every event."""


def joined(states: Iterable[State]) -> State:
    """Return what is known where several ways meet."""
    ways = [state for state in states if not state.gone]
    if not ways:
        return GONE
    merged = ways[0]
    for state in ways[1:]:
        merged = _met(merged, state)
    return merged


def _met(one: State, other: State) -> State:
    places = {**one.fields, **other.fields}
    fields = {place: _either(one.at(place), other.at(place)) for place in places}
    return State(fields, one.tags | other.tags, one.any_tags or other.any_tags)


def _either(one: Field, other: Field) -> Field:
    if one.absent and other.absent:
        return one if one.removed is not None and other.removed is not None else NEVER_SET
    if one.absent or other.absent:
        there = other if one.absent else one
        return replace(there, presence=Presence.POSSIBLE)
    presence = Presence.CERTAIN if one.certain and other.certain else Presence.POSSIBLE
    return Field(presence, one.kind if one.kind is other.kind else Kind.ANY, one.open or other.open)
