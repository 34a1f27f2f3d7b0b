"""Read pattern files: ``NAME``, a blank, the expression to the end of the line; ``#`` starts a comment line."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from pathlib import Path

from atalaia.pipeline.errors import PipelineError


def read_definitions(file: Path) -> dict[str, str]:
    """Return the definitions of one file; a later one of the same name wins, a line without an expression is skipped.

    Raises:
        PipelineError: When the file cannot be read, or an expression ends in a blank (Logstash refuses it, too).
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PipelineError(f"the pattern file {file} cannot be read: {error}") from error
    definitions: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        name, _, expression = line.lstrip().partition(" ")
        if name and not name.startswith("#") and expression.lstrip():
            definitions[name] = _checked(expression.lstrip(), f"{file}:{number}")
    return definitions


def read_patterns(places: Sequence[str], directory: Path, names: str = "*") -> dict[str, str]:
    """Return the definitions an option ``patterns_dir`` stands for.

    Args:
        places: Files, folders or globs.
        directory: Where relative ones start.
        names: A glob: which files of a folder are read.

    Raises:
        PipelineError: When a path does not exist, or see :func:`read_definitions`.
    """
    return _read_folders([path for place in places for path in _expand(directory / place)], names)


def _read_folders(paths: Sequence[Path], names: str) -> dict[str, str]:
    """Return the definitions of files and of folders' files.

    Args:
        paths: Files, or folders whose files match ``names``; read in order, so that later ones win.
        names: Which files of a folder are read.

    Raises:
        PipelineError: When a path does not exist, or see :func:`read_definitions`.
    """
    definitions: dict[str, str] = {}
    for path in paths:
        if not path.exists():
            raise PipelineError(f"there is no pattern file or folder {path}", "correct patterns_dir")
        files = sorted(path.glob(names)) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                definitions |= read_definitions(file)
    return definitions


def _expand(place: Path) -> list[Path]:
    """Return what a path or glob stands for; a path that does not exist is returned, to be complained about."""
    found = sorted(glob.glob(str(place)))  # noqa: PTH207 - the glob may be absolute, which Path.glob refuses
    return [Path(path) for path in found] or [place]


def _checked(expression: str, place: str) -> str:
    if expression[-1].isspace():
        raise PipelineError(f"{place}: the expression ends in a blank: {expression!r}", "remove the blank")
    return expression
