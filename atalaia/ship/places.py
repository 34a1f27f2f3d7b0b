"""Which files are shipped, and where the shipper keeps its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from wcmatch import glob

from atalaia.pipeline.inputs.files.sincedb import Sincedb
from atalaia.ship.errors import ShipError

_IN_DIRECTORY: Final = ("*.ndjson", "*.ndjson.*")
_FLAGS: Final = glob.GLOBSTAR | glob.BRACE | glob.FORCEUNIX


def patterns_of(names: Sequence[str]) -> list[str]:
    """Return absolute patterns of what was named: directories (their NDJSON files), files and patterns.

    Raises:
        ShipError: When a name is no pattern and leads nowhere.
    """
    return [pattern for name in names for pattern in _patterns(name)]


def _patterns(name: str) -> Iterable[str]:
    path = Path(name)
    absolute = str(path.absolute())
    if path.is_dir():
        return [f"{_literal(absolute)}/{each}" for each in _IN_DIRECTORY]
    if path.exists():
        return [_literal(absolute)]
    if glob.is_magic(name, flags=_FLAGS):
        return [absolute]
    remedy = "make it, or name a pattern in quotes, which may find files later"
    raise ShipError(f"there is no file or directory {name}", remedy)


def _literal(path: str) -> str:
    return glob.escape(path, unix=True) if glob.is_magic(path, flags=_FLAGS) else path


def check_own(own: Iterable[Path], patterns: Sequence[str]) -> None:
    """Refuse files of the shipper's own that would be shipped themselves.

    Raises:
        ShipError: For the first of them.
    """
    for path in own:
        if glob.globmatch(str(path.absolute()), list(patterns), flags=_FLAGS):
            remedy = "give --dead-letter and --positions places outside of what is shipped"
            raise ShipError(f"{path} would be shipped itself", remedy)


def check_free(positions: Path) -> None:
    """Refuse positions that another shipper uses.

    Raises:
        ShipError: When one does.
        PipelineError: When they cannot be kept there.
    """
    file = Sincedb(positions)
    if not file.take():
        remedy = "end that one, or give this one other --positions"
        raise ShipError(f"the positions {positions} are used by another shipper", remedy)
    file.release()
