"""What has been copied already, kept in one small SQLite file, so that a copy can be stopped and gone on with."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from analyzers.store.copying.parts import Part
from analyzers.store.interface import StoreError

_SCHEMA: Final = """
    CREATE TABLE IF NOT EXISTS stores (source TEXT NOT NULL, target TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS finished (
        stream TEXT NOT NULL,
        part TEXT NOT NULL,
        documents INTEGER NOT NULL,
        doubled INTEGER NOT NULL,
        PRIMARY KEY (stream, part)
    ) STRICT;
"""
_REMEDY: Final = "name another file with --state, or remove this one: everything is copied again, nothing is doubled"


@dataclass(frozen=True, slots=True)
class Taken:
    """What was read of a part when it was copied last.

    Attributes:
        documents: How many.
        doubled: How many of them were the same event once more: one id in two backing indices.
    """

    documents: int
    doubled: int = 0


@dataclass(frozen=True, slots=True)
class Between:
    """The two stores of a copy, as they are told apart from all others.

    Attributes:
        source: A directory's absolute path, or an address.
        target: Likewise.
    """

    source: str
    target: str

    @property
    def file_name(self) -> str:
        """The name of the state file of a copy between the two."""
        both = f"{self.source}\n{self.target}"
        return f"{sha256(both.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}.sqlite"


class CopyState:
    """The memory of a copy between two stores; one process at a time holds it, as a context manager.

    Args:
        path: The file; it and its folder are made when missing.
        between: The two stores.
    """

    def __init__(self, path: Path, between: Between) -> None:
        self._path = path
        self._between = between

    def __enter__(self) -> Self:
        """Open the file and keep other copies between the two stores out.

        Raises:
            StoreError: When another copy is running, the file is of another copy, or it cannot be opened.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(self._path, isolation_level=None, timeout=0)
            self._open()
        except (OSError, sqlite3.Error) as error:
            raise _refused("open", self._path, error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the file and let other copies in."""
        self._base.close()

    def taken(self) -> Mapping[tuple[str, str], Taken]:
        """Return what was copied, by stream and the key of the part."""
        return _taken(self._base)

    def record(self, part: Part, taken: Taken) -> None:
        """Note, durably, that a part has been copied."""
        row = (part.stream, part.key, taken.documents, taken.doubled)
        self._base.execute("INSERT OR REPLACE INTO finished VALUES (?, ?, ?, ?)", row)

    def _open(self) -> None:
        # The lock is held from the first write on until the file is closed, however the process ends.
        self._base.executescript(f"PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; {_SCHEMA}")
        with closing(self._base.cursor()) as cursor:
            cursor.execute("BEGIN EXCLUSIVE")
            found = cursor.execute("SELECT source, target FROM stores").fetchone()
            if found is None:
                cursor.execute("INSERT INTO stores VALUES (?, ?)", (self._between.source, self._between.target))
            cursor.execute("COMMIT")
        if found is not None and Between(*found) != self._between:
            self._base.close()
            raise StoreError(f"{self._path} is of the copy from {found[0]} to {found[1]}", "name another --state")


def read_taken(path: Path) -> Mapping[tuple[str, str], Taken]:
    """Return what a state file says was copied, without touching it; nothing when there is none.

    Raises:
        StoreError: When a copy is running that holds it, or it cannot be read.
    """
    if not path.exists():
        return {}
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0)) as base:
            return _taken(base)
    except sqlite3.Error as error:
        raise _refused("read", path, error) from error


def _refused(verb: str, path: Path, error: OSError | sqlite3.Error) -> StoreError:
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return StoreError(f"another copy holds {path}", "wait until it ends")
    return StoreError(f"cannot {verb} {path}: {error}", _REMEDY)


def _taken(base: sqlite3.Connection) -> Mapping[tuple[str, str], Taken]:
    rows = base.execute("SELECT stream, part, documents, doubled FROM finished")
    return {(stream, part): Taken(documents, doubled) for stream, part, documents, doubled in rows}
