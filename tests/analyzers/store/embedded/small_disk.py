"""A real disk of a few megabytes that can be filled, and made read-only."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def mounted(path: Path, size: int) -> Iterator[Path]:
    """Mount a tmpfs of so many bytes; it needs root, as continuous integration has."""
    path.mkdir()
    _run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path))
    try:
        yield path
    finally:
        _run("umount", str(path))


def remount(path: Path, mode: str) -> None:
    """Make a mounted disk ``ro`` or ``rw``."""
    _run("mount", "-o", f"remount,{mode}", str(path))


def fill(ballast: Path) -> None:
    """Write a file until the disk is full."""
    with ballast.open("wb", buffering=0) as file:
        block = 1 << 16
        while block:
            try:
                file.write(bytes(block))
            except OSError:
                block //= 2


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr} (uid {os.getuid()})"
