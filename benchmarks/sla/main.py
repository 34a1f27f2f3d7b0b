"""A month's service levels from raw events and from the ledger, over ten million requests."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from fractions import Fraction
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from analyzers.sla.contract.model import Contract
from analyzers.sla.ledger import evidence_of, seal
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.interface import Store
from benchmarks.figures import Figure, table
from benchmarks.sla.answering import Figures, by_evidence, by_sql, check_equal
from benchmarks.sla.events import BLOCK, ENVIRONMENT, MONTH, SERVICE, blocks
from benchmarks.store.asking import in_turns
from benchmarks.store.main import Options
from benchmarks.store.measuring import Memory, directory_bytes, seconds
from benchmarks.store.progress import say

AGAINST_SQL: Final = 3.0
"""The most time that a month's figures may take from raw events, to that of SQL over the same events in one file."""
AGAINST_RAW: Final = 1.0
"""The most time that they may take from the ledger, to that from raw events."""
JUDGED_FROM: Final = 5_000_000
"""Events from which on both are judged: of fewer, slices are as many, and the rows of 44,640 minutes cost most."""

_RUNS: Final = 5
_MIB: Final = 1 << 20
_TELL_SECONDS: Final = 10.0
_NOW: Final = MONTH.end + timedelta(hours=2)
_CONTRACT: Final = Contract(SERVICE, ENVIRONMENT, "UTC", (), timedelta(hours=1), Fraction(0))
_TYPES: Final[Mapping[str, pa.DataType]] = MappingProxyType(
    {"timestamp": pa.timestamp("ms"), "route": pa.string(), "status": pa.int16(), "seconds": pa.float64()}
)
_COLUMNS: Final = pa.schema(list(_TYPES.items()))


def main(options: Options) -> bool:
    """Print all figures; return whether every limit was reached."""
    begun = time.monotonic()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="atalaia-bench-", dir=options.directory) as name:
        for figure in measure(options.events, Path(name)):
            say(f"   {figure.name}: {figure.shown}")
            figures.append(figure)
    print(f"{options.events:,} requests in a month, {(time.monotonic() - begun) / 60:.1f} minutes")
    print(table(figures))
    return all(figure.reached is not False for figure in figures)


def measure(events: int, folder: Path, runs: int = _RUNS) -> Iterator[Figure]:
    """Yield all figures, in the order they are measured."""
    place, parquet = folder / "store", folder / "events.parquet"
    with EmbeddedStore(place, writable=True, clock=lambda: MONTH.end) as store:
        taken = seconds(lambda: _fill(store, events, parquet))
    yield Figure("ingest, making the requests included", events / taken, "/s")
    with EmbeddedStore(place) as store, EmbeddedStore(folder / "ledger", writable=True, clock=lambda: _NOW) as ledger:
        yield from _sealing(store, ledger, events)
        yield from _again(store, ledger)
    yield Figure("bytes: ledger to store", directory_bytes(folder / "ledger") / directory_bytes(place))
    with EmbeddedStore(place) as store, EmbeddedStore(folder / "ledger") as ledger:
        yield from _answering(store, ledger, parquet, runs, judged=events >= JUDGED_FROM)


def _fill(store: Store, events: int, parquet: Path) -> None:
    told = time.monotonic()
    with pq.ParquetWriter(parquet, _COLUMNS, compression="zstd") as writer:
        for number, block in enumerate(blocks(events)):
            written = store.append([event.document() for event in block])
            if written.stored != len(block):
                raise ValueError(written)
            columns = [list(column) for column in zip(*(event[1:] for event in block), strict=True)]
            writer.write_table(pa.table(dict(zip(_COLUMNS.names, columns, strict=True)), schema=_COLUMNS))
            if time.monotonic() - told > _TELL_SECONDS:
                told = time.monotonic()
                say(f"   ingest: {number * BLOCK / events:4.0%}")


def _sealing(store: Store, ledger: Store, events: int) -> Iterator[Figure]:
    done = 0.0

    def advance(minutes: int, total: int) -> None:
        nonlocal done
        done = minutes / total

    with Memory(lambda: done) as memory:
        taken = seconds(lambda: seal(store, ledger, _CONTRACT, lambda: _NOW, None, advance))
    yield Figure("seal the month", taken, "s")
    yield Figure("seal the month: requests", events / taken, "/s")
    yield Figure("seal the month: most resident memory", memory.peak(0, 1) / _MIB, "MiB")


def _again(store: Store, ledger: Store) -> Iterator[Figure]:
    later = _NOW + timedelta(minutes=5)
    taken = seconds(lambda: seal(store, ledger, _CONTRACT, lambda: later))
    yield Figure("seal five minutes more, compare the month", taken, "s")


def _answering(store: Store, ledger: Store, parquet: Path, runs: int, *, judged: bool) -> Iterator[Figure]:
    """Ask all of them in turns, once they are known to say the same."""
    with duckdb.connect(":memory:") as connection:
        works: list[Callable[[], Figures]] = [
            lambda: by_evidence(evidence_of(store, None, _CONTRACT, _NOW)),
            lambda: by_evidence(evidence_of(store, ledger, _CONTRACT, _NOW)),
            partial(by_sql, connection, parquet),
        ]
        check_equal(*(work() for work in works))
        sealed = evidence_of(store, ledger, _CONTRACT, _NOW).provenance(MONTH).sealed
        if sealed != (MONTH,):
            raise ValueError(f"the ledger has {sealed} of {MONTH}")
        raw, slices, sql = in_turns(works, runs)
    yield Figure("a month's figures: raw events", raw, "s")
    yield Figure("a month's figures: ledger", slices, "s")
    yield Figure("a month's figures: SQL over Parquet", sql, "s")
    yield Figure("raw events to SQL", raw / sql, "", AGAINST_SQL if judged else None)
    yield Figure("ledger to SQL", slices / sql)
    yield Figure("ledger to raw events", slices / raw, "", AGAINST_RAW if judged else None)
