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
from analyzers.store.embedded.settings import Settings
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


def test_reading_goes_on_where_segments_are_merged(tmp_path: Path) -> None:
    """While a reader is at work the writer merges all segments into one a day: every document comes once, in order."""
    for start in range(8):
        write(tmp_path, range(start, 12_000, 8))
    with EmbeddedStore(tmp_path) as store, EmbeddedStore(tmp_path, writable=True) as writer:
        before = {segment.path for segment in store.segments}
        documents = store.documents(Selection(STREAM, ALWAYS, limit=11_000))
        found = [next(documents).id for _ in range(10)]
        writer.maintenance.compact()
        found += [document.id for document in documents]
        assert before.isdisjoint(segment.path for segment in store.segments)
    assert not any((tmp_path / path).exists() for path in before)
    assert found == [event(number).id for number in range(11_000)]


def test_what_expires_while_it_is_read_is_left_out(tmp_path: Path) -> None:
    """Days that are let go in mid-reading end the reading early, without an error."""
    write(tmp_path, range(12_000))
    at_once = Settings(grace=timedelta(0))
    with EmbeddedStore(tmp_path) as store, EmbeddedStore(tmp_path, writable=True, settings=at_once) as writer:
        documents = store.documents(Selection(STREAM, ALWAYS))
        found = [next(documents).id]
        writer.maintenance.expire(lambda _stream: timedelta(0))
        found += [document.id for document in documents]
    assert found == [event(number).id for number in range(1440)]  # the first day was in memory


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
