"""From the lines of a source to events: decode, describe, give each an id that is the same whenever it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from atalaia.pipeline.charset import decode_line
from atalaia.pipeline.codecs.base import Codec, LineDecoder, TooLongError
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.inputs.describe import Describe
from atalaia.pipeline.inputs.running import DeadLetter
from atalaia.pipeline.origin import NOWHERE, Origin
from atalaia.pipeline.read_lines import LONGEST_LINE, Line
from atalaia.pipeline.timestamp import Timestamp
from logging_lib.clock import Clock

_Place: TypeAlias = tuple[int, int]
"""Where a line starts in its source, in bytes, and how many events began in it before."""


@dataclass(frozen=True, slots=True)
class Feed:
    """Makes events of what an input reads.

    Attributes:
        name: The input's Logstash name.
        codec: Decodes its lines.
        describe: Adds an event's origin and the input's common options.
        clock: The instant of reading.
        origin: Which input it is, for dead letters; a stream adds its path.
    """

    name: str
    codec: Codec
    describe: Describe
    clock: Clock
    origin: Origin = NOWHERE

    def stream(self, path: str = "", identity: str | None = None) -> Stream:
        """Begin a stream of lines: a file, a connection.

        Args:
            path: The file's absolute path, or the peer's address; may be empty.
            identity: What tells the source from others for good, when it has positions; events get stable ids then.
        """
        return Stream(self, path, identity)


class Stream:
    """The lines of one source, in order.

    Args:
        feed: What they are decoded with.
        path: See :meth:`Feed.stream`.
        identity: See :meth:`Feed.stream`.
    """

    def __init__(self, feed: Feed, path: str, identity: str | None) -> None:
        self._feed = feed
        self._path = path
        self._identity = identity
        self._origin = replace(feed.origin, path=path)
        self._decoder = feed.codec.decoder()
        self._stateless = isinstance(self._decoder, LineDecoder)
        self._held: _Place | None = None

    @property
    def held_from(self) -> int | None:
        """Where the line starts, in bytes, with which what waits in the codec began; ``None`` when nothing waits.

        A position beyond it must not be kept: after a crash the source is to be read again from there.
        """
        return None if self._held is None else self._held[0]

    @property
    def flush_after(self) -> float | None:
        """Seconds without a line after which the stream is to be flushed; never when ``None``."""
        return self._feed.codec.auto_flush_interval

    def moved(self, path: str) -> None:
        """Go on with the same stream under another name: its file was renamed."""
        self._path = path
        self._origin = replace(self._origin, path=path)

    def read(self, line: Line) -> tuple[list[Event], list[DeadLetter]]:
        """Return the events that are complete with a line, and what of it cannot become one; both may be empty."""
        if not line.too_long:
            return self.read_many((line.content,), (line.offset,))
        reason, text = f"the line is longer than {LONGEST_LINE:,} bytes", decode_line(line.content)
        # What is kept is not the whole line, so that it cannot be sent again.
        return [], [DeadLetter("input", reason, {"message": text}, None, self._id((line.offset, 0)), self._origin)]

    def read_many(
        self, lines: Sequence[bytes], offsets: Sequence[int], *, windows_ends: bool = False
    ) -> tuple[list[Event], list[DeadLetter]]:
        """Return the events that are complete with several lines, and what of them cannot become one.

        Args:
            lines: Their contents, without their ends.
            offsets: Where each starts in its source, in bytes.
            windows_ends: Whether a carriage return at the end of a line belongs to its end.
        """
        now = Timestamp.from_datetime(self._feed.clock())
        described: list[Event] = []
        letters: list[DeadLetter] = []
        decode, identity = self._decoder.decode, self._identity
        for content, offset in zip(lines, offsets, strict=True):
            try:
                events = decode(content.removesuffix(b"\r") if windows_ends else content, now)
            except EventError as error:
                letters.append(self._undecodable(error, content, (offset, 0)))
                continue
            if self._stateless and len(events) == 1:  # nearly always
                event = events[0]
                event.source_id, event.origin = f"{identity}:{offset}" if identity else None, self._origin
                self._finish(event, described, letters)
            else:
                self._describe(events, (offset, 0), described, letters)
        return described, letters

    def flush(self) -> tuple[list[Event], list[DeadLetter]]:
        """Return what waits in the codec, at the end of the stream or when no line has come for ``flush_after``."""
        described: list[Event] = []
        letters: list[DeadLetter] = []
        if self._held is not None:
            events = self._decoder.flush(Timestamp.from_datetime(self._feed.clock()))
            self._describe(events, self._held, described, letters)
        return described, letters

    def _describe(self, events: list[Event], here: _Place, described: list[Event], letters: list[DeadLetter]) -> None:
        """Give events their ids, of the places where their texts begin, and their origin."""
        place = self._held or here
        for event in events:
            event.source_id = self._id(place)
            event.origin = replace(self._origin, number=place[1]) if place[1] else self._origin
            self._finish(event, described, letters)
            place = (place[0], place[1] + 1) if place[0] == here[0] else here
        self._held = place if self._decoder.holds else None

    def _finish(self, event: Event, described: list[Event], letters: list[DeadLetter]) -> None:
        try:
            self._feed.describe(event, self._path)
        except EventError as error:
            letters.append(self._described_not(event, error))
        else:
            described.append(event)

    def _described_not(self, event: Event, error: EventError) -> DeadLetter:
        return DeadLetter(self._feed.name, str(error), event.data, event.original, event.source_id, event.origin)

    def _undecodable(self, error: EventError, content: bytes, place: _Place) -> DeadLetter:
        if isinstance(error, TooLongError):  # what waited is given up, but for what began after it in this line
            content, begin = error.content, self._held or place
            self._held = (place[0], place[1] + 1) if self._decoder.holds else None
            place = begin
        text = decode_line(content)
        return DeadLetter(self._feed.codec.name, str(error), {"message": text}, text, self._id(place), self._origin)

    def _id(self, place: _Place) -> str | None:
        """Return an id that is the same whenever the event that begins at this place is read."""
        if self._identity is None:
            return None
        offset, number = place
        return f"{self._identity}:{offset}" if number == 0 else f"{self._identity}:{offset}:{number}"
