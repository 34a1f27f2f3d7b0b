"""What is read under one identity, wherever its content lies at present."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from atalaia.pipeline.inputs.feed import Stream
from atalaia.pipeline.inputs.files.contents import Content, Key
from atalaia.pipeline.inputs.files.fingerprints import (
    HEAD,
    NEWLINE,
    TAIL,
    Fingerprint,
    Mark,
    fingerprint,
    line_start,
    mark,
    tail_at,
)
from atalaia.pipeline.inputs.files.sincedb import Record

_EARLIER: Final = 4
"""How many earlier positions are remembered."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look saw of a file.

    Attributes:
        path: The name it is known by.
        key: Device and inode.
        size: Bytes on disk.
        modified: Its modification time, in nanoseconds since 1970.
        pattern: The pattern its name was found by.
    """

    path: str
    key: Key
    size: int
    modified: int
    pattern: str

    @property
    def signature(self) -> tuple[int, int]:
        """Size and modification time."""
        return self.size, self.modified


@dataclass(slots=True)
class Emitted:
    """An arrival that was handed over.

    Attributes:
        end: The position after it.
        tail: The bytes before that position.
        settled: Whether it is durable.
    """

    end: int
    tail: bytes
    settled: bool = False


class Source:
    """A source: its place, how far it was read, and the file it is read from.

    Args:
        record: What is remembered of it.
        delimiter: What ends its lines.

    Attributes:
        identity: Its id for good.
        fingerprint: Of its first line.
        start: Where reading began.
        path: The name of its file.
        key: Device and inode of its file.
        settled: How far it is durable.
        earlier: Where earlier looks ended, and where the content ended when the source was begun.
        emitted: What was handed over and is not yet settled, in order.
        seen_at: When its file was last there.
        length: See :class:`Record`.
        rotated: See :class:`Record`.
        lost: See :class:`Record`.
        retired: See :class:`Record`.
        completed: See :class:`Record`.
        damaged: See :class:`Record`.
        bound: Whether it has a file at present.
        attached: Whether that file is among those the patterns find.
        deleted: Whether that file has no name any more.
        content: That file, while it is open.
        archive: Whether that file is compressed.
        signature: Size and modification time of the file when it was last looked at.
        sure: Whether the file cannot have changed since without another signature.
        changed_at: When the file was last seen to change.
        position: Where the next line begins; ``None`` until its content has been looked at in this process.
        tail: The bytes before the position.
        head: The first KiB of the content.
        limit: How far to read at this look.
        drained: Whether everything up to the last line's end has been read.
        rest: Bytes after it, of a line without an end.
        problem: Why the archive could not be read further.
        reported: The signature of the file whose problem was reported in this process.
        given_up: Whether the file could not be completed and is not tried again.
        scanned: Up to where no end was found of a line that is too long.
        stream: Makes events of its lines.
        moved: Whether the stream is to be told a new path.
        line_at: When its last line was handed over.
        handed_over: Up to where everything that was handed over is complete: a codec may hold lines back.
        searched: Whether its lost content has been searched for.
    """

    def __init__(self, record: Record, delimiter: bytes) -> None:
        self.identity = record.identity
        self.fingerprint = Fingerprint(record.fingerprint, record.first)
        self.start = record.start
        self.path = record.path
        self.key: Key = (record.device, record.inode)
        self.settled = Mark(record.position, record.tail)
        self.earlier = deque((Mark(*each) for each in record.earlier), maxlen=_EARLIER)
        self.emitted: deque[Emitted] = deque()
        self.seen_at: datetime = record.seen
        self.length = record.length
        self.rotated = record.rotated
        self.lost = record.lost
        self.retired = record.retired
        self.completed = record.completed
        self.damaged = record.damaged
        self.bound = self.attached = False
        self.deleted = False
        self.content: Content | None = None
        self.archive = False
        self.signature: tuple[int, int] | None = None
        self.sure = False
        self.changed_at: datetime = record.seen
        self.position: int | None = None
        self.tail = self.head = b""
        self.limit = 0
        self.drained = False
        self.rest = 0
        self.problem: str | None = None
        self.reported = record.damaged
        self.given_up = False
        self.scanned = 0
        self.stream: Stream | None = None
        self.moved = False
        self.line_at: datetime = record.seen
        self.handed_over = Emitted(-1, b"")
        self.searched = False
        self._delimiter = delimiter

    def record(self) -> Record:
        """Return what is to be remembered."""
        device, inode = self.key
        return Record(
            identity=self.identity,
            path=self.path,
            device=device,
            inode=inode,
            fingerprint=self.fingerprint.digest,
            first=self.fingerprint.length,
            start=self.start,
            position=self.settled.position,
            tail=self.settled.digest,
            earlier=tuple((each.position, each.digest) for each in self.earlier),
            seen=self.seen_at,
            length=self.length,
            rotated=self.rotated,
            lost=self.lost,
            retired=self.retired,
            completed=self.completed,
            damaged=self.damaged,
        )

    def ending(self, content: Content) -> bytes:
        """Return what ends a line of this content; compressed files have newlines only."""
        return NEWLINE if content.compressed else self._delimiter

    def matches(self, content: Content, position: int) -> bool:
        """Tell whether a content is this source's up to where it was read, and go on from there if so.

        Args:
            content: The content.
            position: Where to go on when the source is looked at for the first time in this process.

        Raises:
            OSError: When the content cannot be read.
        """
        head = content.read_at(0, HEAD)
        if not self._begins(head, content, position):
            return False
        if self.position is None:
            return self._resume(content, head, position)
        if tail_at(content, self.position) != self.tail:
            return False
        self.head = head
        return True

    def _resume(self, content: Content, head: bytes, position: int) -> bool:
        tail = tail_at(content, position)
        if len(tail) < min(TAIL, position):
            return False
        if not all(each.holds_in(content) for each in (*self.earlier, self.settled)):
            return False
        self.head, self.tail, self.position = head, tail, position
        self.settled = mark(position, tail)
        return True

    def _begins(self, head: bytes, content: Content, position: int) -> bool:
        """Compare first lines; one of which nothing was read yet may still have grown into another."""
        if self.position or (self.position is None and position):
            return self.fingerprint.fits(head)
        now = fingerprint(head, self.ending(content), whole=True)
        return now == self.fingerprint

    def go_back(self, content: Content) -> None:
        """Go to the start of the line the position lies in: it was read without its end, and has grown."""
        if not self.position or self.tail.endswith(self.ending(content)) or not content.read_at(self.position, 1):
            return
        self.position = max(self.start, line_start(content, self.position, self.ending(content)))
        self.tail = tail_at(content, self.position)

    def note_look(self) -> None:
        """Remember where this look begins: a copy made now ends near here."""
        if self.position is not None and (not self.earlier or self.earlier[-1].position != self.position):
            self.earlier.append(mark(self.position, self.tail))

    def settle(self, arrival: Emitted) -> None:
        """Note that an arrival is durable; the position moves once all before it are."""
        arrival.settled = True
        while self.emitted and self.emitted[0].settled:
            first = self.emitted.popleft()
            self.settled = mark(first.end, first.tail)

    @property
    def all_settled(self) -> bool:
        """Whether everything that was handed over is durable."""
        return not self.emitted
