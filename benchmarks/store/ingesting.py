"""Put events into an embedded store, in a process of its own so that its memory is that of ingesting alone.

``python -m benchmarks.store.ingesting STORE EVENTS FIRST_BLOCK`` prints an :class:`Ingested` as JSON.
"""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from analyzers.store.document import Document
from analyzers.store.open import open_store
from atalaia.pipeline.runtime.collection import eased_collection
from benchmarks.store.events import BLOCK, History
from benchmarks.store.measuring import Memory, cpu_seconds
from benchmarks.store.progress import told

ROOT: Final = Path(__file__).parents[2]

_BATCH_BLOCKS: Final = 2
"""A batch is 2,000 events, as ``atalaia ingest`` makes them."""

_TENTH: Final = 0.1


class Ingested(BaseModel):
    """What ingesting cost.

    Attributes:
        events: How many events were stored.
        cpu: CPU seconds of all threads, without those of making the events.
        wall: Seconds, without those of making the events; closing the store is among them.
        making: CPU seconds of making the events.
        resident_early: Median resident bytes of the tenth of the events up to the first tenth.
        resident_late: The same of the last tenth.
        peak_early: Most resident bytes up to the first tenth.
        peak: Most resident bytes after it.
    """

    model_config = ConfigDict(frozen=True)

    events: int
    cpu: float
    wall: float
    making: float
    resident_early: int
    resident_late: int
    peak_early: int
    peak: int


def ingest(path: Path, events: int, first: int = 0) -> Ingested:
    """Write the events from a block on to a new store, in a new process."""
    command = [sys.executable, "-m", "benchmarks.store.ingesting", str(path), str(events), str(first)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT)
    return Ingested.model_validate_json(done.stdout)


class _Making:
    """Makes batches, and knows what that has cost so far."""

    def __init__(self, history: History, first: int) -> None:
        self._blocks = told("ingest", history.blocks_from(first), history.blocks - first)
        self.cpu = self.wall = 0.0

    def batch(self) -> list[Document]:
        """Return the next documents; none when there are no more."""
        cpu, wall = time.thread_time(), time.perf_counter()
        documents = [document for block in islice(self._blocks, _BATCH_BLOCKS) for document in block.documents()]
        self.cpu += time.thread_time() - cpu
        self.wall += time.perf_counter() - wall
        return documents


def _measured(path: Path, history: History, first: int) -> Ingested:
    wanted = history.events - first * BLOCK
    making = _Making(history, first)
    stored = 0
    cpu, wall = cpu_seconds(), time.perf_counter()
    with (
        Memory(lambda: stored / wanted) as memory,
        open_store(str(path), writable=True) as store,
        eased_collection(),  # as `atalaia ingest` does
    ):
        while documents := making.batch():
            written = store.append(documents)
            if written.stored != len(documents):
                raise ValueError(written)
            stored += written.stored
    if stored != wanted:
        raise ValueError(f"{stored} of {wanted} events were stored")
    return Ingested(
        events=stored,
        cpu=cpu_seconds() - cpu - making.cpu,
        wall=time.perf_counter() - wall - making.wall,
        making=making.cpu,
        resident_early=memory.usual(0, _TENTH),
        resident_late=memory.usual(1 - _TENTH, 1),
        peak_early=memory.peak(0, _TENTH),
        peak=memory.peak(_TENTH, 1),
    )


if __name__ == "__main__":
    print(_measured(Path(sys.argv[1]), History(int(sys.argv[2])), int(sys.argv[3])).model_dump_json())
