"""From the lines of a source to events: decode, describe, give each an id that is the same whenever it is read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from atalaia.pipeline.charset import decode_line
from atalaia.pipeline.codecs.base import Codec
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.inputs.describe import Describe
from atalaia.pipeline.inputs.running import DeadLetter
from atalaia.pipeline.origin import NOWHERE, Origin
from atalaia.pipeline.read_lines import LONGEST_LINE, Line
from atalaia.pipeline.timestamp import Timestamp
from logging_lib.clock import Clock


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

    def read(self, line: Line) -> tuple[list[Event], list[DeadLetter]]:
        """Return the events of a line, and what of it cannot become one; both may be empty (a blank line of JSON)."""
        text = decode_line(line.content)
        source_id = self._id(line.offset, 0)
        if line.too_long:
            reason = f"the line is longer than {LONGEST_LINE:,} bytes"
            return [], [DeadLetter("input", reason, {"message": text}, None, source_id, self._origin)]
        try:
            events = self._feed.codec.decode(text, Timestamp.from_datetime(self._feed.clock()))
        except EventError as error:
            reason = str(error)
            return [], [DeadLetter(self._feed.codec.name, reason, {"message": text}, text, source_id, self._origin)]
        return self._described(events, line.offset, text)

    def _described(self, events: list[Event], offset: int, text: str) -> tuple[list[Event], list[DeadLetter]]:
        described: list[Event] = []
        letters: list[DeadLetter] = []
        for number, event in enumerate(events):
            event.source_id = self._id(offset, number)
            event.original = text
            event.origin = self._origin if number == 0 else replace(self._origin, number=number)
            try:
                self._feed.describe(event, self._path)
            except EventError as error:
                reason = str(error)
                letters.append(DeadLetter(self._feed.name, reason, event.data, text, event.source_id, event.origin))
            else:
                described.append(event)
        return described, letters

    def _id(self, offset: int, number: int) -> str | None:
        """Return an id that is the same whenever this event of this line of this source is read."""
        if self._identity is None:
            return None
        place = f"{self._identity}:{offset}" if number == 0 else f"{self._identity}:{offset}:{number}"
        return hashlib.blake2b(place.encode(), digest_size=16).hexdigest()
