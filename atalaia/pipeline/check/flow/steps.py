"""What a plugin does to an event, in the words the checks understand: a plugin's declaration is a list of these.

Steps that change single fields stand in ``field_steps.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from atalaia.pipeline.check.flow.fields import GONE, Field, Presence, State, joined
from atalaia.pipeline.check.flow.references import is_dynamic, is_malformed
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
