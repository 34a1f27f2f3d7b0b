"""Find the pipeline a file of cases is for, and the files of cases a person means."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from analyzers.assets import asset_root
from atalaia.pipeline.errors import PipelineError

_PACKAGE: Final = Path(__file__).resolve().parents[2]
_SUFFIXES: Final = (".yaml", ".yml")
_FOLDER: Final = "cases"
_DEFAULTS: Final = (Path("cases"), Path("logstash/cases"))


def pipeline_files(names: Sequence[str], folder: Path) -> tuple[Path, ...]:
    """Return the files of a configuration, in the order in which they are read as one.

    Args:
        names: Paths from the folder (of files, or of a folder with nothing but configurations), or one shipped name.
        folder: Where the paths start.

    Raises:
        PipelineError: When a name leads nowhere.
    """
    found: list[Path] = []
    for name in names:
        path = Path(os.path.normpath(folder / name))
        if path.is_dir():
            found += _of_folder(path)
        elif path.is_file():
            found.append(path)
        else:
            found.append(_shipped(name, path))
    return tuple(found)


def case_files(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files of cases a person means.

    Args:
        paths: Files, and folders: in a folder ``*.cases.yaml`` at any depth, and every ``*.yaml`` of a folder
            named ``cases``. None stands for ``cases`` or ``logstash/cases``.

    Raises:
        PipelineError: When a path does not exist, or there is no such file.
    """
    named = paths or [next((path for path in _DEFAULTS if path.is_dir()), _DEFAULTS[0])]
    found: dict[Path, None] = {}
    for path in named:
        if path.is_dir():
            below = dict.fromkeys(sorted(_below(path)))
            if not below:
                remedy = f"name them *.cases.yaml, or put them into a folder named {_FOLDER}"
                raise PipelineError(f"there are no files of cases in {path}", remedy)
            found |= below
        elif path.exists():
            found[path] = None
        else:
            raise PipelineError(f"there are no cases at {path}", "name a file of cases, or a folder that holds some")
    return tuple(found)


def is_case_file(path: Path) -> bool:
    """Tell whether a file's name says that it holds cases."""
    return path.name.endswith(tuple(f".cases{suffix}" for suffix in _SUFFIXES))


def _below(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        here = Path(parent)
        for name in names:
            path = here / name
            if is_case_file(path) or (here.absolute().name == _FOLDER and path.suffix in _SUFFIXES):
                yield path


def _of_folder(folder: Path) -> list[Path]:
    """Return every file of a folder in the order of names, as Logstash reads one."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    if not files:
        raise PipelineError(f"there is no configuration in {folder}", "name another folder, or a file")
    return files


def _shipped(name: str, path: Path) -> Path:
    shipped = {file.stem: file for file in sorted((asset_root("logstash", _PACKAGE) / "pipeline").glob("*.conf"))}
    if name not in shipped:
        known = ", ".join(shipped)
        raise PipelineError(f"there is no pipeline {path}", f"give a path from this file's folder, or one of {known}")
    return shipped[name]
