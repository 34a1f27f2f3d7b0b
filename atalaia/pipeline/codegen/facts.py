"""What the generated code knows at one place: which local variables hold which part of the event.

A fact says: the variables hold the very value that stands at this path now. It lets ten operations on ``[record][…]``
look ``record`` up once. No value stands at two paths of an event (every filter copies), so a fact ends only when its
own path, or one above it, is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeAlias

from atalaia.pipeline.event import METADATA
from atalaia.pipeline.reference import FieldReference

Path: TypeAlias = tuple[str, ...]
"""Names from the root; what lies below ``@metadata`` begins with that name."""

_INDEX: Final = re.compile(r"-?\d+", re.ASCII)


def is_index(name: str) -> bool:
    """Tell whether a name may mean an item of a list."""
    return _INDEX.fullmatch(name) is not None


def path_of(reference: FieldReference) -> Path:
    """Return the path of a reference."""
    if reference.is_metadata:
        return (METADATA,)
    path = (*reference.parents, reference.key)
    return (METADATA, *path) if reference.in_metadata else path


@dataclass(frozen=True, slots=True)
class Fact:
    """Variables that hold the value at a path.

    Attributes:
        value: The name of the one that holds the value, whatever it is.
        object: The name of the one that holds it when it is an object, and ``EMPTY`` otherwise: members can be read
            from it, and taken away, without asking what it is.
        certain: Whether the value is always an object.
    """

    value: str
    object: str
    certain: bool = False


class Facts:
    """The facts at the place where code is being written."""

    def __init__(self) -> None:
        self._facts: dict[Path, Fact] = {}

    def find(self, path: Path) -> Fact | None:
        """Return what is known of a path."""
        return self._facts.get(path)

    def learn(self, path: Path, fact: Fact) -> None:
        """Note a fact that holds from here on; not of items of lists, which move and have two numbers."""
        if not any(map(is_index, path)):
            self._facts[path] = fact

    def forget_all(self) -> None:
        """End every fact: something unknown happens to the event."""
        self._facts.clear()

    def forget_below(self, path: Path) -> None:
        """End the facts of a path that is written, and of those below it."""
        self._facts = {known: fact for known, fact in self._facts.items() if known[: len(path)] != path}

    def forget_written(self, path: Path) -> None:
        """End what a write out of sight may change: the path, those below it, and parents it may have to make."""
        self.forget_below(path)
        for length in range(1, len(path)):
            fact = self._facts.get(path[:length])
            if fact is not None:
                self.forget_below(path[:length])

    def known(self) -> dict[Path, Fact]:
        """Return all facts."""
        return dict(self._facts)

    @contextmanager
    def branch(self) -> Iterator[None]:
        """Write code that may not run: afterwards only what held before and still holds in there is known."""
        before = dict(self._facts)
        yield
        inside = self._facts
        self._facts = {path: fact for path, fact in before.items() if inside.get(path) == fact}
