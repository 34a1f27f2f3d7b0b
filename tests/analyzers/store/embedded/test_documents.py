"""Reading documents from segments that overlap, are many, and go away while they are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.store.document import Document
from analyzers.store.embedded.commits import CommitLog
from analyzers.store.embedded.documents import MOST_ROWS, DocumentReader
from analyzers.store.embedded.engine import Engine
from analyzers.store.embedded.records import Segment
from analyzers.store.embedded.slices import Slice, cut
from analyzers.store.embedded.statement import Statement
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.interface import StoreError
from analyzers.store.query import Window
from analyzers.store.schema import load_schema
from analyzers.store.selection import Selection
from tests.analyzers.store.embedded.events import START, STREAM, event, write

ALWAYS = Window(START - timedelta(days=400), START + timedelta(days=400))


class WatchedEngine(Engine):
    """An engine that notes the most rows it was asked for at once."""

    most = 0

    def table(self, statement: Statement, segments: Sequence[Segment]) -> pa.Table:
        """Read, and note how much."""
        found = super().table(statement, segments)
        self.most = max(self.most, found.num_rows)
        return found


def close_together(number: int) -> Document:
    """Return the event of a number: two in each millisecond, in the order of their numbers."""
    at = START + timedelta(milliseconds=number // 2)
    return Document(STREAM, f"e{number:06d}", {"@timestamp": at.isoformat()})


def reader(root: Path, engine: Engine) -> DocumentReader:
    """Return a reader of what the commits of a directory name."""
    return DocumentReader(root, engine, lambda _stream: CommitLog(root).refresh())


@pytest.mark.parametrize("newest_first", [False, True])
def test_however_many_overlap_a_page_is_held(tmp_path: Path, newest_first: bool) -> None:  # noqa: FBT001 - a case
    """Thirty segments each span the same six seconds: all documents come in order, few are held at a time."""
    for start in range(30):
        with EmbeddedStore(tmp_path, writable=True) as store:
            store.append([close_together(number) for number in range(start, 12_000, 30)])
    engine = WatchedEngine(tmp_path)
    documents = reader(tmp_path, engine).read(Selection(STREAM, ALWAYS, newest_first=newest_first), load_schema(STREAM))
    numbers = [int(document.id[1:]) for document in documents]
    assert numbers == sorted(range(12_000), reverse=newest_first)
    assert engine.most <= MOST_ROWS


def test_reading_goes_on_where_segments_are_replaced(tmp_path: Path) -> None:
    """The segments that were listed are merged into one and removed: every document comes once, in order."""
    store, merged = tmp_path / "store", tmp_path / "merged"
    write(store, range(0, 2000, 2))
    write(store, range(1, 2000, 2))
    write(merged, range(2000))
    listed = list(CommitLog(store).refresh())
    selection = Selection(STREAM, ALWAYS, limit=1500)
    documents = DocumentReader(store, Engine(store), lambda _stream: list(listed)).read(selection, load_schema(STREAM))
    found = [next(documents).id for _ in range(10)]
    for segment in listed:
        (store / segment.path).unlink()
    listed[:] = [
        segment.model_copy(update={"path": str(Path("..", "merged", segment.path))})
        for segment in CommitLog(merged).refresh()
    ]
    found += [document.id for document in documents]
    assert found == [event(number).id for number in range(1500)]


def test_a_missing_segment_is_an_error(tmp_path: Path) -> None:
    """What the log still names and the disk has lost is never left out silently."""
    write(tmp_path, range(5))
    (segment,) = CommitLog(tmp_path).refresh()
    (tmp_path / segment.path).unlink()
    with pytest.raises(StoreError, match="parquet"):
        list(reader(tmp_path, Engine(tmp_path)).read(Selection(STREAM, ALWAYS), load_schema(STREAM)))


@given(
    st.lists(st.integers(0, 86_399_999) | st.integers(5_000, 7_100), max_size=200),
    st.integers(1, 20),
    st.booleans(),
)
def test_slices_hold_every_event_once_and_few_each(instants: list[int], most: int, newest_first: bool) -> None:  # noqa: FBT001 - drawn
    """They follow each other in the order asked for; only a single millisecond holds more than was allowed."""

    def tally(part: Slice, step: int) -> dict[int, int]:
        counts: dict[int, int] = {}
        for each in instants:
            if part.start <= each < part.end:
                counts[(each - part.start) // step] = counts.get((each - part.start) // step, 0) + 1
        return counts

    slices = list(cut(Slice(0, 86_400_000), len(instants), most, tally, newest_first=newest_first))
    held = [[each for each in instants if part.start <= each < part.end] for part in slices]
    assert sorted(each for part in held for each in part) == sorted(instants)
    assert all(len(part) <= most or len(set(part)) == 1 for part in held)
    edges = [part.start for part in slices]
    assert edges == sorted(edges, reverse=newest_first)
