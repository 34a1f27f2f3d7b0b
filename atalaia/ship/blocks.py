"""Lines as the follower of files hands them over: their bytes as they are, many at a time, never decoded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Final, NamedTuple

from atalaia.pipeline.codecs.base import Codec, LineDecoder
from atalaia.pipeline.event import Event
from atalaia.pipeline.inputs.feed import Feed, Stream
from atalaia.pipeline.inputs.running import DeadLetter
from logging_lib.clock import Clock

INPUT: Final = "ship"
"""The name under which dead letters say who wrote them."""


@dataclass(slots=True)
class Block(Event):
    """Lines of one file that follow one another; it travels where a running input hands over events.

    Attributes:
        lines: Without their ends.
        offsets: Where each begins in the source, in bytes.
        path: The file's path.
        identity: The source's id for good.
    """

    lines: Sequence[bytes] = ()
    offsets: Sequence[int] = ()
    path: str = ""
    identity: str = ""

    def entries(self) -> Iterator[Entry]:
        """Yield the lines, each with its place."""
        return map(Entry, self.lines, self.offsets, repeat(self))


class Entry(NamedTuple):
    """One line on its way.

    Attributes:
        content: The line, without its end.
        offset: Where it begins in its source, in bytes.
        block: The lines it was read with.
    """

    content: bytes
    offset: int
    block: Block

    @property
    def id(self) -> str:
        """What the line is known by, whenever it is read."""
        return f"{self.block.identity}:{self.offset}"


class LineStream(Stream):
    """The lines of one file, undecoded."""

    def read_many(
        self, lines: Sequence[bytes], offsets: Sequence[int], *, windows_ends: bool = False
    ) -> tuple[list[Event], list[DeadLetter]]:
        """Return one block; see :meth:`Stream.read_many`. Carriage returns stay, as all bytes do."""
        del windows_ends
        return [Block({}, lines=lines, offsets=offsets, path=self._path, identity=self._identity or "")], []


class LineFeed(Feed):
    """Makes blocks of what the follower reads."""

    def stream(self, path: str = "", identity: str | None = None) -> LineStream:
        """See :meth:`Feed.stream`."""
        return LineStream(self, path, identity)


def line_feed(clock: Clock) -> LineFeed:
    """Return the feed of a shipper."""
    codec = Codec("plain", lambda: LineDecoder(lambda _content, _now: []), lambda _event: "")
    return LineFeed(INPUT, codec, lambda _event, _path: None, clock)
