"""Cut what is new in a source into lines, with bounded memory."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import Final

from atalaia.pipeline.inputs.files.contents import Content
from atalaia.pipeline.inputs.files.fingerprints import TAIL, tail_at
from atalaia.pipeline.inputs.files.source import Source
from atalaia.pipeline.read_lines import KEPT_OF_LONG, LONGEST_LINE

BLOCK: Final = 256 << 10
"""Bytes that are cut at a time."""
_SCAN: Final = 64 << 10


class ContentChangedError(Exception):
    """The file does not hold what was read from it before: it was emptied or overwritten."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines that follow one another.

    Attributes:
        lines: Without their ends; of a line that is too long, its first bytes.
        offsets: Where each begins in the source.
        end: The first byte after the last and its end.
        block: The bytes they were cut from, with the bytes before.
        base: Where the block begins in the source.
        separator: How many bytes end a line.
        too_long: Whether it is one line that is longer than allowed.
    """

    lines: list[bytes]
    offsets: list[int]
    end: int
    block: bytes
    base: int
    separator: int
    too_long: bool = False

    def tail(self, position: int) -> bytes:
        """Return the (up to 256) bytes before a position in the piece."""
        end = position - self.base
        return self.block[max(0, end - TAIL) : end]


def next_piece(source: Source, content: Content, most: int, stop: threading.Event) -> Piece | None:
    """Return the next lines of a source; ``None`` when there is no further end of a line.

    Then :attr:`Source.drained` is set, and :attr:`Source.rest` says how many bytes there are of the line without end.

    Args:
        source: The source, its content looked at.
        content: Its open file.
        most: About how many bytes to return; a single line may have more.
        stop: Ends the search for the end of a line that is too long.

    Raises:
        ContentChangedError: When the bytes before the position are not those that were read.
        OSError: When the disk refuses.
    """
    position, before = source.position or 0, len(source.tail)
    delimiter = source.ending(content)
    limit = sys.maxsize if content.compressed else source.limit
    wanted = max(0, min(BLOCK, most, limit - position))
    block = content.read_at(position - before, before + wanted)
    if not block.startswith(source.tail):
        raise ContentChangedError
    if not wanted:
        source.drained, source.rest = True, 0
        return None
    *lines, _rest = block[before:].split(delimiter)
    if not lines:
        return _one_line(source, content, delimiter, stop)
    return _piece(lines, position, block, before, delimiter)


def _piece(lines: list[bytes], position: int, block: bytes, before: int, delimiter: bytes) -> Piece:
    separator = len(delimiter)
    ends = list(accumulate(chain((position,), map(separator.__add__, map(len, lines)))))
    end = ends.pop()
    return Piece(lines, ends, end, block, position - before, separator)


def _one_line(source: Source, content: Content, delimiter: bytes, stop: threading.Event) -> Piece | None:
    """Return the line at the position, whatever its length, once it has an end."""
    position, before = source.position or 0, len(source.tail)
    longest = LONGEST_LINE + len(delimiter)
    block = source.tail + content.read_at(position, longest)
    end = block.find(delimiter, before)
    if end >= 0:
        return _piece([block[before:end]], position, block, before, delimiter)
    if len(block) - before == longest:
        return _too_long(source, content, block[before : before + KEPT_OF_LONG], delimiter, stop)
    source.drained, source.rest = True, len(block) - before
    return None


def _too_long(source: Source, content: Content, head: bytes, delimiter: bytes, stop: threading.Event) -> Piece | None:
    position = source.position or 0
    at = max(source.scanned, position + LONGEST_LINE)
    while not stop.is_set():
        chunk = content.read_at(at, _SCAN)
        end = chunk.find(delimiter)
        if end >= 0:
            end += at + len(delimiter)
            tail = tail_at(content, end)
            return Piece([head], [position], end, tail, end - len(tail), len(delimiter), too_long=True)
        if len(chunk) < _SCAN:
            source.drained, source.rest = True, at + len(chunk) - position
            break
        at += len(chunk) - len(delimiter) + 1
    source.scanned = at
    return None


def last_line(source: Source, content: Content) -> Piece | None:
    """Return the line without an end at the end of a source that will not grow; ``None`` when there is none."""
    if not source.rest:
        return None
    position = source.position or 0
    end = position + source.rest
    too_long = source.rest > LONGEST_LINE
    text = content.read_at(position, KEPT_OF_LONG if too_long else source.rest)
    tail = tail_at(content, end)
    return Piece([text], [position], end, tail, end - len(tail), 0, too_long=too_long)
