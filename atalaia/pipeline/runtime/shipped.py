"""The configurations that come with Atalaia."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from analyzers.assets import asset_root
from atalaia.pipeline.errors import PipelineError

_PACKAGE: Final = Path(__file__).resolve().parents[2]


def find_pipeline(name_or_path: str) -> Path:
    """Return a configuration: an existing file, or one that comes with Atalaia, by name.

    Raises:
        PipelineError: When it is neither; the message lists those that come with Atalaia.
    """
    path = Path(name_or_path)
    if path.is_file():
        return path
    shipped = {file.stem: file for file in sorted((asset_root("logstash", _PACKAGE) / "pipeline").glob("*.conf"))}
    if name_or_path in shipped:
        return shipped[name_or_path]
    known = ", ".join(shipped)
    raise PipelineError(f"there is no pipeline {name_or_path!r}", f"give a file, or one of {known}")
