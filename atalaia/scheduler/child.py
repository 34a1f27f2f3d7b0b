"""The process of one run: an atalaia command line whose end can be told even when the scheduler has died.

Started as ``python -m atalaia.scheduler.child PROGRESS RUN WORD...``. It holds the job's lock, which it inherits, until
it ends; its first and its last act are a line in the file of its progress.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from atalaia.exiting import run_and_exit


@dataclass(frozen=True, slots=True)
class Progress:
    """What a run said about itself.

    Attributes:
        pid: Its process, which leads a group of its own.
        status: Its exit status; ``None`` while it runs, or when it was killed.
    """

    pid: int
    status: int | None = None


def read_progress(path: Path, run: str) -> Progress | None:
    """Return what a run wrote; ``None`` when it wrote nothing yet, or the file is of another run."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    words = [line.split() for line in lines]
    said = {parts[1]: int(parts[2]) for parts in words if len(parts) == 3 and parts[0] == run}  # noqa: PLR2004
    return None if "pid" not in said else Progress(said["pid"], said.get("exit"))


def main(argv: Sequence[str]) -> int:
    """Run the command line and note its end."""
    path, run, words = Path(argv[0]), argv[1], argv[2:]
    _note(path, f"{run} pid {os.getpid()}\n")
    from atalaia.cli.main import main as atalaia  # noqa: PLC0415  # what takes long comes after the first note

    status = atalaia(words)
    _note(path, f"{run} exit {status}\n")
    return status


def _note(path: Path, line: str) -> None:
    """Append a line in one write, and see to it that it is on the disk."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, line.encode("ascii"))
        os.fsync(file)
    finally:
        os.close(file)


if __name__ == "__main__":
    run_and_exit(lambda: main(sys.argv[1:]))
