"""Hand over lines as arrivals of a bounded size."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final

from atalaia.pipeline.event import Event
from atalaia.pipeline.inputs.feed import Stream
from atalaia.pipeline.inputs.running import Arrival, DeadLetter, Emit
from atalaia.pipeline.read_lines import Line

EVENT_SIZE: Final = 1_000
"""About how many bytes an event takes beside its text."""
_MOST_LINES: Final = 1_000


def emit_lines(lines: Sequence[Line], stream: Stream, emit: Emit) -> None:
    """Decode lines and hand them over, a thousand at a time.

    Raises:
        StoppedError: When the pipeline takes nothing more.
    """
    rest = iter(lines)
    while part := list(islice(rest, _MOST_LINES)):
        events: list[Event] = []
        letters: list[DeadLetter] = []
        for line in part:
            decoded, failed = stream.read(line)
            events += decoded
            letters += failed
        if events or letters:
            emit(Arrival(events, size_of(part, len(events) + len(letters)), tuple(letters)))


def size_of(lines: Sequence[Line], count: int) -> int:
    """Return about how many bytes the events of lines hold in memory."""
    return sum(len(line.content) for line in lines) + EVENT_SIZE * count
