"""Read pattern files: ``NAME``, a blank, the expression to the end of the line; ``#`` starts a comment line."""

from __future__ import annotations

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


def read_folders(paths: Sequence[Path], glob: str) -> dict[str, str]:
    """Return the definitions of files and of folders' files.

    Args:
        paths: Files, or folders whose files match ``glob``; read in order, so that later ones win.
        glob: Which files of a folder are read.

    Raises:
        PipelineError: When a path does not exist, or see :func:`read_definitions`.
    """
    definitions: dict[str, str] = {}
    for path in paths:
        if not path.exists():
            raise PipelineError(f"there is no pattern file or folder {path}", "correct patterns_dir")
        files = sorted(path.glob(glob)) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                definitions |= read_definitions(file)
    return definitions


def _checked(expression: str, place: str) -> str:
    if expression[-1].isspace():
        raise PipelineError(f"{place}: the expression ends in a blank: {expression!r}", "remove the blank")
    return expression
