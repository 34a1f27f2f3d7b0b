"""From what was read to batches that can be sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import orjson

from atalaia.pipeline.inputs.running import Arrival
from atalaia.ship.blocks import Block, Entry

_NO_UTF_8: Final = "the line is not UTF-8, which the receiver would replace"


def entries_of(arrivals: Iterable[Arrival]) -> list[Entry]:
    """Return the lines of arrivals, in order."""
    blocks = (event for arrival in arrivals for event in arrival.events)
    return [entry for block in blocks if isinstance(block, Block) for entry in block.entries()]


def chunks(entries: Sequence[Entry], most_lines: int, most_bytes: int) -> Iterator[list[Entry]]:
    """Yield lines in batches of at most so many lines and bytes (line ends included); one line is always allowed."""
    chunk: list[Entry] = []
    size = 0
    for entry in entries:
        length = len(entry.content) + 1
        if chunk and (len(chunk) >= most_lines or size + length > most_bytes):
            yield chunk
            chunk, size = [], 0
        chunk.append(entry)
        size += length
    if chunk:
        yield chunk


def size_of(entries: Iterable[Entry]) -> int:
    """Return how many bytes lines have, their ends included."""
    return sum(len(entry.content) + 1 for entry in entries)


def split_utf_8(entries: list[Entry]) -> tuple[list[Entry], list[tuple[Entry, str]]]:
    """Return the lines that are UTF-8, and those that are not, each with a reason."""
    if _is_utf_8(b"\n".join(entry.content for entry in entries)):
        return entries, []
    good = [entry for entry in entries if _is_utf_8(entry.content)]
    return good, [(entry, _NO_UTF_8) for entry in entries if not _is_utf_8(entry.content)]


def with_event_id(entry: Entry) -> Entry:
    """Return a line with an ``event_id`` of its source and place, if it is a JSON object without one.

    It is the same whenever the line is sent. It becomes the last key, which wins over an earlier null.
    """
    try:
        record = orjson.loads(entry.content)
    except orjson.JSONDecodeError:
        return entry
    if not isinstance(record, dict) or record.get("event_id"):
        return entry
    head = entry.content.rstrip()[:-1]
    comma = b"," if record else b""
    return entry._replace(content=b'%b%b"event_id":"%b"}' % (head, comma, entry.id.encode("ascii")))


def _is_utf_8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
