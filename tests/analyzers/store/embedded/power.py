"""What a disk may hold after the power was cut, worked out from the operations before.

After Pillai et al., "All File Systems Are Not Created Equal" (OSDI 2014): until it is flushed, a file's content may be
there, in part, or not at all; until its directory is flushed, any name that was given, taken or changed may be so or
not, whatever happened to the ones before and after it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from tests.analyzers.store.embedded.disks import Operation

State: TypeAlias = Mapping[Path, bytes | None]
"""Path to content; ``None`` is a directory."""


@dataclass(slots=True)
class _File:
    """A file, whatever its names; a directory is one without content.

    Attributes:
        content: As a running process sees it.
        flushed: What a power cut leaves of it for certain; ``None`` before the first flush.
    """

    content: bytes | None
    flushed: bytes | None = None


@dataclass(frozen=True, slots=True)
class Naming:
    """A change of names in one directory that is not flushed yet.

    Attributes:
        names: Path to what has the name now; ``None`` when nothing has.
    """

    names: Mapping[Path, _File | None]

    @property
    def gives(self) -> bool:
        """Whether something got a name."""
        return any(self.names.values())

    @property
    def folder(self) -> Path:
        """Where."""
        return next(iter(self.names)).parent


@dataclass(frozen=True, slots=True)
class Choice:
    """What a power cut makes of what is not flushed.

    Attributes:
        kept: Whether the change of names of this place in the row is kept.
        content: What is left of content that was written.
    """

    kept: Callable[[int, Naming], bool]
    content: Callable[[bytes], bytes]


def nothing(_content: bytes) -> bytes:
    """Lose a file's content."""
    return b""


def half(content: bytes) -> bytes:
    """Lose half of a file's content."""
    return content[: len(content) // 2]


CHOICES: Final[Mapping[str, Choice]] = {
    "everything lost": Choice(lambda _place, _naming: False, nothing),
    "names kept, content lost": Choice(lambda _place, _naming: True, nothing),
    "only removals kept": Choice(lambda _place, naming: not naming.gives, half),
    "only removals lost": Choice(lambda _place, naming: naming.gives, half),
    "every other one kept": Choice(lambda place, _naming: place % 2 == 0, half),
    "the others kept": Choice(lambda place, _naming: place % 2 == 1, nothing),
}


class PowerModel:
    """Follows operations, and tells what each could leave.

    Args:
        base: A directory that is there for certain; all paths are below it.
    """

    def __init__(self, base: Path) -> None:
        self._base = base
        self._live: dict[Path, _File] = {}
        self._durable: dict[Path, _File | None] = {}
        self._pending: list[Naming] = []

    def follow(self, operation: Operation) -> None:
        """Take note of an operation."""
        match operation:
            case Operation("make_directory", path):
                if path not in self._live:
                    self._name({path: _File(None)})
            case Operation("write", path, _, data):
                if path not in self._live:
                    self._name({path: _File(b"")})
                self._live[path].content = data
            case Operation("sync", path):
                self._live[path].flushed = self._live[path].content
            case Operation("rename", path, Path() as target):
                self._name({target: self._live[path], path: None})
            case Operation("unlink" | "remove_directory", path):
                if path in self._live:
                    self._name({path: None})
            case Operation("sync_directory", path):
                self._flush(path)

    @property
    def open(self) -> int:
        """How many changes of names are not flushed."""
        return len(self._pending)

    def after_a_cut(self, choice: Choice) -> State:
        """Return what the disk holds when the power is cut now."""
        names = dict(self._durable)
        for place, naming in enumerate(self._pending):
            if choice.kept(place, naming):
                names.update(naming.names)
        found = {path: file for path, file in names.items() if file is not None}
        return {
            path: _left(file, choice)
            for path, file in found.items()
            if all(
                parent in found for parent in path.parents if parent.is_relative_to(self._base) and parent != self._base
            )
        }

    def _name(self, names: Mapping[Path, _File | None]) -> None:
        for path, file in names.items():
            if file is None:
                self._live.pop(path, None)
            else:
                self._live[path] = file
        self._pending.append(Naming(names))

    def _flush(self, folder: Path) -> None:
        for naming in self._pending:
            if naming.folder == folder:
                self._durable.update(naming.names)
        self._pending = [naming for naming in self._pending if naming.folder != folder]


def _left(file: _File, choice: Choice) -> bytes | None:
    if file.content is None or file.content == file.flushed:
        return file.content
    return choice.content(file.content)


def laid_out(state: State, base: Path, target: Path) -> None:
    """Make directories and files as a state has them, below another base."""
    for path, content in sorted(state.items()):
        copy = target / path.relative_to(base)
        if content is None:
            copy.mkdir(parents=True)
        else:
            copy.write_bytes(content)
