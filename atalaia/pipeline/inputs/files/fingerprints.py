"""What a source is recognised by: its first line, and the bytes before a position in it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from atalaia.pipeline.inputs.files.contents import Content, Key
from atalaia.pipeline.read_lines import KEPT_OF_LONG, LONGEST_LINE

HEAD: Final = KEPT_OF_LONG
"""Bytes of a file that its fingerprint can depend on."""
TAIL: Final = 256
"""Bytes before a position that are compared."""
NEWLINE: Final = b"\n"
_CHUNK: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a first line hashes to.

    Attributes:
        digest: Sixteen hexadecimal digits of its SHA-256.
        length: How many bytes of the content were hashed.
    """

    digest: str
    length: int

    def fits(self, head: bytes) -> bool:
        """Tell whether a content that begins so begins with the same bytes."""
        return len(head) >= self.length and _digest(head[: self.length]) == self.digest


@dataclass(frozen=True, slots=True)
class Mark:
    """A position in a content and what stands before it.

    Attributes:
        position: In bytes.
        digest: Sixteen hexadecimal digits of the SHA-256 of the (up to 256) bytes before the position.
    """

    position: int
    digest: str

    @property
    def strong(self) -> bool:
        """Whether so many bytes were compared that equal ones are no accident."""
        return self.position >= TAIL

    def holds_in(self, content: Content) -> bool:
        """Tell whether the same bytes stand there in a content."""
        tail = tail_at(content, self.position)
        return len(tail) == min(TAIL, self.position) and _digest(tail) == self.digest


def mark(position: int, tail: bytes) -> Mark:
    """Return the mark of a position, given the bytes before it."""
    return Mark(position, _digest(tail[-TAIL:]))


def tail_at(content: Content, position: int) -> bytes:
    """Return the (up to 256) bytes before a position; fewer when the content ends before it."""
    size = min(TAIL, position)
    return content.read_at(position - size, size)


def line_start(content: Content, position: int, delimiter: bytes) -> int:
    """Return where the line begins that the byte before ``position`` belongs to, unless that byte ends it.

    A line that began more than the longest allowed line ago is not looked for: then ``position`` itself is returned.
    """
    size = min(position, LONGEST_LINE)
    block = content.read_at(position - size, size)
    end = block.rfind(delimiter)
    if end >= 0:
        return position - size + end + len(delimiter)
    return 0 if size == position else position


def leading_nuls(content: Content) -> int:
    """Return how many NUL bytes a content begins with.

    A writer that does not append goes on at its old place after its file was emptied; what was never written before
    that place reads as NUL bytes.
    """
    at = 0
    while chunk := content.read_at(at, _CHUNK):
        rest = chunk.lstrip(b"\0")
        at += len(chunk) - len(rest)
        if rest:
            break
    return at


def fingerprint(head: bytes, delimiter: bytes = NEWLINE, *, whole: bool = False) -> Fingerprint | None:
    """Return the fingerprint of a content; ``None`` while its first line is incomplete.

    Args:
        head: The first KiB, or the whole content when it is shorter.
        delimiter: What ends a line.
        whole: Whether the content will not grow: what there is of the first line is all of it.
    """
    end = head.find(delimiter, 0, HEAD)
    if end < 0 and len(head) < HEAD and not whole:
        return None
    line = head[:HEAD] if end < 0 else head[:end]
    if delimiter == NEWLINE:
        line = line.rstrip(b"\r\n")
    return Fingerprint(_digest(line), len(line))


def identity(key: Key, first_line: Fingerprint, generation: int = 0) -> str:
    """Return the id of a source for good: device, inode and fingerprint.

    A file that was emptied and begins with the same line again is a source of its own: of a later generation.
    """
    device, inode = key
    base = f"{device:x}-{inode:x}-{first_line.digest}"
    return f"{base}-{generation:x}" if generation else base


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
