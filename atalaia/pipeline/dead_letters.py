"""Where events go that cannot be stored: files of JSON lines, appended to and made durable batch by batch."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import BinaryIO, Final
from uuid import uuid4

from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.file_writing import APPENDED, FileWriting, write_file
from atalaia.pipeline.json_text import write_json
from atalaia.pipeline.origin import Origin
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value

_MOST_REASONS: Final = 50
_LONGEST_REASON: Final = 200
_OTHER: Final = "other reasons"


class FileAppender:
    """Collects text for files and writes it, all files of a batch at once.

    Args:
        letters: The directory of dead letters: a line that a crash left unfinished there is ended first, so that it
            does not spoil the letter after it.
    """

    def __init__(self, letters: Path) -> None:
        self._letters = letters
        self._texts: dict[tuple[Path, FileWriting], list[str]] = {}

    def add(self, path: Path, text: str, how: FileWriting = APPENDED) -> None:
        """Take text for a file; of a file that is overwritten only the last one counts."""
        texts = self._texts.setdefault((path, how), [])
        if how.overwrite:
            texts.clear()
        texts.append(text)

    def commit(self) -> None:
        """Write everything taken since the last commit; it is on disk when this returns.

        Raises:
            PipelineError: When a file cannot be written.
        """
        for (path, how), texts in self._texts.items():
            if self._letters in path.parents and how == APPENDED:
                _append(path, "".join(texts))
            else:
                write_file(path, "".join(texts), how)
        self._texts.clear()

    def discard(self) -> None:
        """Forget everything taken since the last commit."""
        self._texts.clear()


class Reasons:
    """Counts dead letters by reason, the first fifty reasons by name."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def add(self, reason: str) -> None:
        """Count one dead letter."""
        short = " ".join(reason.split())[:_LONGEST_REASON]
        known = short in self._counts or len(self._counts) < _MOST_REASONS
        name = short if known else _OTHER
        self._counts[name] = self._counts.get(name, 0) + 1

    def counts(self) -> Mapping[str, int]:
        """Return how many dead letters each reason has."""
        return dict(self._counts)


@dataclass(frozen=True, slots=True)
class Letter:
    """One dead letter, in the one form that every part of the executor writes.

    Attributes:
        pipeline: The pipeline's id.
        plugin: The plugin or codec that says so, by its Logstash name.
        reason: Why, in words.
        event: The event's fields, or what is known of them.
        plugin_id: The plugin's id, when it is known.
        original: The text as it was read, to be decoded again.
        origin: Which input read it.
        source_id: The stable id that the event has, or gets when it is sent again.
        document: What the store did not take: ``_id``, ``_index`` and ``_source``.
    """

    pipeline: str
    plugin: str
    reason: str
    event: Value
    plugin_id: str | None = None
    original: str | None = None
    origin: Origin | None = None
    source_id: str | None = None
    document: Value = None

    def line(self, now: Timestamp) -> str:
        """Return it as a line of JSON; what is not known is left out."""
        fields: dict[str, Value] = {
            "@timestamp": now,
            "pipeline": self.pipeline,
            "plugin": self.plugin,
            "plugin_id": self.plugin_id,
            "reason": self.reason,
            "event": self.event,
            "original": self.original,
            "input": None if self.origin is None else _shown(self.origin),
            "source_id": self.source_id or str(uuid4()),
            "document": self.document,
        }
        return f"{write_json({name: value for name, value in fields.items() if value is not None})}\n"


def _shown(origin: Origin) -> Value:
    return {
        "pipeline": origin.pipeline,
        "plugin": origin.plugin,
        "id": origin.id,
        "path": origin.path,
        "number": origin.number,
    }


def _append(path: Path, text: str) -> None:
    """Append dead letters, beside others that may do so, too."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path) as file:
            if not _ends_whole(path):
                file.write(b"\n")
            file.write(text.encode("utf-8", "backslashreplace"))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise PipelineError(f"{path} cannot be written: {error.strerror}", "check the directory") from error


@contextmanager
def locked(path: Path) -> Iterator[BinaryIO]:
    """Open a file for appending and lock it against other writers (``flock``); it is the one of that name then.

    A writer that rewrites the file puts another in its place while it holds the lock, so whoever waited for the old
    one opens it anew.
    """
    while True:
        with path.open("ab") as file:
            flock(file, LOCK_EX)
            if _is_at(path, file):
                yield file
                return


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return True
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _is_at(path: Path, file: BinaryIO) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False
