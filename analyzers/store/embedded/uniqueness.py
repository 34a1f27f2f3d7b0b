"""Whether an id is twice in a stream: exact, over all segments at once, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, cast

from analyzers.store.embedded.columns import ID, quoted
from analyzers.store.embedded.engine import DamagedError, Engine
from analyzers.store.embedded.records import Segment
from analyzers.store.embedded.statement import Parameters

_MEMORY: Final = "512MB"
"""Beyond it DuckDB sorts on the disk, in the directory for temporary files."""

_ATTEMPTS: Final = 10


def repeated_ids(
    root: Path, refresh: Callable[[], Sequence[Segment]], damaged: Container[str]
) -> Iterator[tuple[str, str]]:
    """Yield each stream in which ids are repeated, and what is wrong in words.

    Args:
        root: The store's directory.
        refresh: Lists all segments as of now.
        damaged: Paths that are left out.

    Raises:
        StoreError: When a segment is damaged that was sound before.
    """
    with closing(Engine(root, memory=_MEMORY)) as engine:
        for stream in sorted({segment.stream for segment in refresh()}):
            count, example = _repeated(root, engine, stream, refresh, damaged)
            if count:
                yield stream, f"{count:,} ids are there more than once, such as {example!r}"


def _repeated(
    root: Path, engine: Engine, stream: str, refresh: Callable[[], Sequence[Segment]], damaged: Container[str]
) -> tuple[int, str | None]:
    attempts = iter(range(_ATTEMPTS))
    while True:
        segments = [each for each in refresh() if each.stream == stream and each.path not in damaged]
        try:
            return _counted(root, engine, segments)
        except DamagedError as error:  # perhaps merged meanwhile
            moved = error.damage.segment.path not in {segment.path for segment in refresh()}
            if not moved or next(attempts, None) is None:
                raise


def _counted(root: Path, engine: Engine, segments: Sequence[Segment]) -> tuple[int, str | None]:
    if not segments:
        return 0, None
    parameters = Parameters()
    files = parameters.add([str(root / segment.path) for segment in segments])
    column = quoted(ID)
    sql = (
        f"SELECT count(*), min({column}) FROM (SELECT {column} FROM read_parquet({files}) "  # noqa: S608 - a parameter
        f"GROUP BY {column} HAVING count(*) > 1)"
    )
    ((count, example),) = engine.run(parameters.statement(sql), segments)
    return cast("int", count), None if example is None else str(example)
