"""Write text to files and make it durable."""

from __future__ import annotations

import gzip
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from atalaia.pipeline.errors import PipelineError


@dataclass(frozen=True, slots=True)
class FileWriting:
    """How a file is written.

    Attributes:
        gzip: Whether it is compressed; each batch is a member of its own, which ``gunzip`` reads as one file.
        overwrite: Whether each text takes the place of all before it.
        file_mode: The permissions of a new file, whatever the umask; the system's default when ``None``.
        dir_mode: Those of new directories.
    """

    gzip: bool = False
    overwrite: bool = False
    file_mode: int | None = None
    dir_mode: int | None = None


APPENDED: Final = FileWriting()
"""Plain text, appended."""


def write_file(path: Path, text: str, how: FileWriting = APPENDED) -> None:
    """Write text to a file; it is on disk when this returns. Directories on the way are made.

    Raises:
        PipelineError: When the file cannot be written.
    """
    content = text.encode("utf-8", "backslashreplace")
    try:
        _make_directory(path.parent, how.dir_mode)
        new = not path.exists()
        with path.open("wb" if how.overwrite else "ab") as file:
            if new and how.file_mode is not None:
                os.fchmod(file.fileno(), how.file_mode)
            file.write(gzip.compress(content, mtime=0) if how.gzip else content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise PipelineError(f"{path} cannot be written: {error.strerror}", "check the directory") from error


def _make_directory(path: Path, mode: int | None) -> None:
    if path.is_dir():
        return
    _make_directory(path.parent, mode)
    path.mkdir(exist_ok=True)
    if mode is not None:
        path.chmod(mode)
