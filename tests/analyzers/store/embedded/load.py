"""A source of lines and a store that reads it: all that a store does to its directory, in a few dozen batches.

Lines go to two streams and, half way through, to later days; each third batch sends two lines again that are stored
already. Between the halves a month and a half passes, so the first half's days expire. A checkpoint is due every few
commits, a merge of every three segments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from analyzers.store.document import Document, SourcePosition
from analyzers.store.embedded.commits import CommitLog
from analyzers.store.embedded.disk import Disk
from analyzers.store.embedded.layout import is_store
from analyzers.store.embedded.records import Segment
from analyzers.store.embedded.settings import Settings
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.query import Count, NamedMeasure, Query, Window

SOURCE: Final = "file"
SMALL: Final = Settings(
    checkpoint_every=4, kept_commits=2, fan_in=3, full_rows=40, quiet_commits=5, patience=1, grace=timedelta(0)
)

SIZE: Final = 4
BATCHES: Final = 10
LINES: Final = SIZE * BATCHES
OLD: Final = LINES // 2
"""Lines before this one expire when the second half begins."""

_STREAMS: Final = ("logs-web.request-test", "logs-app.event-test")
_FIRST: Final = datetime(2024, 1, 10, 23, 40, tzinfo=UTC)
_SECOND: Final = datetime(2024, 3, 1, tzinfo=UTC)
_ALWAYS: Final = Window(_FIRST - timedelta(days=10), _SECOND + timedelta(days=10))


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = _FIRST

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now


def line(number: int) -> Document:
    """Return the event of a line; some ids grow with time, some do not."""
    start = _FIRST if number < OLD else _SECOND
    at = start + timedelta(minutes=number)
    identity = f"e{number:05d}" if number % 2 else sha256(str(number).encode()).hexdigest()[:12]
    stream = _STREAMS[number % 3 == 0]
    return Document(stream, identity, {"@timestamp": f"{at:%Y-%m-%dT%H:%M:%S}Z", "message": f"line {number}"})


def opened(root: Path, clock: Clock, disk: Disk | None = None) -> EmbeddedStore:
    """Open a store for the load."""
    return EmbeddedStore(root, writable=True, clock=clock, disk=disk, settings=SMALL)


def send(store: EmbeddedStore, clock: Clock, batch: int) -> int:
    """Send one batch and return the position that is acknowledged with it."""
    begin, end = batch * SIZE, (batch + 1) * SIZE
    clock.now = (_FIRST if begin < OLD else _SECOND) + timedelta(hours=2, seconds=batch)
    again = range(max(begin - 2, OLD if begin >= OLD else 0), begin) if batch % 3 == 2 else ()
    store.append_from([line(number) for number in (*again, *range(begin, end))], [SourcePosition(SOURCE, end)])
    return end


def run(root: Path, disk: Disk | None = None) -> Iterator[int]:
    """Go on with the load where the store's position says, and yield each acknowledged position."""
    clock = Clock()
    with opened(root, clock, disk) as store:
        for batch in range(store.position(SOURCE) // SIZE, BATCHES):
            yield send(store, clock, batch)


def check(root: Path, acknowledged: int) -> int:
    """Make sure that a store answers as it must after a crash, with each event once, and return its position.

    Args:
        root: The store's directory.
        acknowledged: The last position that was.
    """
    position = check_log(root, acknowledged)
    if position:
        with EmbeddedStore(root) as store:
            assert sum(_count(store, stream) for stream in _STREAMS) == sum(each.rows for each in store.segments)
    return position


def check_log(root: Path, acknowledged: int) -> int:
    """Make sure of the position and the events of a store that need not be opened for it, and return its position."""
    if not is_store(root):  # stopped while it was made
        assert acknowledged == 0
        return 0
    log = CommitLog(root)
    segments = log.refresh()
    position = log.positions.get(SOURCE, 0)
    assert position in {acknowledged, acknowledged + SIZE}
    _check_ids(root, segments, position)
    return position


def check_files(root: Path, position: int) -> None:
    """Make sure that a store's directory holds what it must, each event once, and no file that nothing names."""
    _check_ids(root, CommitLog(root).refresh(), position)
    check_named(root)


def check_named(root: Path) -> None:
    """Make sure that a store's directory has no file that nothing names."""
    named = {root / segment.path for segment in CommitLog(root).refresh()}
    assert {path for path in (root / "streams").rglob("*") if path.is_file()} == named
    assert list(root.rglob("*.tmp")) == []


def _check_ids(root: Path, segments: Iterable[Segment], position: int) -> None:
    """Read the files without the store."""
    found = Counter(
        str(identity)
        for segment in segments
        for identity in pq.ParquetFile(root / segment.path).read(columns=["_id"]).column("_id").to_pylist()
    )
    assert set(found.values()) <= {1}
    assert set(found) in _possible(position)


def _possible(position: int) -> list[set[str]]:
    """Return what a store may hold: expired days go whole, after the first batch of the second half at the latest."""
    everything = {line(number).id for number in range(position)}
    late = {line(number).id for number in range(OLD, position)}
    if position <= OLD:
        return [everything]
    return [everything, late] if position == OLD + SIZE else [late]


def _count(store: EmbeddedStore, stream: str) -> int:
    (row,) = store.query(Query(stream, _ALWAYS, (NamedMeasure("n", Count()),))).rows
    return int(str(row["n"]))
