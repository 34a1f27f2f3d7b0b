"""Ingesting events of several lines, and lines of several events: each is stored once, and whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analyzers.store.document import Document, WriteResult
from analyzers.store.memory.positions import PositionStore
from analyzers.store.memory.store import MemoryStore
from atalaia.ingest import IngestSummary, ingest

JOINING = r'multiline { pattern => "^\s" what => "previous" }'


def put(folder: Path, lines: list[str], store: MemoryStore, codec: str, filters: str = "") -> IngestSummary:
    """Append lines to a log file and ingest it."""
    with (folder / "app.log").open("a", encoding="utf-8") as log:
        log.writelines(f"{line}\n" for line in lines)
    pipeline = folder / "test.conf"
    pipeline.write_text(
        f"""input {{ file {{ path => "/var/log/x" codec => {codec} }} }}
        filter {{ {filters} }}
        output {{ elasticsearch {{ data_stream => "true" data_stream_dataset => "app.event" }} }}""",
        encoding="utf-8",
    )
    clock = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
    dead = folder / "dead"
    return ingest([folder / "app.log"], pipeline, store, dead_letter=dead, clock=lambda: clock, variables={})


def messages(store: MemoryStore) -> list[str]:
    """Return the messages of the stored documents."""
    return [str(document.body["message"]) for document in store.kept.values()]


def test_lines_are_joined_and_only_events_are_counted(tmp_path: Path) -> None:
    """Lines that wait are no events of their own; the last event ends with the file."""
    store = PositionStore()
    summary = put(tmp_path, ["one", " more", " yet more", "two"], store, JOINING)
    assert messages(store) == ["one\n more\n yet more", "two"]
    assert (summary.lines, summary.stored, summary.dropped) == (2, 2, 0)


def test_read_again_nothing_is_new(tmp_path: Path) -> None:
    """A store without positions knows the events by their ids."""
    store = MemoryStore()
    put(tmp_path, ["one", " more", "two"], store, JOINING)
    summary = put(tmp_path, [], store, JOINING)
    assert (summary.stored, summary.duplicates) == (0, 2)


class _Interrupted(PositionStore):
    """A store during whose second batch the user presses Ctrl-C."""

    batches = 0

    def append(self, documents: Sequence[Document]) -> WriteResult:
        """Interrupt the second batch."""
        self.batches += 1
        if self.batches == 2:
            raise KeyboardInterrupt
        return super().append(documents)


def test_interrupted_inside_an_event_and_continued(tmp_path: Path) -> None:
    """The first batch, of 5,000 lines, ends inside an event of seven: it is stored once, and whole."""
    events = [f"event {number}\n" + "\n".join(f" line {line}" for line in range(6)) for number in range(1_500)]
    store = _Interrupted()
    lines = [line for event in events for line in event.split("\n")]
    with pytest.raises(KeyboardInterrupt):
        put(tmp_path, lines, store, JOINING)
    put(tmp_path, [], store, JOINING)
    assert sorted(messages(store)) == sorted(events)


def test_a_line_that_is_split_is_as_many_documents(tmp_path: Path) -> None:
    """And the same ones when it is read again; a copy has an id of its own, too."""
    filters = 'split { terminator => ";" } clone { clones => ["copy"] }'
    store = MemoryStore()
    first = put(tmp_path, ["a;b", "c;d"], store, "plain", filters)
    again = put(tmp_path, [], store, "plain", filters)
    assert messages(store) == ["a", "a", "b", "b", "c", "c", "d", "d"]
    assert (first.stored, again.stored, again.duplicates) == (8, 0, 8)
