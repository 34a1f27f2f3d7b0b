"""The lines of one connection on their way to the pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from atalaia.pipeline.charset import decode_line
from atalaia.pipeline.inputs.feed import Stream
from atalaia.pipeline.inputs.running import Arrival, DeadLetter, Emit
from atalaia.pipeline.network.packing import Read
from atalaia.pipeline.network.settling import Unsettled
from atalaia.pipeline.origin import Origin
from atalaia.pipeline.read_lines import Line
from atalaia.pipeline.tcp.line_splitter import LineSplitter, Piece

MOST_UNSETTLED: Final = 8 << 20
"""Bytes in memory that may be on their way from one connection; beyond them it is not read."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines; used by the event loop and by the thread that decodes, one after the other.

    Attributes:
        splitter: Makes lines of bytes.
        stream: Makes events of lines.
        origin: The connection, for dead letters.
        unsettled: What is on its way.
        emit: Hands arrivals to the pipeline.
    """

    splitter: LineSplitter
    stream: Stream
    origin: Origin
    unsettled: Unsettled
    emit: Emit

    @property
    def flush_after(self) -> float | None:
        """Seconds without bytes after which what waits in the codec is due; ``None`` for never."""
        return None if self.stream.held_from is None else self.stream.flush_after

    def feed(self, data: bytes) -> Iterator[Read]:
        """Yield what becomes of bytes."""
        return map(self._read, self.splitter.feed(data))

    def flush(self) -> Iterator[Read]:
        """Yield what waits in the codec."""
        yield Read(*self.stream.flush(), 0)

    def end(self) -> Iterator[Read]:
        """Yield what is left when nothing more comes."""
        yield from map(self._read, self.splitter.end())
        yield from self.flush()

    def emit_some(self, arrivals: Iterator[Arrival]) -> bool:
        """Hand over arrivals until there are no more, or enough are on their way; return whether there may be more."""
        for arrival in arrivals:
            self.emit(arrival)
            if self.unsettled.size > MOST_UNSETTLED:
                return True
        return False

    def _read(self, piece: Piece) -> Read:
        if isinstance(piece, Line):
            return Read(*self.stream.read(piece), len(piece.content))
        text = decode_line(piece.content)
        reason = "the line was not finished, and the memory it took was needed for others"
        letter = DeadLetter("tcp", reason, {"message": text}, None, None, self.origin)  # it is not the whole line
        return Read([], [letter], len(piece.content))
