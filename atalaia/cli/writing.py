"""Write what ``--output`` names."""

from __future__ import annotations

from pathlib import Path

from logging_lib.errors import AtalaiaError


def write_output(path: Path, content: str) -> None:
    """Write a file in UTF-8, in place of what was there.

    Raises:
        AtalaiaError: When it cannot be written.
    """
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise AtalaiaError(f"cannot write {path}: {error.strerror}", "give --output a file you may write") from error
