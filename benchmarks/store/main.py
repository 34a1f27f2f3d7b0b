"""Both stores over ten million events: ingest, memory, disk, queries, history, opening."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.figures import Figure, table
from benchmarks.store import asking, cluster
from benchmarks.store.events import BLOCK, DAYS, History
from benchmarks.store.ingesting import ROOT, Ingested, ingest
from benchmarks.store.measuring import directory_bytes
from benchmarks.store.peers import Peers, write_peers
from benchmarks.store.progress import say

EVENTS: Final = 10_000_000
FLAT: Final = 1.25
"""The most memory after the first tenth of the events, to that within it."""

FLAT_FROM: Final = 1_000_000
"""Events from which on memory is judged: the first tenth of fewer holds too few merges of segments to compare with."""

_MIB: Final = 1 << 20
_LESS_HISTORY: Final = 100
_BYTES_AN_EVENT: Final = 500
_CLUSTER_BYTES_AN_EVENT: Final = 1_700
_EVENTS_A_SECOND: Final = 8_000
_CLUSTER_EVENTS_A_SECOND: Final = 8_000


@dataclass(frozen=True, slots=True)
class Options:
    """How to run.

    Attributes:
        events: How many events in the 30 days.
        directory: Where to make a temporary directory; the system's place when absent.
        elasticsearch: Whether to compare with Elasticsearch.
    """

    events: int = EVENTS
    directory: Path | None = None
    elasticsearch: bool = True


def main(options: Options) -> bool:
    """Print all figures; return whether every limit was reached."""
    say(_warning(options))
    begun = time.monotonic()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="atalaia-bench-", dir=options.directory) as name:
        for figure in measure(options, Path(name)):
            say(f"   {figure.name}: {figure.shown}")
            figures.append(figure)
    print(f"{options.events:,} events over {DAYS} days, {(time.monotonic() - begun) / 60:.1f} minutes")
    print(table(figures))
    return all(figure.reached is not False for figure in figures)


def measure(options: Options, folder: Path) -> Iterator[Figure]:
    """Yield all figures, in the order they are measured."""
    history = History(options.events)
    store = folder / "store"
    say("   ingesting into the embedded store")
    yield from _ingesting(ingest(store, history.events))
    kept = directory_bytes(store)
    peers = write_peers(history, folder)
    yield from _sizes(history, kept, peers)
    queries, answers = asking.queries(store, peers.parquet)
    yield from queries
    yield from asking.cold(store, peers.parquet)
    first = min(history.blocks - history.blocks // _LESS_HISTORY, history.blocks - 1)
    short = ingest(folder / "short", history.events, first)
    yield Figure("one hour: history, times", history.events / short.events)
    yield from asking.one_hour(folder / "short", store)
    yield from asking.opening(store)
    yield from _compacted(store, history)
    if options.elasticsearch:
        yield from cluster.compare(history, folder, lambda asked: asking.cluster_queries(asked, answers, queries))


def _ingesting(cost: Ingested) -> Iterator[Figure]:
    flat = FLAT if cost.events >= FLAT_FROM else None
    yield Figure("ingest: per core", cost.events / cost.cpu, "events/CPU s")
    yield Figure("ingest: by the clock", cost.events / cost.wall, "events/s")
    yield Figure("ingest: making the events, taken out", cost.making, "CPU s")
    yield Figure("memory: median in the first tenth", cost.resident_early / _MIB, "MiB")
    yield Figure("memory: median in the last tenth", cost.resident_late / _MIB, "MiB")
    yield Figure("memory: last tenth to first", cost.resident_late / cost.resident_early, "", flat)
    yield Figure("memory: most up to the first tenth", cost.peak_early / _MIB, "MiB")
    yield Figure("memory: most afterwards", cost.peak / _MIB, "MiB")
    yield Figure("memory: most afterwards to before", cost.peak / cost.peak_early, "", flat)


def _sizes(history: History, kept: int, peers: Peers) -> Iterator[Figure]:
    events = history.events
    yield Figure("bytes per event: records", peers.lines / events, "B")
    yield Figure("bytes per event: records, gzip -6", peers.lines_gzip / events, "B")
    yield Figure("bytes per event: bodies", peers.bodies / events, "B")
    yield Figure("bytes per event: bodies, gzip -6", peers.bodies_gzip / events, "B")
    yield Figure("bytes per event: embedded store", kept / events, "B")
    yield Figure("bytes per event: embedded store to gzip of the records", kept / peers.lines_gzip)
    yield Figure("bytes per event: embedded store to gzip of the bodies", kept / peers.bodies_gzip)
    yield Figure("bytes per event: the Parquet file by hand", peers.parquet.stat().st_size / events, "B")


def _compacted(store: Path, history: History) -> Iterator[Figure]:
    subprocess.run(
        [sys.executable, "-m", "atalaia", "store", "compact", str(store)],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
    )
    yield Figure("bytes per event: embedded store, compacted", directory_bytes(store) / history.events, "B")


def _warning(options: Options) -> str:
    disk = options.events * (_BYTES_AN_EVENT + _CLUSTER_BYTES_AN_EVENT * options.elasticsearch)
    time_taken = options.events * (1 / _EVENTS_A_SECOND + options.elasticsearch / _CLUSTER_EVENTS_A_SECOND)
    place = options.directory or Path(tempfile.gettempdir())
    return (
        f"   {options.events:,} events: up to {disk / 1e9:.1f} GB below {place}, removed at the end, and some "
        f"{max(1, time_taken / 60):.0f} minutes on two cores; blocks of {BLOCK:,}"
    )
