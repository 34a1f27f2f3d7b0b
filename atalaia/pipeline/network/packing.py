"""From what was read to arrivals of a moderate size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from atalaia.pipeline.event import Event
from atalaia.pipeline.inputs.arriving import EVENT_SIZE
from atalaia.pipeline.inputs.running import Arrival, DeadLetter
from atalaia.pipeline.network.settling import Unsettled

_MOST_EVENTS: Final = 500
_MOST_BYTES: Final = 1 << 20
_TEXT_FACTOR: Final = 5
"""What decoded JSON takes in memory for each byte of its text; measured with tracemalloc, short fields."""


@dataclass(frozen=True, slots=True)
class Read:
    """What became of one line or document.

    Attributes:
        events: The events.
        letters: What of it cannot become an event.
        size: Its bytes.
    """

    events: list[Event]
    letters: list[DeadLetter]
    size: int


def pack(reads: Iterable[Read], unsettled: Unsettled) -> Iterator[Arrival]:
    """Yield arrivals of up to 500 events and about a megabyte; reads on only when the next one is asked for.

    Args:
        reads: What was read, in order.
        unsettled: Counts the arrivals until they are settled.
    """
    events: list[Event] = []
    letters: list[DeadLetter] = []
    size = 0
    for read in reads:
        for part in _parts(read):
            events += part.events
            letters += part.letters
            size += _TEXT_FACTOR * part.size + EVENT_SIZE * (len(part.events) + len(part.letters))
            if len(events) + len(letters) >= _MOST_EVENTS or size >= _MOST_BYTES:
                yield Arrival(events, size, tuple(letters), settled=unsettled.take(size))
                events, letters, size = [], [], 0
    if events or letters:
        yield Arrival(events, size, tuple(letters), settled=unsettled.take(size))


def _parts(read: Read) -> Iterator[Read]:
    """Yield what was read in parts of at most 500 events: one document may hold any number."""
    count = len(read.events)
    if count <= _MOST_EVENTS:
        yield read
        return
    rest = iter(read.events)
    letters = read.letters
    while events := list(islice(rest, _MOST_EVENTS)):
        yield Read(events, letters, read.size * len(events) // count)
        letters = []
