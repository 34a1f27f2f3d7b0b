"""A deep verification: commits that say of a segment what is not so, and ids that are there twice."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from analyzers.store.embedded.batch import read_batch
from analyzers.store.embedded.commits import Change, CommitLog
from analyzers.store.embedded.journal import Journal, Step
from analyzers.store.embedded.segments import NewSegment, new_segments
from analyzers.store.embedded.settings import Site
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.embedded.strays import segment_files
from analyzers.store.embedded.uniqueness import repeated_ids
from analyzers.store.embedded.verification import VerifyProgress, verified
from tests.analyzers.store.embedded.events import STREAM, event, write

NOW = datetime(2024, 2, 1, tzinfo=UTC)


def _segment(*numbers: int) -> NewSegment:
    (made,) = new_segments(read_batch([event(number) for number in numbers]), 0)
    return made


def _write(root: Path, segment: NewSegment) -> None:
    """Write a segment past everything that looks at what it holds."""
    Journal(Site(root, lambda: NOW)).change(Step([segment]))


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"rows": 4}, "it has 3 events instead of 4"),
        ({"first": 1705276800001}, "its events run from 1705276800000 to 1705277100000 ms, not from 1705276800001"),
        ({"last": 1705277100001}, "to 1705277100001"),
        ({"least_id": "e1"}, "its ids run from 'e0' to 'e5', not from 'e1' to 'e5'"),
        ({"greatest_id": "e50"}, "not from 'e0' to 'e50'"),
        ({"columns": {"no.such": "keyword"}}, "it has no column 'no.such'"),
    ],
)
def test_what_a_commit_says_is_compared(tmp_path: Path, said: Mapping[str, object], problem: str) -> None:
    """The bytes are as the commit says, so only decoding tells: events 0, 2 and 5, minutes after midnight."""
    write(tmp_path, [0, 2, 5])
    log = CommitLog(tmp_path)
    (segment,) = log.refresh()
    log.write(Change([segment.model_copy(update=said)], [segment.path]), NOW)
    assert verified(tmp_path).findings == ()
    (finding,) = verified(tmp_path, deep=True).findings
    assert finding.place == segment.path
    assert problem in finding.problem
    assert finding.damage is None


def test_the_order_of_time_is_checked(tmp_path: Path) -> None:
    """Five before two, within the said span."""
    write(tmp_path, [])
    made = _segment(0, 2, 5, 9)
    table = made.table.take(pa.array([0, 2, 1, 3]))
    _write(tmp_path, NewSegment(made.stream, made.day, table, made.columns, 0))
    (finding,) = verified(tmp_path, deep=True).findings
    assert finding.problem == "its events are not in order of time"


def test_the_day_is_checked(tmp_path: Path) -> None:
    """Events of 15 January below the folder of the 16th."""
    write(tmp_path, [])
    made = _segment(0, 2)
    _write(tmp_path, NewSegment(made.stream, date(2024, 1, 16), made.table, made.columns, 0))
    (finding,) = verified(tmp_path, deep=True).findings
    assert finding.problem == "it has events of another day than 2024-01-16"


def test_ids_are_unique_over_the_whole_stream(tmp_path: Path) -> None:
    """Two events are there twice, in segments that do not know of each other."""
    write(tmp_path, [0, 1, 2])
    _write(tmp_path, _segment(1, 2, 3))
    assert verified(tmp_path).findings == ()
    (finding,) = verified(tmp_path, deep=True).findings
    assert (finding.place, finding.problem) == (STREAM, "2 ids are there more than once, such as 'e1'")


def test_progress_is_told(tmp_path: Path) -> None:
    """After each of two segments, up to all bytes."""
    write(tmp_path, [0, 1440])
    told: list[VerifyProgress] = []
    verdict = verified(tmp_path, progress=told.append)
    assert [(each.segments, each.of_segments) for each in told] == [(1, 2), (2, 2)]
    assert told[-1].size == told[-1].of_size == verdict.size
    assert verdict.size == sum(path.stat().st_size for path in tmp_path.rglob("*.parquet"))


@pytest.mark.parametrize("breaks", [False, True])
def test_what_was_merged_meanwhile_is_read_in_its_new_place(tmp_path: Path, *, breaks: bool) -> None:
    """Three segments become one when the first has been read: the others are no damage, and that one is read, too."""
    for number in range(3):
        write(tmp_path, [number])

    def merge(state: VerifyProgress) -> None:
        if state.segments == 1:
            with EmbeddedStore(tmp_path, writable=True) as store:
                store.maintenance.compact()
            if breaks:
                (merged,) = tmp_path.rglob("*.parquet")
                merged.write_bytes(merged.read_bytes()[:-1])

    verdict = verified(tmp_path, progress=merge)
    assert [finding.place.rpartition("/")[2] for finding in verdict.findings] == (
        ["00000000000000000004-0.parquet"] if breaks else []
    )


def test_ids_are_looked_at_again_when_segments_were_merged(tmp_path: Path) -> None:
    """The first list of segments is of before the merge; the ids are counted in what there is then."""
    for numbers in ([0, 1], [2]):
        write(tmp_path, numbers)
    _write(tmp_path, _segment(2, 3))
    log = CommitLog(tmp_path)
    before = log.refresh()
    with EmbeddedStore(tmp_path, writable=True) as store:
        store.maintenance.compact()
    lists = iter([before, before])
    found = list(repeated_ids(tmp_path, lambda: next(lists, None) or log.refresh(), frozenset()))
    assert found == [(STREAM, "1 ids are there more than once, such as 'e2'")]


def test_days_that_a_writer_lets_go_are_passed_over(tmp_path: Path) -> None:
    """Two of three days expire while the files are looked for."""
    write(tmp_path, [0, 1_440, 2_880])
    files = segment_files(tmp_path)
    first = next(files)
    for day in tmp_path.glob("streams/*/date=*"):
        if day != first.parent:
            shutil.rmtree(day)
    assert list(files) == []
