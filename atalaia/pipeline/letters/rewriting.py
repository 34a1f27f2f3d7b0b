"""Take letters out of their file, or give them a new reason, while other processes may append to it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from atalaia.pipeline.dead_letters import Letter, locked
from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.letters.reading import KeptLetter, parse_letter
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value
from logging_lib.file_lock import lock_if_free

AS_IT_IS: Final = ""
"""The outcome of a letter that could not be sent: it stays unchanged."""


@contextmanager
def only_replay(directory: Path) -> Iterator[None]:
    """Keep other replays of these letters out: offsets hold only while nobody else takes letters away.

    Raises:
        PipelineError: When another replay is under way.
    """
    with (directory / ".replay").open("ab") as lock:
        if not lock_if_free(lock.fileno()):
            raise PipelineError(f"{directory} is being replayed by another process", "wait for it to end")
        yield


def rewrite(file: Path, outcomes: Mapping[int, str | None], now: Timestamp) -> None:
    """Replace a file of letters by what is left of it; it is either the old one or the new one, whatever happens.

    Args:
        file: The file.
        outcomes: Offset of a letter to ``None`` when it is done, to the reason for which it stays, or to
            :data:`AS_IT_IS`.
        now: The instant for the letters that stay.

    Raises:
        PipelineError: When it cannot be written.
    """
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with locked(file):
            with file.open("rb") as old, beside.open("wb") as new:
                left = _copy(file, old, new, outcomes, now)
                new.flush()
                os.fsync(new.fileno())
            if left:
                beside.replace(file)
            else:
                beside.unlink()
                file.unlink()
            _sync_directory(file.parent)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise PipelineError(f"{file} cannot be written: {error.strerror}", "check the directory") from error


def _copy(file: Path, old: BinaryIO, new: BinaryIO, outcomes: Mapping[int, str | None], now: Timestamp) -> int:
    """Write what stays and return how many bytes that is."""
    offset = written = 0
    for line in old:
        reason = outcomes.get(offset, AS_IT_IS)
        if reason is not None:
            kept = line if reason == AS_IT_IS else _with_reason(parse_letter(file, offset, line), reason, now)
            written += new.write(kept)
        offset += len(line)
    return written


def _with_reason(letter: KeptLetter, reason: str, now: Timestamp) -> bytes:
    """Return a letter that failed again, in the executor's own form, with the id its event has from now on."""
    own = letter.plugin or "reason" in letter.fields
    event: Value = letter.fields.get("event") if own else letter.fields
    again = Letter(
        letter.pipeline,
        letter.plugin or "replay",
        reason,
        event,
        plugin_id=letter.plugin_id or None,
        original=letter.original,
        origin=letter.origin,
        source_id=letter.source_id,
        document=letter.fields.get("document") if own else None,
    )
    return again.line(now).encode("utf-8", "backslashreplace")


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
