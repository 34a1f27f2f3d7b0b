"""DuckDB as this store uses it: in memory, offline, reading Parquet files only."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias, cast

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from analyzers.store.embedded.commits import Segment
from analyzers.store.embedded.statement import Statement
from analyzers.store.interface import StoreError

Cell: TypeAlias = str | int | float | bool | None


class Engine:
    """A DuckDB that holds nothing but the queries that are running; threads may share it.

    Args:
        root: The store's directory.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                # Large sorts spill here, never into the store or the working directory.
                "temp_directory": str(Path(tempfile.gettempdir()) / "atalaia-duckdb"),
            },
        )

    def run(self, statement: Statement, segments: Sequence[Segment]) -> list[tuple[Cell, ...]]:
        """Return the rows of a statement that reads some segments.

        Raises:
            StoreError: When a segment is missing or damaged (the message names it), or the query needs more memory
                or disk than there is.
        """
        self._check_sizes(segments)
        with self._explained(segments), self._connection.cursor() as cursor:
            cursor.execute(statement.sql, dict(statement.parameters))
            return cast("list[tuple[Cell, ...]]", cursor.fetchall())

    def close(self) -> None:
        """Release the memory."""
        self._connection.close()

    def _check_sizes(self, segments: Sequence[Segment]) -> None:
        for segment in segments:
            path = self._root / segment.path
            try:
                size = path.stat().st_size
            except OSError as error:
                raise StoreError(f"the segment {path} cannot be read: {error.strerror}", _RESTORE) from error
            if size != segment.size:
                raise StoreError(f"the segment {path} is damaged: {size} bytes instead of {segment.size}", _RESTORE)

    @contextmanager
    def _explained(self, segments: Sequence[Segment]) -> Iterator[None]:
        """Turn an error of DuckDB into one that names the damaged segment, when there is one."""
        try:
            yield
        except duckdb.Error as error:
            for segment in segments:
                self._check_content(segment)
            reason = str(error).splitlines()[0]
            raise StoreError(f"{self._root} cannot answer: {reason}", "narrow the query or free memory") from error

    def _check_content(self, segment: Segment) -> None:
        path = self._root / segment.path
        try:
            with pq.ParquetFile(path, page_checksum_verification=True) as file:
                for _ in file.iter_batches():
                    pass
        except (OSError, pa.ArrowException) as error:
            reason = str(error).splitlines()[0]
            raise StoreError(f"the segment {path} is damaged: {reason}", _RESTORE) from error


_RESTORE = "restore it from a copy of the store"
