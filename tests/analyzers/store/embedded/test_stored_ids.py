"""Which ids a store has: the same as a plain set, whatever their order, their age and the memory there is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzers.store.document import Document
from analyzers.store.embedded.duplicates import StoredIds
from analyzers.store.embedded.engine import Engine
from analyzers.store.embedded.settings import Settings
from analyzers.store.embedded.store import EmbeddedStore
from tests.analyzers.store.embedded.events import count, event

_STREAMS = ("logs-web.request-test", "logs-app.event-test")
_START = datetime(2024, 1, 15, tzinfo=UTC)
_PROPERTY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

_GROWING = st.integers(0, 60).map(lambda number: f"{number:08d}")
_SCATTERED = st.text("ab0~é\U0001f600", min_size=1, max_size=3)
_KEYS = st.tuples(st.sampled_from(_STREAMS), st.one_of(_GROWING, _SCATTERED), st.integers(0, 2))
"""Stream, id and the day of the event that a batch brings: the same id may come with another day."""

_STEPS = st.lists(
    st.one_of(st.lists(_KEYS, max_size=12), st.sampled_from(["compact", "expire", "reopen"])), min_size=1, max_size=12
)


@dataclass
class _Expected:
    """What a store must have: the day each event was stored with."""

    days: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, batch: list[tuple[str, str, int]]) -> int:
        """Take a batch and return how many of its events are new."""
        before = len(self.days)
        for stream, identity, day in batch:
            self.days.setdefault((stream, identity), day)
        return len(self.days) - before

    def expire(self) -> None:
        """Forget the web requests."""
        self.days = {key: day for key, day in self.days.items() if key[0] != _STREAMS[0]}


def _document(stream: str, identity: str, day: int) -> Document:
    at = _START + timedelta(days=day, seconds=len(identity))
    return Document(stream, identity, {"@timestamp": f"{at:%Y-%m-%dT%H:%M:%S}Z"})


def _opened(root: Path, hashes: int) -> EmbeddedStore:
    small = Settings(checkpoint_every=5, kept_commits=1, fan_in=2, full_rows=20, quiet_commits=3, hashes_kept=hashes)
    return EmbeddedStore(root, writable=True, settings=small, clock=lambda: _START + timedelta(days=3))


@_PROPERTY
@given(steps=_STEPS, hashes=st.sampled_from([1, 10, 1000]))
def test_an_id_is_known_for_as_long_as_its_event_is_there(
    steps: list[list[tuple[str, str, int]] | str], hashes: int
) -> None:
    """Through merges, expiry and opening again; with memory for all ids, for some and for none."""
    expected = _Expected()
    with TemporaryDirectory() as folder:
        store = _opened(Path(folder), hashes)
        for step in steps:
            if step == "compact":
                store.maintenance.compact()
            elif step == "expire":
                store.maintenance.expire(lambda stream: timedelta(0) if stream == _STREAMS[0] else None)
                expected.expire()
            elif isinstance(step, str):
                store.close()
                store = _opened(Path(folder), hashes)
            else:
                result = store.append([_document(*key) for key in step])
                assert result.stored == expected.add(step)
                assert result.duplicates == len(step) - result.stored
        found = sum(segment.rows for segment in store.segments)
        store.close()
    assert found == len(expected.days)


def test_ids_beyond_the_memory_are_known(tmp_path: Path) -> None:
    """Ids without any order, in segments of far more events than hashes are kept: all are found."""
    few = Settings(hashes_kept=10, fan_in=1000)
    batches = [[event(number * 37 % 200) for number in range(begin, begin + 20)] for begin in range(0, 200, 20)]
    with EmbeddedStore(tmp_path, writable=True, settings=few) as store:
        for batch in batches:
            assert store.append(batch).stored == 20
        for batch in batches:
            assert store.append([*batch, event(500)]).duplicates == 20 + (batch is not batches[0])
        assert count(store) == 201


def test_a_damaged_segment_in_the_range_is_no_reason_to_doubt_the_others(tmp_path: Path) -> None:
    """Ids of intact segments stay known when one beside them is set aside."""
    with EmbeddedStore(tmp_path, writable=True) as store:
        for number in range(3):
            store.append([event(number), event(number + 10)])
        damaged = tmp_path / store.segments[1].path
    damaged.write_bytes(damaged.read_bytes()[:20])
    with EmbeddedStore(tmp_path, writable=True) as store:
        result = store.append([event(number) for number in (0, 1, 2, 10, 11, 12)])
        assert (result.stored, result.duplicates) == (2, 4)
        assert count(store) == 6


def test_ids_that_grow_with_time_need_little_memory(tmp_path: Path) -> None:
    """Of 100 segments of ten events only those that the last 64 batches needed are remembered, and ten idle ids."""
    with EmbeddedStore(tmp_path, writable=True, settings=Settings(fan_in=1000, quiet_commits=1000)) as store:
        for number in range(100):
            store.append([_growing(number, place) for place in range(10)])
        segments = store.segments
    stored = StoredIds(tmp_path, Engine(tmp_path), 8_000_000, 10)
    for number, segment in enumerate(segments):
        ids = [_growing(number, place).id for place in range(10)]
        assert stored.among({_STREAMS[0]: ids}, segments[:number]) == set()
        stored.learn(segment, ids)
    assert 640 <= stored.kept <= 660
    old = _growing(3, 4).id
    assert stored.among({_STREAMS[0]: [old, "new"]}, segments) == {(_STREAMS[0], old)}


def _growing(number: int, place: int) -> Document:
    return _document(_STREAMS[0], f"{number:04d}{place}", 0)
