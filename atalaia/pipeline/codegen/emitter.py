"""Write code that reads and changes an event.

Every piece has a short way for what events look like nearly always (objects on the way, fields that are absent),
written inline, and leaves the rest to the functions of ``reference.py``: they alone say what a reference means.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from atalaia.pipeline.codegen.facts import Fact, Facts, Path, is_index, path_of
from atalaia.pipeline.codegen.source import Source
from atalaia.pipeline.event import METADATA, TAGS, TIMESTAMP, Event
from atalaia.pipeline.reference import FieldReference, child_of
from atalaia.pipeline.values import Value

MISSING: Final = object()
"""What ``pop`` gives when there is nothing to take away."""

EMPTY: Final[dict[str, Value]] = {}
"""Stands for whatever is no object; nothing is ever put into it."""


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
        self._missing = source.bind(MISSING, "missing")
        self._empty = source.bind(EMPTY, "empty")

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

    def changed(self, reference: FieldReference) -> None:
        """Note that a function was called that changed a place which existed."""
        self.facts.forget_below(path_of(reference))

    def reload_all(self) -> None:
        """Write code that makes every fact true again after work that may have ended anywhere."""
        self.source.line("data = event.data")
        self.source.line("meta = event.metadata")
        for path, fact in self.facts.known().items():
            self._reload(path, fact)

    # --- Reading --------------------------------------------------------------------------------------------------

    def container(self, path: Path) -> Fact:
        """Return the variables that hold what stands at a path, written out where it is not known yet."""
        if not path:
            return Fact("data", "data", certain=True)
        if path == (METADATA,):
            return Fact("meta", "meta", certain=True)
        known = self.facts.find(path)
        if known is not None:
            return known
        value = self._item(self.container(path[:-1]), path[-1])
        number = self.source.local("c")
        fact = Fact(number, f"o{number[1:]}")
        self.source.line(f"{fact.value} = {value}")
        self._hold_object(fact)
        self.facts.learn(path, fact)
        return fact

    def value(self, reference: FieldReference) -> str:
        """Return an expression for the value at a reference, ``None`` when there is none."""
        path = path_of(reference)
        if reference.is_metadata:
            return "meta"
        known = self.facts.find(path)
        return known.value if known is not None else self._item(self.container(path[:-1]), path[-1])

    def includes(self, reference: FieldReference) -> str:
        """Return an expression that tells whether the place exists."""
        path = path_of(reference)
        if reference.is_metadata:
            return "True"
        if is_index(path[-1]):
            return f"{self.source.bind(reference.includes, 'includes')}(event)"
        return f"{path[-1]!r} in {self.container(path[:-1]).object}"

    def _item(self, parent: Fact, key: str) -> str:
        """Return an expression for a member of an object; only a number can also mean an item of a list."""
        if is_index(key) and not parent.certain:
            return f"{self.source.bind(child_of, 'child')}({parent.value}, {key!r})"
        return f"{parent.object}.get({key!r})"

    def _hold_object(self, fact: Fact) -> None:
        self.source.line(f"{fact.object} = {fact.value} if type({fact.value}) is dict else {self._empty}")

    def _reload(self, path: Path, fact: Fact) -> None:
        again = self.source.bind(reference_of(path).get, "get")
        self.source.line(f"{fact.value} = {again}(event)")
        self._hold_object(fact)

    # --- Changing -------------------------------------------------------------------------------------------------

    def prepare(self, reference: FieldReference) -> None:
        """Look the parents of a place up that a block is going to write: what is known of them outlives the block."""
        self.container(path_of(reference)[:-1])

    def store(self, reference: FieldReference, value: str) -> None:
        """Write code that puts a value (a variable or a literal) at a reference, making objects on the way."""
        path = path_of(reference)
        if reference.is_metadata or _is_reserved(reference) or is_index(path[-1]):
            self.source.line(f"{self.source.bind(reference.set, 'set')}(event, {value})")
            self.called([reference])
            return
        parent = self.container(path[:-1])
        if not parent.certain:
            self._make(path[:-1], parent)
        self.facts.forget_below(path)
        put = f"{parent.object}[{path[-1]!r}] = {value}"
        if parent.certain:
            self.source.line(put)
            return
        with self.source.indented(f"if {parent.object} is not {self._empty}:"):
            self.source.line(put)
        with self.source.indented("else:"):
            self.source.line(f"{self.source.bind(reference.set, 'set')}(event, {value})")
            self._reload_parents(path[:-1])

    def store_timestamp(self, reference: FieldReference, variable: str) -> None:
        """Write code that puts a :class:`Timestamp` at a reference; ``@timestamp`` takes it without a question."""
        if path_of(reference) == (TIMESTAMP,):
            self.source.line(f"data[{TIMESTAMP!r}] = {variable}")
        else:
            self.store(reference, variable)

    def take(self, reference: FieldReference, variable: str) -> None:
        """Write code that takes a value away into a variable; ``MISSING`` when the place does not exist."""
        path = path_of(reference)
        if is_index(path[-1]):
            away, place = self.source.bind(take_away, "take"), self.source.bind(reference, "place")
            self.source.line(f"{variable} = {away}(event, {place})")
        else:
            parent = self.container(path[:-1])
            self.source.line(f"{variable} = {parent.object}.pop({path[-1]!r}, {self._missing})")
        self.facts.forget_below(path)

    def remove(self, reference: FieldReference) -> None:
        """Write code that takes a value away."""
        path = path_of(reference)
        if reference.is_metadata or is_index(path[-1]):
            self.source.line(f"{self.source.bind(reference.remove, 'remove')}(event)")
            self.called([reference])
            return
        self.source.line(f"{self.container(path[:-1]).object}.pop({path[-1]!r}, None)")
        self.facts.forget_below(path)

    @property
    def missing(self) -> str:
        """The name of ``MISSING``."""
        return self._missing

    def _make(self, path: Path, fact: Fact) -> None:
        """Write code that makes an object where nothing is, and above it where needed."""
        with self.block(f"if {fact.value} is None:"):
            above = self.container(path[:-1])
            if not above.certain:
                self._make(path[:-1], above)
            made = f"{fact.object} = {fact.value} = {above.object}[{path[-1]!r}] = {{}}"
            if above.certain:
                self.source.line(made)
            else:
                with self.source.indented(f"if {above.object} is not {self._empty}:"):
                    self.source.line(made)

    def _reload_parents(self, path: Path) -> None:
        """Write code that looks parents up again after a write out of sight."""
        for length in range(1, len(path) + 1):
            known = self.facts.find(path[:length])
            if known is not None:
                self._reload(path[:length], known)


def reference_of(path: Path) -> FieldReference:
    """Return the reference of a path."""
    return FieldReference.parse("".join(f"[{name}]" for name in path))


def take_away(event: Event, place: FieldReference) -> object:
    """Take a value away and return it; ``MISSING`` when the place does not exist."""
    return place.remove(event) if place.includes(event) else MISSING


def _is_reserved(reference: FieldReference) -> bool:
    first = reference.parents[0] if reference.parents else reference.key
    return not reference.in_metadata and first in (TAGS, TIMESTAMP)
