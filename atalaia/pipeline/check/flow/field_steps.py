"""What a plugin does to single fields."""

from __future__ import annotations

from dataclasses import dataclass, replace

from atalaia.pipeline.check.flow.fields import Field, Kind, Path, Presence, State
from atalaia.pipeline.check.flow.references import is_dynamic, is_malformed, path_of
from atalaia.pipeline.check.flow.steps import Scene, Step


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


def _may_refuse(field: str, state: State) -> bool:
    """Tell whether putting a value in a field may raise."""
    path = path_of(field)
    return path is None or not state.takes(path)


def _unnamed(field: str, state: State) -> State:
    """Return the state after a field was set whose name the event decides, or that can have no name."""
    return state.opened() if is_dynamic(field) else state


def _surely(state: State, path: Path) -> State:
    return replace(state, fields={**state.fields, path: replace(state.fields[path], presence=Presence.CERTAIN)})
