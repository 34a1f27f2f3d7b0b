"""DuckDB as this store uses it: in memory, offline, reading Parquet files only, and only sound ones."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias, cast
from uuid import uuid4

import duckdb
import pyarrow as pa

from analyzers.store.embedded.condition import Damage, Inspector
from analyzers.store.embedded.records import Segment
from analyzers.store.embedded.statement import Statement
from analyzers.store.embedded.texts import BETWEEN, HAS_WORDS
from analyzers.store.interface import StoreError
from analyzers.store.words import has_words

Cell: TypeAlias = str | int | float | bool | list[int] | None

_CONFIG: Final[dict[str, str | bool | int | float | list[str]]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
_INTERRUPTED: Final = "Query interrupted"
"""How DuckDB words that Ctrl-C came while it was at work: a RuntimeError of this text, and of no type of its own."""
_KEEP_FOOTERS: Final = "SET GLOBAL parquet_metadata_cache = true"
"""A segment's file never changes, and DuckDB looks at its time all the same: its footer is read once."""


class DamagedError(StoreError):
    """A segment is not what was written.

    Its file may just be gone because it was merged into another one, or expired, since the log was read.
    """

    def __init__(self, damage: Damage, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.damage = damage


class Engine:
    """A DuckDB that holds nothing but the queries that are running; threads may share it.

    Args:
        root: The store's directory.
        memory: How much it may use before it goes on on the disk, as DuckDB writes it (``512MB``); DuckDB's own
            limit when absent.
    """

    def __init__(self, root: Path, memory: str | None = None) -> None:
        self._root = root
        self._inspector = Inspector(root)
        self._config = _CONFIG | {"temp_directory": _spill()} | ({} if memory is None else {"memory_limit": memory})
        self._guard = threading.Lock()
        self._connection: duckdb.DuckDBPyConnection | None = None

    def run(self, statement: Statement, segments: Sequence[Segment]) -> list[tuple[Cell, ...]]:
        """Return the rows of a statement that reads some segments; each file is checked before it is believed.

        Raises:
            DamagedError: When a segment is damaged or not there; the message names it.
            StoreError: When the query needs more memory or disk than there is.
        """
        self.check(segments)
        with self._explained(segments), self._cursor() as cursor:
            cursor.execute(statement.sql, dict(statement.parameters))
            return cast("list[tuple[Cell, ...]]", cursor.fetchall())

    def table(self, statement: Statement, segments: Sequence[Segment]) -> pa.Table:
        """Return the rows of a statement as an Arrow table.

        Raises:
            DamagedError: As :meth:`run`.
            StoreError: Likewise.
        """
        self.check(segments)
        with self._explained(segments), self._cursor() as cursor:
            return cast("pa.Table", cursor.sql(statement.sql, params=dict(statement.parameters)).to_arrow_table())

    def check(self, segments: Sequence[Segment]) -> None:
        """Make sure that the files of some segments are what was written.

        Raises:
            DamagedError: When one is not; the message names it.
        """
        damage = self._inspector.first_damage(segments)
        if damage is not None:
            raise self._refusal(damage)

    def forget(self, segments: Sequence[Segment]) -> None:
        """Drop what is remembered of all but these segments: others are no more."""
        self._inspector.forget(segments)

    def close(self) -> None:
        """Release the memory."""
        if self._connection is not None:
            self._connection.close()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a cursor; DuckDB and its threads start with the first query: who only writes never pays for them."""
        with self._guard:
            if self._connection is None:
                self._connection = duckdb.connect(":memory:", config=self._config)
                self._connection.execute(_KEEP_FOOTERS)
                self._connection.create_function(HAS_WORDS, _has_words, ["VARCHAR", "VARCHAR"], "BOOLEAN")
            return self._connection.cursor()

    @contextmanager
    def _explained(self, segments: Sequence[Segment]) -> Iterator[None]:
        """Turn an error of DuckDB into one that names the segment that went or broke meanwhile, when there is one.

        Raises:
            KeyboardInterrupt: Ctrl-C came in the midst of the query.
        """
        try:
            yield
        except RuntimeError as error:
            if str(error) != _INTERRUPTED:
                raise
            raise KeyboardInterrupt from error
        except duckdb.Error as error:
            self.check(segments)
            reason = str(error).splitlines()[0]
            raise StoreError(f"{self._root} cannot answer: {reason}", "narrow the query or free memory") from error

    def _refusal(self, damage: Damage) -> DamagedError:
        path = self._root / damage.segment.path
        trouble = "cannot be read" if damage.unread else "is damaged"
        return DamagedError(
            damage,
            f"the segment {path} {trouble}: {damage.reason}",
            f"restore it from a copy, or keep what is intact: atalaia store verify {self._root} --set-aside",
        )


def _has_words(text: str, words: str) -> bool:
    """Tell whether a text has words; DuckDB hands over no nulls."""
    return has_words(text, words.split(BETWEEN))


def _spill() -> str:
    """Return where large sorts go on, never in the store or the working directory; DuckDB makes and removes it.

    Each engine has its own: another user may not write into ours, and before DuckDB 2.0 two engines in one directory
    overwrite and delete each other's files (https://github.com/duckdb/duckdb/issues/15173).
    """
    return str(Path(tempfile.gettempdir()) / f"atalaia-duckdb-{uuid4()}")
