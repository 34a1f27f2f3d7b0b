"""Whether a segment's file is what was written: its presence, its size, and the checksum of every piece."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Final, TypeAlias

import xxhash

from analyzers.store.embedded.records import Segment

_Version: TypeAlias = tuple[int, int, int]

_CHUNK: Final = 1 << 20  # bytes read at a time


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong with a segment.

    Attributes:
        segment: The segment.
        reason: In words.
        unread: Whether it could not be read at all: it is not there, or its permissions or the disk refuse. People may
            be able to mend that, so nothing is given up before they say so.
        sound: For each piece whether its bytes are intact; empty when it could not be read.
    """

    segment: Segment
    reason: str
    unread: bool = False
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
            return Damage(segment, "it is gone", unread=True)
        except OSError as error:
            return Damage(segment, error.strerror or str(error), unread=True)
        if damage is None:
            self._sound[segment.path] = version
        return damage

    def forget(self, segments: Sequence[Segment]) -> None:
        """Drop what is known of all but these segments, so that memory does not grow with what is no more."""
        paths = {segment.path for segment in segments}
        self._sound = {path: version for path, version in self._sound.copy().items() if path in paths}


def _examined(path: Path, segment: Segment) -> Damage | None:
    # Read, not mapped: where the disk fails under a mapping, the process dies.
    with path.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        sound = _sound_pieces(file, segment)
    if size != segment.size:
        return Damage(segment, f"{size} bytes instead of {segment.size}", sound=sound)
    if all(sound):
        return None
    bad = sound.count(False)
    return Damage(segment, f"the checksum of {bad} of its {len(sound)} parts does not fit", sound=sound)


def _sound_pieces(file: FileIO, segment: Segment) -> tuple[bool, ...]:
    buffer = memoryview(bytearray(_CHUNK))
    starts = (0, *(piece.end for piece in segment.pieces))
    return tuple(
        _checksum(file, piece.end - start, buffer) == piece.checksum
        for start, piece in zip(starts, segment.pieces, strict=False)
    )


def _checksum(file: FileIO, length: int, buffer: memoryview) -> str:
    """Return the checksum of the next bytes of a file, or of as many of them as there are."""
    digest = xxhash.xxh3_64()
    while length:
        count = file.readinto(buffer[: min(length, len(buffer))])
        if not count:
            break
        digest.update(buffer[:count])
        length -= count
    return digest.hexdigest()
