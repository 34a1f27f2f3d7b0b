"""Reads what is new in sources and hands it over as arrivals."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Final

from analyzers.store.document import SourcePosition
from atalaia.pipeline.event import Event
from atalaia.pipeline.inputs.arriving import EVENT_SIZE
from atalaia.pipeline.inputs.feed import Feed, Stream
from atalaia.pipeline.inputs.files.contents import Content
from atalaia.pipeline.inputs.files.cutting import Piece, next_piece
from atalaia.pipeline.inputs.files.memory import Memory
from atalaia.pipeline.inputs.files.source import Emitted, Source
from atalaia.pipeline.inputs.running import Arrival, DeadLetter, Reading, StoppedError
from atalaia.pipeline.read_lines import Line
from atalaia.pipeline.values import Value

_LINES: Final = 500
"""Lines that are handed over together, at most."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Hands lines over.

    Attributes:
        feed: Makes events of lines.
        reading: Takes arrivals.
        memory: Notes what was handed over.
    """

    feed: Feed
    reading: Reading
    memory: Memory

    def read(self, source: Source, content: Content, most: int) -> bool:
        """Read about so many bytes; return whether there is more.

        Raises:
            ContentChangedError: When the file was emptied or overwritten.
            OSError: When the disk refuses.
            StoppedError: When the pipeline takes nothing more.
        """
        left = most
        while left > 0 and not self.reading.stop.is_set():
            piece = next_piece(source, content, left, self.reading.stop)
            if piece is None:
                source.problem = content.problem
                return False
            left -= piece.end - piece.offsets[0]
            self.hand_over(source, content, piece)
        return True

    def hand_over(self, source: Source, content: Content, piece: Piece) -> None:
        """Hand over lines, and note that the source was read to their end.

        Raises:
            StoppedError: When the pipeline takes nothing more.
        """
        stream = self._stream(source)
        for first in range(0, len(piece.lines), _LINES):
            after = first + _LINES
            end = piece.offsets[after] if after < len(piece.offsets) else piece.end
            lines, offsets = piece.lines[first:after], piece.offsets[first:after]
            if piece.too_long:
                events, letters = stream.read(Line(offsets[0], end, lines[0], too_long=True))
            else:
                events, letters = stream.read_many(lines, offsets, windows_ends=content.compressed)
            held = stream.held_from
            durable = end if held is None else held
            if durable != source.handed_over.end:
                source.handed_over = Emitted(durable, piece.tail(durable))
            self._emit(source, events, letters, end - offsets[0])
            source.position, source.tail, source.scanned = end, piece.tail(end), 0
        source.line_at = self.reading.clock()

    def flush(self, source: Source) -> None:
        """Hand over what waits in the codec of a source.

        Raises:
            StoppedError: When the pipeline takes nothing more.
        """
        if source.stream is None or source.stream.held_from is None or source.position is None:
            return
        events, letters = source.stream.flush()
        source.handed_over = Emitted(source.position, source.tail)
        self._emit(source, events, letters, 0)

    def report(self, source: Source, problem: str, text: str) -> None:
        """Hand over a dead letter about a source as a whole.

        Raises:
            StoppedError: When the pipeline takes nothing more.
        """
        event: dict[str, Value] = {"path": _text(source.path), **({"message": text} if text else {})}
        signature = source.signature

        def settled() -> None:
            source.damaged = signature
            self.memory.touch()

        origin = replace(self.feed.origin, path=_text(source.path))
        letter = DeadLetter(self.feed.name, problem, event, origin=origin)
        self.reading.emit(Arrival([], EVENT_SIZE, (letter,), settled=settled))
        source.reported = signature

    def _emit(self, source: Source, events: list[Event], letters: list[DeadLetter], text: int) -> None:
        """Hand over events, and with them how far the source is durable once they are."""
        done = source.handed_over
        settled = self.memory.emitted(source, done.end, done.tail)
        size = text + EVENT_SIZE * (len(events) + len(letters))
        positions = (SourcePosition(source.identity, done.end),)
        try:
            self.reading.emit(Arrival(events, size, tuple(letters), positions, settled))
        except StoppedError:
            self.memory.refused(source)
            raise

    def _stream(self, source: Source) -> Stream:
        """Return the source's stream, which keeps what waits in the codec whatever becomes of the file."""
        if source.stream is None:
            source.stream = self.feed.stream(_text(source.path), source.identity)
        elif source.moved:
            source.stream.moved(_text(source.path))
        source.moved = False
        return source.stream


def _text(path: str) -> str:
    """Return a path as text; bytes in it that are no UTF-8 are shown as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
