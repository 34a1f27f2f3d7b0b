"""Write code that reads and changes an event.

Every piece has a short way for what events look like nearly always (objects on the way, fields that are absent),
written inline, and leaves the rest to the functions of ``reference.py``: they alone say what a reference means.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from atalaia.pipeline.codegen.facts import Fact, Facts, Path, path_of
from atalaia.pipeline.codegen.source import Source
from atalaia.pipeline.event import METADATA, TAGS, TIMESTAMP, Event
from atalaia.pipeline.reference import FieldReference, child_of

MISSING: Final = object()
"""What ``pop`` gives when there is nothing to take away."""


class Emitter:
    """Writes the code of one section; local variables ``event``, ``data`` and ``meta`` are the event and its parts.

    Args:
        source: Where it is written.
        shortcuts: Whether operations are written inline; without, every one is a call of the function that says what
            it means, for tests that compare the two.
    """

    def __init__(self, source: Source, *, shortcuts: bool = True) -> None:
        self.source = source
        self.shortcuts = shortcuts
        self.facts = Facts()
        self._counts: dict[str, None] = {}
        self._child = source.bind(child_of, "child")
        self._missing = source.bind(MISSING, "missing")

    def tallied(self, letter: str, number: int) -> str:
        """Return the local variable of a count; see ``counts.py`` for the letters."""
        self._counts[f"{letter}{number}"] = None
        return f"{letter}{number}"

    @property
    def counts(self) -> tuple[str, ...]:
        """The names of all counts."""
        return tuple(self._counts)

    def begin_event(self) -> None:
        """Write what every event begins with, and what follows a call that may have exchanged the metadata."""
        self.source.line("data = event.data")
        self.source.line("meta = event.metadata")
        self.facts.forget_all()

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Write a compound statement whose body may not run."""
        with self.facts.branch(), self.source.indented(head):
            yield

    def called(self, writes: Sequence[FieldReference] | None) -> None:
        """Note that a function was called that may have changed these places; ``None`` is anything."""
        if writes is None or any(reference.is_metadata for reference in writes):
            self.begin_event()
            return
        for reference in writes:
            self.facts.forget_written(path_of(reference))

    def reload_all(self) -> None:
        """Write code that makes every fact true again after work that may have ended anywhere."""
        self.source.line("data = event.data")
        self.source.line("meta = event.metadata")
        for path, fact in self.facts.known().items():
            self.source.line(f"{fact.variable} = {self.source.bind(reference_of(path).get, 'get')}(event)")
            self.facts.learn(path, Fact(fact.variable))

    # --- Reading --------------------------------------------------------------------------------------------------

    def container(self, path: Path) -> Fact:
        """Return a variable that holds what stands at a path, written out where it is not known yet."""
        if not path:
            return Fact("data", is_object=True)
        if path == (METADATA,):
            return Fact("meta", is_object=True)
        known = self.facts.find(path)
        if known is not None:
            return known
        variable = self.source.local("c")
        self.source.line(f"{variable} = {self._item(self.container(path[:-1]), path[-1])}")
        fact = Fact(variable)
        self.facts.learn(path, fact)
        return fact

    def value(self, reference: FieldReference) -> str:
        """Return an expression for the value at a reference, ``None`` when there is none."""
        path = path_of(reference)
        if reference.is_metadata:
            return "meta"
        known = self.facts.find(path)
        return known.variable if known is not None else self._item(self.container(path[:-1]), path[-1])

    def held(self, reference: FieldReference) -> str:
        """Return a variable that holds the value at a reference."""
        return self.container(path_of(reference)).variable

    def includes(self, reference: FieldReference) -> str:
        """Return an expression that tells whether the place exists."""
        path = path_of(reference)
        if reference.is_metadata:
            return "True"
        parent = self.container(path[:-1])
        inside = f"{path[-1]!r} in {parent.variable}"
        if parent.is_object:
            return f"({inside})"
        otherwise = self.source.bind(reference.includes, "includes")
        return f"({inside} if type({parent.variable}) is dict else {otherwise}(event))"

    def _item(self, parent: Fact, key: str) -> str:
        """Return an expression for a member of what a variable holds."""
        name = parent.variable
        if parent.is_object:
            return f"{name}.get({key!r})"
        otherwise = f"None if {name} is None else {self._child}({name}, {key!r})"
        return f"({name}.get({key!r}) if type({name}) is dict else {otherwise})"

    # --- Changing -------------------------------------------------------------------------------------------------

    def prepare(self, reference: FieldReference) -> None:
        """Look the parents of a place up that a block is going to write: what is known of them outlives the block."""
        self.container(path_of(reference)[:-1])

    def store(self, reference: FieldReference, value: str) -> None:
        """Write code that puts a value (a variable or a literal) at a reference, making objects on the way."""
        path = path_of(reference)
        if reference.is_metadata or _is_reserved(reference):
            self.source.line(f"{self.source.bind(reference.set, 'set')}(event, {value})")
            self.called([reference])
            return
        parent = self._made(path[:-1])
        self.facts.forget_below(path)
        if parent.is_object:
            self.source.line(f"{parent.variable}[{path[-1]!r}] = {value}")
            return
        with self.source.indented(f"if type({parent.variable}) is dict:"):
            self.source.line(f"{parent.variable}[{path[-1]!r}] = {value}")
        with self.source.indented("else:"):
            self.source.line(f"{self.source.bind(reference.set, 'set')}(event, {value})")
            self._reload(path[:-1])

    def take(self, reference: FieldReference, variable: str) -> None:
        """Write code that takes a value away into a variable; ``MISSING`` when the place does not exist."""
        path = path_of(reference)
        parent = self.container(path[:-1])
        popped = f"{parent.variable}.pop({path[-1]!r}, {self._missing})"
        if parent.is_object:
            self.source.line(f"{variable} = {popped}")
        else:
            away = self.source.bind(take_away, "take")
            place = self.source.bind(reference, "place")
            self.source.line(
                f"{variable} = {popped} if type({parent.variable}) is dict else "
                f"{self._missing} if {parent.variable} is None else {away}(event, {place})"
            )
        self.facts.forget_below(path)

    def remove(self, reference: FieldReference) -> None:
        """Write code that takes a value away."""
        path = path_of(reference)
        if reference.is_metadata:
            self.source.line(f"{self.source.bind(reference.remove, 'remove')}(event)")
            self.called([reference])
            return
        parent = self.container(path[:-1])
        self.facts.forget_below(path)
        if parent.is_object:
            self.source.line(f"{parent.variable}.pop({path[-1]!r}, None)")
            return
        with self.source.indented(f"if type({parent.variable}) is dict:"):
            self.source.line(f"{parent.variable}.pop({path[-1]!r}, None)")
        with self.source.indented(f"elif {parent.variable} is not None:"):
            self.source.line(f"{self.source.bind(reference.remove, 'remove')}(event)")

    @property
    def missing(self) -> str:
        """The name of ``MISSING``."""
        return self._missing

    def _made(self, path: Path) -> Fact:
        """Return a variable for a parent that is to be written below; where nothing is, an object is made."""
        if not path or path == (METADATA,):
            return self.container(path)
        known = self.facts.find(path)
        if known is not None and known.is_object:
            return known
        above = self._made(path[:-1])
        variable = self.container(path).variable
        make = f"if {variable} is None{'' if above.is_object else f' and type({above.variable}) is dict'}:"
        with self.source.indented(make):
            self.source.line(f"{variable} = {above.variable}[{path[-1]!r}] = {{}}")
        return Fact(variable)

    def _reload(self, path: Path) -> None:
        """Write code that looks parents up again after a write out of sight."""
        for length in range(1, len(path) + 1):
            known = self.facts.find(path[:length])
            if known is not None:
                again = reference_of(path[:length])
                self.source.line(f"{known.variable} = {self.source.bind(again.get, 'get')}(event)")


def reference_of(path: Path) -> FieldReference:
    """Return the reference of a path."""
    return FieldReference.parse("".join(f"[{name}]" for name in path))


def take_away(event: Event, place: FieldReference) -> object:
    """Take a value away and return it; ``MISSING`` when the place does not exist."""
    return place.remove(event) if place.includes(event) else MISSING


def _is_reserved(reference: FieldReference) -> bool:
    first = reference.parents[0] if reference.parents else reference.key
    return not reference.in_metadata and first in (TAGS, TIMESTAMP)
