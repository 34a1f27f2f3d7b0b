"""Two stores compared: how many events each has of every stream and day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analyzers.store.copying.parts import Part
from analyzers.store.copying.state import Taken


@dataclass(frozen=True, slots=True)
class Compared:
    """One part in both stores.

    Attributes:
        part: Stream and day.
        source: Events in the store that was copied from.
        doubled: How many of them are the same event once more, which the other store has once.
        target: Events in the store that was copied to; it may have events of its own.
    """

    part: Part
    source: int
    doubled: int
    target: int

    @property
    def lacking(self) -> int:
        """How many events the target has too few; 0 when it has as many, or more."""
        return max(0, self.source - self.doubled - self.target)


def compared(
    source: Mapping[Part, int], target: Mapping[Part, int], taken: Mapping[tuple[str, str], Taken]
) -> tuple[Compared, ...]:
    """Return every part that the source has, by stream and day."""
    return tuple(
        Compared(part, count, taken.get((part.stream, part.key), Taken(0)).doubled, target.get(part, 0))
        for part, count in sorted(source.items(), key=lambda each: (each[0].stream, each[0].window.start))
    )
