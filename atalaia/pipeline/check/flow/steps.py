"""What a plugin does to an event, in the words the checks understand: a plugin's declaration is a list of these."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from atalaia.pipeline.check.flow.fields import GONE, Field, Kind, Path, Presence, State, joined
from atalaia.pipeline.check.flow.references import is_dynamic, is_malformed, path_of
from atalaia.pipeline.errors import Position

_KEPT: Final = ("@timestamp", "@version", "@metadata")


class Scene(Protocol):
    """Where a step is taken."""

    def place(self, option: str, text: str) -> Position:
        """Return where a text stands in an option."""
        ...

    def read(self, text: str, option: str, state: State) -> None:
        """Take note of a reference that is read."""
        ...


class Step:
    """One thing that is done to an event."""

    __slots__ = ()

    def apply(self, state: State, scene: Scene) -> State:
        """Return what is known of the event afterwards."""
        raise NotImplementedError

    def may_fail(self, _state: State) -> bool:
        """Tell whether it may raise instead, so that its plugin does nothing more to the event."""
        return False

    def failed(self, state: State) -> State:
        """Return what is known of the event when it did raise."""
        return state


def apply_steps(steps: Iterable[Step], state: State, scene: Scene) -> State:
    """Return what is known of an event after some steps, of which one that fails may have been the last."""
    ends: list[State] = []
    for step in steps:
        if step.may_fail(state):
            ends.append(step.failed(state))
        state = step.apply(state, scene)
    return joined((*ends, state))


@dataclass(frozen=True, slots=True)
class Read(Step):
    """A field is read."""

    field: str
    option: str

    def apply(self, state: State, scene: Scene) -> State:
        """See :class:`Step`."""
        if self.field:  # an option that is missing names none
            scene.read(self.field, self.option, state)
        return state

    def may_fail(self, _state: State) -> bool:
        """See :class:`Step`."""
        return is_malformed(self.field)


@dataclass(frozen=True, slots=True)
class Set(Step):
    """A field gets a value: for sure, or perhaps; with ``open_below`` anything may be below it."""

    field: str
    kind: Kind = Kind.ANY
    certain: bool = False
    open_below: bool = False

    def apply(self, state: State, scene: Scene) -> State:
        """See :class:`Step`."""
        del scene  # nothing is read
        path = path_of(self.field)
        if path is None:
            return _unnamed(self.field, state)
        if self.certain:
            return state.with_field(path, Field(Presence.CERTAIN, self.kind, self.open_below))
        return state.with_possible(path, self.kind, open_below=self.open_below)

    def may_fail(self, state: State) -> bool:
        """See :class:`Step`."""
        return _may_refuse(self.field, state)


@dataclass(frozen=True, slots=True)
class Append(Step):
    """A text is put in a field, or appended to what is there."""

    field: str
    certain: bool = False

    def apply(self, state: State, scene: Scene) -> State:
        """See :class:`Step`."""
        del scene  # nothing is read
        path = path_of(self.field)
        if path is None:
            return _unnamed(self.field, state)
        if self.certain and state.at(path).absent:
            return state.with_field(path, Field(Presence.CERTAIN, Kind.TEXT))
        after = state.with_possible(path, Kind.TEXT)
        return _surely(after, path) if self.certain else after

    def may_fail(self, state: State) -> bool:
        """See :class:`Step`."""
        return _may_refuse(self.field, state)


@dataclass(frozen=True, slots=True)
class Become(Step):
    """What is in a field, if anything, becomes of a kind."""

    field: str
    kind: Kind

    def apply(self, state: State, scene: Scene) -> State:
        """See :class:`Step`."""
        del scene  # nothing is read
        return self.failed(state)

    def may_fail(self, _state: State) -> bool:
        """See :class:`Step`."""
        return self.kind is Kind.NUMERIC

    def failed(self, state: State) -> State:
        """Return the same: of a kind is also what could not be made one of it, but an object is no text."""
        path = path_of(self.field)
        found = None if path is None else state.at(path)
        if path is None or found is None or found.absent:
            return state
        kept = self.kind is Kind.TEXT and found.kind in (Kind.ANY, Kind.OBJECT)
        kind = found.kind if kept else self.kind
        return replace(state, fields={**state.fields, path: replace(found, kind=kind)})


@dataclass(frozen=True, slots=True)
class Copy(Step):
    """A field is copied."""

    source: str
    target: str
    option: str

    def apply(self, state: State, scene: Scene) -> State:
        """See :class:`Step`."""
        scene.read(self.source, self.option, state)
        source, target = path_of(self.source), path_of(self.target)
        if source is None or target is None:
            return _unnamed(self.source + self.target, state)
        return state.copied(source, target)

    def may_fail(self, state: State) -> bool:
        """See :class:`Step`."""
        return is_malformed(self.source) or _may_refuse(self.target, state)


@dataclass(frozen=True, slots=True)
class Move(Copy):
    """A field is renamed."""

    def apply(self, state: State, scene: Scene) -> State:
        """See :class:`Step`."""
        copied = Copy.apply(self, state, scene)
        source, target = path_of(self.source), path_of(self.target)
        if source is None or target is None or target[: len(source)] == source:
            return copied
        return copied.without(source, scene.place(self.option, self.source))


@dataclass(frozen=True, slots=True)
class Remove(Step):
    """A field is taken away: for sure, or perhaps."""

    field: str
    option: str
    certain: bool = False

    def apply(self, state: State, scene: Scene) -> State:
        """See :class:`Step`."""
        path = path_of(self.field)
        if path is None:
            return state.perhaps_without(()) if is_dynamic(self.field) else state
        if self.certain:
            return state.without(path, scene.place(self.option, self.field))
        return state.perhaps_without(path)

    def may_fail(self, _state: State) -> bool:
        """See :class:`Step`."""
        return is_malformed(self.field)


@dataclass(frozen=True, slots=True)
class Tag(Step):
    """Tags may be added."""

    tags: tuple[str, ...]

    def apply(self, state: State, scene: Scene) -> State:
        """See :class:`Step`."""
        del scene  # nothing is read
        tagged = state.tagged(self.tags)
        return replace(tagged, any_tags=True) if any(map(is_dynamic, self.tags)) else tagged


@dataclass(frozen=True, slots=True)
class Open(Step):
    """Fields of any name may be set, tags among them."""

    def apply(self, state: State, scene: Scene) -> State:
        """See :class:`Step`."""
        del scene  # nothing is read
        return state.opened()


@dataclass(frozen=True, slots=True)
class Anything(Step):
    """Anything may happen: nobody knows what this plugin does."""

    def apply(self, state: State, scene: Scene) -> State:
        """See :class:`Step`."""
        del scene  # nothing is read that is known of
        return state.perhaps_without(()).opened()


@dataclass(frozen=True, slots=True)
class KeepOnly(Step):
    """Top-level fields are kept when one of the expressions is found in their name."""

    expressions: tuple[str, ...]

    def apply(self, state: State, scene: Scene) -> State:
        """See :class:`Step`."""
        del scene  # nothing is read
        try:
            searches = [re.compile(expression).search for expression in self.expressions]
        except re.error:  # an expression of another dialect: nothing is known of what is kept
            return state
        gone = {
            path for path in state.fields if path and path[0] not in _KEPT and not any(s(path[0]) for s in searches)
        }
        fields = {path: Field(Presence.ABSENT) if path in gone else known for path, known in state.fields.items()}
        return replace(state, fields=fields)


@dataclass(frozen=True, slots=True)
class Drop(Step):
    """The event goes no further."""

    def apply(self, state: State, scene: Scene) -> State:
        """See :class:`Step`."""
        del state, scene  # whatever it was, it is gone
        return GONE


def _may_refuse(field: str, state: State) -> bool:
    """Tell whether putting a value in a field may raise."""
    path = path_of(field)
    return path is None or not state.takes(path)


def _unnamed(field: str, state: State) -> State:
    """Return the state after a field was set whose name the event decides, or that can have no name."""
    return state.opened() if is_dynamic(field) else state


def _surely(state: State, path: Path) -> State:
    return replace(state, fields={**state.fields, path: replace(state.fields[path], presence=Presence.CERTAIN)})
