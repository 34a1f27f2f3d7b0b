"""A file that is read once, from where it was read last to its present end: what ``atalaia ingest`` does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Final

from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.inputs.files.contents import Content, open_content
from atalaia.pipeline.inputs.files.cutting import BLOCK, Piece, last_line, next_piece
from atalaia.pipeline.inputs.files.fingerprints import HEAD, NEWLINE, Fingerprint, fingerprint, tail_at
from atalaia.pipeline.inputs.files.identities import known_identity
from atalaia.pipeline.inputs.files.open_files import key_of
from atalaia.pipeline.inputs.files.sincedb import Record
from atalaia.pipeline.inputs.files.source import Source
from atalaia.pipeline.read_lines import Line, unreadable

_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class WholeFile:
    """An open file, plain or compressed; its identities and positions are those of a running ``file`` input.

    Args:
        path: The file.

    Raises:
        PipelineError: When it cannot be opened, or is no regular file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._content: Content = open_content(path)
        except OSError as error:
            raise PipelineError(f"{path} cannot be read: {error.strerror or error}", unreadable(path)) from error

    @property
    def problem(self) -> str | None:
        """Why the archive could not be read to its end, once that has been noticed."""
        return self._content.problem

    def close(self) -> None:
        """Close the file."""
        self._content.close()

    def read(self, position_of: Callable[[str], int], *, from_start: bool = False) -> tuple[str, Iterator[Line]]:
        """Return the file's identity, and its lines from where the store has it; see :meth:`pieces`."""
        identity, pieces = self.pieces(position_of, from_start=from_start)
        return identity, (line for piece in pieces for line in _lines_of(piece, self._content))

    def pieces(self, position_of: Callable[[str], int], *, from_start: bool = False) -> tuple[str, Iterator[Piece]]:
        """Return the file's identity, and its lines from where the store has it, many at a time.

        The last line needs no end. One that grew after it was read without its end is read again as a whole, and keeps
        its place. A file that is shorter than what was read of it was emptied: it has another identity.

        Args:
            position_of: Tells how far a source was read; 0 when that is unknown.
            from_start: Begin with the first line all the same; the identity is the one that it was read by.

        Raises:
            PipelineError: When the disk refuses.
        """
        try:
            first_line = fingerprint(self._content.read_at(0, HEAD), whole=True) or Fingerprint("", 0)
            identity, position = known_identity(key_of(self._content), first_line, self._content, position_of, ())
            return identity, self._pieces(self._source(identity, first_line, 0 if from_start else position))
        except OSError as error:
            raise self._refusal(error) from error

    def _source(self, identity: str, first_line: Fingerprint, position: int) -> Source:
        device, inode = key_of(self._content)
        record = Record(
            identity=identity,
            path=str(self.path),
            device=device,
            inode=inode,
            fingerprint=first_line.digest,
            first=first_line.length,
            start=0,
            position=position,
            tail="",
            seen=_NEVER,
        )
        source = Source(record, NEWLINE)
        source.position, source.tail = position, tail_at(self._content, position)
        source.limit = self._content.status().st_size
        source.go_back(self._content)
        return source

    def _pieces(self, source: Source) -> Iterator[Piece]:
        never = threading.Event()
        try:
            while (piece := next_piece(source, self._content, BLOCK, never)) is not None:
                yield piece
                source.position, source.tail, source.scanned = piece.end, piece.tail(piece.end), 0
            if not self._content.problem and (piece := last_line(source, self._content)) is not None:
                yield piece
        except OSError as error:
            raise self._refusal(error) from error

    def _refusal(self, error: OSError) -> PipelineError:
        return PipelineError(f"{self.path} cannot be read: {error.strerror}", "check the disk")


def _lines_of(piece: Piece, content: Content) -> Iterator[Line]:
    if piece.too_long:
        return iter((Line(piece.offsets[0], piece.end, piece.lines[0], too_long=True),))
    ends = chain(islice(piece.offsets, 1, None), (piece.end,))
    texts = [text.removesuffix(b"\r") for text in piece.lines] if content.compressed else piece.lines
    return map(Line, piece.offsets, ends, texts)
