"""Whether a segment's file is what was written: its presence, its size, and the checksum of every piece."""

from __future__ import annotations

import mmap
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from analyzers.store.embedded.parquet import checksum
from analyzers.store.embedded.records import Segment

_Version: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong with a segment.

    Attributes:
        segment: The segment.
        reason: In words.
        gone: Whether there is no such file.
        sound: For each piece whether its bytes are intact; empty when the file's length is already wrong.
    """

    segment: Segment
    reason: str
    gone: bool = False
    sound: tuple[bool, ...] = ()


class Inspector:
    """Looks at the files of segments; each version of a file is read once, so asking again is cheap.

    Args:
        root: The store's directory.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._sound: dict[str, _Version] = {}

    def first_damage(self, segments: Sequence[Segment]) -> Damage | None:
        """Return what is wrong with the first damaged one of some segments, or ``None`` when all are sound."""
        return next((damage for segment in segments if (damage := self.damage(segment)) is not None), None)

    def damage(self, segment: Segment) -> Damage | None:
        """Return what is wrong with a segment, or ``None`` when it is as it was written."""
        path = self._root / segment.path
        try:
            state = path.stat()
            version = (state.st_ino, state.st_mtime_ns, state.st_size)
            if self._sound.get(segment.path) == version:
                return None
            damage = _examined(path, segment)
        except FileNotFoundError:
            return Damage(segment, "it is gone", gone=True)
        except OSError as error:
            return Damage(segment, error.strerror or str(error))
        if damage is None:
            self._sound[segment.path] = version
        return damage

    def forget(self, segments: Sequence[Segment]) -> None:
        """Drop what is known of all but these segments, so that memory does not grow with what is no more."""
        paths = {segment.path for segment in segments}
        self._sound = {path: version for path, version in self._sound.items() if path in paths}


def _examined(path: Path, segment: Segment) -> Damage | None:
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size != segment.size:
            return Damage(segment, f"{size} bytes instead of {segment.size}")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content, memoryview(content) as view:
            sound = _sound_pieces(view, segment)
    if all(sound):
        return None
    bad = sound.count(False)
    return Damage(segment, f"the checksum of {bad} of its {len(sound)} parts does not fit", sound=sound)


def _sound_pieces(view: memoryview, segment: Segment) -> tuple[bool, ...]:
    sound: list[bool] = []
    start = 0
    for piece in segment.pieces:
        with view[start : piece.end] as part:
            sound.append(checksum(part) == piece.checksum)
        start = piece.end
    return tuple(sound)
