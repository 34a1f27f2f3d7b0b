"""The file that remembers what was read: one JSON object a line, a header and then a source each.

It is replaced as a whole, by renaming a synced copy, so that a crash leaves the old or the new one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from atalaia.pipeline.errors import PipelineError
from logging_lib.file_lock import lock_if_free


class Header(BaseModel):
    """The first line.

    Attributes:
        sincedb: The version of the form.
        patterns: The patterns of the input that wrote it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sincedb: Literal[1] = 1
    patterns: tuple[str, ...] = ()


class Record(BaseModel):
    """What is remembered of a source.

    Attributes:
        identity: Its id for good; event ids are made of it.
        path: The path it was last seen under.
        device: The device of its file.
        inode: The inode of its file.
        fingerprint: Sixteen digits of the SHA-256 of its first line.
        first: How many bytes of that line were hashed.
        start: Where reading it began, in bytes: what stands before is never read.
        position: Everything before is durable.
        tail: Sixteen digits of the SHA-256 of the (up to 256) bytes before the position; empty when another content
            with the same bytes is another source.
        earlier: Positions at earlier looks and the length at the first, each with its tail.
        seen: When its file was last there.
        length: How long its content was when its file was last looked at; 0 when that is unknown, as of archives.
        rotated: Whether its file has got another name since it was first read.
        lost: Whether its file is gone, or holds something else: its inode says nothing any more.
        retired: Whether it is not searched for any more.
        completed: Whether its file was completed in ``read`` mode.
        damaged: Size and modification time (ns) of the file whose archive was reported as damaged.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    identity: str
    path: str
    device: int
    inode: int
    fingerprint: str
    first: int
    start: int
    position: int
    tail: str
    earlier: tuple[tuple[int, str], ...] = ()
    seen: datetime
    length: int = 0
    rotated: bool = False
    lost: bool = False
    retired: bool = False
    completed: bool = False
    damaged: tuple[int, int] | None = None


class Sincedb:
    """A sincedb on disk, used by one input at a time.

    Args:
        path: The file; it and its directory need not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None

    def take(self) -> bool:
        """Take the right to use the file, until :meth:`release`; return False when another input has it.

        Raises:
            PipelineError: When the directory cannot be written to.
        """
        if self._lock is not None:
            return True
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock = os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise PipelineError(f"the sincedb {self.path} cannot be kept: {error}", "set sincedb_path") from error
        if not lock_if_free(lock):
            os.close(lock)
            return False
        self._lock = lock
        return True

    def release(self) -> None:
        """Let another input use the file."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def read(self) -> tuple[Header, list[Record]]:
        """Return what is remembered; nothing when there is no file yet.

        Raises:
            PipelineError: When the file cannot be read or is no sincedb of ours.
        """
        try:
            lines = self.path.read_text(encoding="ascii").splitlines()
        except FileNotFoundError:
            return Header(), []
        except (OSError, UnicodeDecodeError) as error:
            raise self._refusal(str(error)) from error
        try:
            header, *records = [json.loads(line) for line in lines] or [{}]
            return Header.model_validate(header), [Record.model_validate(record) for record in records]
        except (ValueError, ValidationError) as error:
            raise self._refusal("it is not one of Atalaia's") from error

    def write(self, header: Header, records: Iterable[Record]) -> None:
        """Replace the file; it is on disk when this returns.

        Raises:
            OSError: When the disk refuses; the old file is untouched then.
        """
        lines = [json.dumps(item.model_dump(mode="json")) for item in (header, *records)]
        new = self.path.with_name(f"{self.path.name}.new")
        try:
            with new.open("w", encoding="ascii") as file:
                file.write("\n".join(lines) + "\n")
                file.flush()
                os.fsync(file.fileno())
            new.replace(self.path)
        except OSError:
            with suppress(OSError):
                new.unlink(missing_ok=True)
            raise
        _sync_directory(self.path.parent)

    def _refusal(self, reason: str) -> PipelineError:
        remedy = "move it away to begin anew, or set sincedb_path to another file"
        return PipelineError(f"the sincedb {self.path} cannot be read: {reason}", remedy)


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
