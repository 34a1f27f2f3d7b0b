"""A process that follows files until it is killed: ``python -m … FOLDER (sincedb|store) TURN``."""

from __future__ import annotations

import json
import os
import sys
import threading
from itertools import count
from pathlib import Path

from analyzers.store.document import Document, SourcePosition
from analyzers.store.embedded.store import EmbeddedStore
from atalaia.pipeline.inputs.running import Arrival, Emit, Positions, Reading
from logging_lib.clock import system_clock
from tests.atalaia.pipeline.inputs.files.driving import load

STREAM = "logs-app.event-test"


def into_a_file(folder: Path) -> Emit:
    """Return what writes messages and ids to a file, durably."""
    out = (folder / "out").open("ab", buffering=0)

    def emit(arrival: Arrival) -> None:
        lines = [{"message": event.data["message"], "id": event.source_id} for event in arrival.events]
        out.write("".join(f"{json.dumps(line)}\n" for line in lines).encode())
        os.fsync(out.fileno())
        arrival.settled()

    return emit


def into_a_store(store: EmbeddedStore, turn: int) -> Emit:
    """Return what commits events and positions together; ids are new each time, so that no double is hidden."""
    ids = count(turn * 1_000_000)

    def emit(arrival: Arrival) -> None:
        messages = [str(event.data["message"]) for event in arrival.events]
        documents = [
            Document(STREAM, f"{next(ids)}", {"@timestamp": "2026-03-14T12:00:00Z", "message": message})
            for message in messages
        ]
        store.append_from(documents, [SourcePosition(each.source, each.offset) for each in arrival.positions])
        arrival.settled()

    return emit


def main(folder: Path, kind: str, turn: int) -> None:
    """Follow the logs in a folder."""
    positions: Positions | None = None
    if kind == "store":
        store = EmbeddedStore(folder / "store", writable=True)
        emit, positions = into_a_store(store, turn), store
    else:
        emit = into_a_file(folder)
    run = load(
        folder,
        path=str(folder / "logs" / "app.log*"),
        start_position="beginning",
        stat_interval="5 ms",
        discover_interval=2,
        sincedb_write_interval="20 ms",
    ).run
    assert run is not None
    run(Reading(emit, threading.Event(), positions, folder / "data", system_clock))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
