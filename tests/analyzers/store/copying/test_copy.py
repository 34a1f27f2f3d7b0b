"""Copying a history: whole, once, and gone on with wherever it was stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzers.store.copying.copy import Copy, Progress, Summary, Wanted
from analyzers.store.copying.parts import Span
from analyzers.store.copying.state import Between, CopyState, read_taken
from analyzers.store.copying.transfer import BATCH_BYTES, BATCH_DOCUMENTS
from analyzers.store.document import Document, SourcePosition, WriteResult
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.interface import Store, StoreError
from analyzers.store.memory.positions import PositionStore
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Window
from analyzers.store.selection import Selection

WEB, APP = "logs-web.request-production", "logs-app.event-production"
DAY = datetime(2024, 1, 15, tzinfo=UTC)
ALWAYS = Window(datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))


def event(number: int, day: int = 0, stream: str = WEB) -> Document:
    """Return the event of a number: its second of a day."""
    at = DAY + timedelta(days=day, seconds=number)
    return Document(stream, f"{day}-{number:05d}", {"@timestamp": at.isoformat(), "user": {"id": str(number)}})


def held(store: Store, stream: str = WEB) -> list[Document]:
    """Return the documents of a stream."""
    return list(store.documents(Selection(stream, ALWAYS)))


@pytest.fixture
def copy(tmp_path: Path) -> Callable[..., Summary]:
    """Return what copies once, with one state file for all runs of a test."""

    def run(
        source: Store,
        target: Store,
        wanted: Wanted = Wanted(),  # noqa: B008 - frozen
        stop: Callable[[], bool] = lambda: False,
        watch: Callable[[Progress], None] = lambda _progress: None,
    ) -> Summary:
        with CopyState(tmp_path / "copies" / "state", Between("a", "b")) as state:
            return Copy(source, target, wanted, state, stop=stop, watch=watch).run()

    return run


class SmallBatches(MemoryStore):
    """A store that notes the batches it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[int] = []

    def append(self, documents: Sequence[Document]) -> WriteResult:
        """Take a batch."""
        self.batches.append(len(documents))
        return super().append(documents)


def test_a_second_run_reads_only_what_has_changed(copy: Callable[..., Summary]) -> None:
    """Days that are done are left alone; one that got an event is copied again, and only the new event is stored."""
    source = MemoryStore([event(n, day) for day in range(3) for n in range(10)] + [event(1, stream=APP)])
    target = MemoryStore()
    first = copy(source, target)
    assert (first.parts, first.tally.read, first.tally.stored, first.is_whole) == (4, 31, 31, True)
    again = copy(source, target)
    assert (again.parts, again.tally.read, again.is_whole) == (0, 0, True)
    source.append([event(99, 1)])
    third = copy(source, target)
    assert (third.parts, third.tally.read, third.tally.stored, third.tally.known) == (1, 11, 1, 10)
    assert held(target) == held(source)
    assert held(target, APP) == held(source, APP)


def test_a_day_that_the_target_lost_is_copied_again(copy: Callable[..., Summary]) -> None:
    """The state says that it was copied; the target says that it is not there: the target is believed."""
    source = MemoryStore([event(n, day) for day in range(2) for n in range(5)])
    copy(source, MemoryStore())
    lost = MemoryStore([event(n, 0) for n in range(5)])
    found = copy(source, lost)
    assert (found.parts, found.tally.stored, found.is_whole) == (1, 5, True)


def test_a_stopped_copy_says_what_is_left(copy: Callable[..., Summary]) -> None:
    """Stopped after the second of three days: one is left, and the next run reads that one only."""
    source = MemoryStore([event(n, day) for day in range(3) for n in range(10)])
    target = MemoryStore()
    stopped = copy(source, target, stop=lambda: len(target.kept) >= 20)
    assert (stopped.parts, stopped.unfinished, stopped.is_whole) == (2, 1, False)
    rest = copy(source, target)
    assert (rest.parts, rest.tally.read, rest.tally.stored, rest.is_whole) == (1, 10, 10, True)


def test_what_comes_meanwhile_is_copied_too(copy: Callable[..., Summary]) -> None:
    """An event that is appended to a day that was just copied is found before the comparison."""
    source = MemoryStore([event(n, day) for day in range(2) for n in range(5)])
    target = MemoryStore()
    summary = copy(source, target, watch=lambda progress: source.append([event(77)]) if progress.parts == 1 else None)
    assert summary.is_whole
    assert [(day.source, day.target) for day in summary.days] == [(6, 6), (5, 5)]


def test_a_source_that_never_rests_is_reported(copy: Callable[..., Summary]) -> None:
    """What comes faster than it is copied is not waited for: the comparison says how much is lacking."""
    source = MemoryStore([event(0)])
    target = MemoryStore()
    numbers = iter(range(1, 1000))

    def grow(progress: Progress) -> None:
        if progress.documents:
            source.append([event(next(numbers))])

    summary = copy(source, target, watch=grow)
    assert not summary.is_whole
    (day,) = summary.days
    assert day.lacking == day.source - day.target > 0
    assert copy(source, target).is_whole


def test_a_source_that_lets_days_go_meanwhile(tmp_path: Path, copy: Callable[..., Summary]) -> None:
    """Retention drops the stream that was named while it is copied: what was read is there, and nothing is lacking."""
    source = EmbeddedStore(tmp_path / "source", writable=True)
    target = MemoryStore()
    with source:
        source.append([event(n, day) for day in range(3) for n in range(5)])

        def expire(progress: Progress) -> None:
            if progress.parts == 1:
                source.maintenance.expire(lambda _stream: timedelta(0))

        summary = copy(source, target, Wanted((WEB,)), watch=expire)
        assert (held(source), summary.days, summary.is_whole) == ([], (), True)
    assert len(held(target)) == 5


def test_refused_documents_are_counted_and_come_again(copy: Callable[..., Summary]) -> None:
    """They are told apart by reason, the copy is not whole; when the target is mended, the next run brings them."""
    source = MemoryStore([event(n) for n in range(10)])
    target = MemoryStore(refuse=lambda document: "it is odd" if int(document.id[2:]) % 2 else None)
    summary = copy(source, target)
    assert (dict(summary.tally.refused), summary.tally.first) == ({"it is odd": 5}, {"it is odd": (WEB, "0-00001")})
    assert (summary.is_whole, [day.lacking for day in summary.days]) == (False, [5])
    target.refuse = None
    assert copy(source, target).is_whole
    assert held(target) == held(source)


def test_only_what_is_asked_for(copy: Callable[..., Summary]) -> None:
    """Streams by name or pattern, and a span that cuts a day: compared within it, and not taken for the whole day."""
    source = MemoryStore([event(n, day, stream) for stream in (WEB, APP) for day in range(3) for n in (0, 3600, 7200)])
    target = MemoryStore()
    hour = timedelta(hours=1)
    cut = Span(DAY + timedelta(days=1) + hour, DAY + timedelta(days=2) + hour)
    summary = copy(source, target, Wanted(("logs-web.request-*",), cut))
    assert [(day.part.key, day.source, day.target) for day in summary.days] == [
        ("2024-01-16T01:00:00+00:00/2024-01-17T00:00:00+00:00", 2, 2),
        ("2024-01-17T00:00:00+00:00/2024-01-17T01:00:00+00:00", 1, 1),
    ]
    assert target.streams() == (WEB,)
    assert [each.id for each in held(target)] == ["1-03600", "1-07200", "2-00000"]
    whole = copy(source, target)
    assert (whole.parts, whole.is_whole) == (6, True)
    with pytest.raises(StoreError, match="nobody"):
        copy(source, target, Wanted(("logs-web.request-nobody",)))


def test_read_positions_go_along_with_the_whole_history(copy: Callable[..., Summary]) -> None:
    """A file is read on where it was; not when events were left out or refused, and never backwards."""
    source, target = PositionStore(), PositionStore()
    source.append_from([event(0), event(0, stream=APP)], [SourcePosition("read on", 10), SourcePosition("ahead", 5)])
    target.append_from([], [SourcePosition("ahead", 7)])
    assert copy(source, target, Wanted((WEB,))).positions == 0
    assert target.positions == {"ahead": 7}
    target.refuse = lambda _document: "no"
    assert copy(source, target).positions == 0
    target.refuse = None
    assert copy(source, target).positions == 1
    assert target.positions == {"ahead": 7, "read on": 10}
    assert copy(source, MemoryStore()).positions == 0


def test_batches_are_bounded(copy: Callable[..., Summary]) -> None:
    """By their number, and by their bytes: three documents of 3 MiB are two batches."""
    target = SmallBatches()
    copy(MemoryStore([event(n) for n in range(BATCH_DOCUMENTS + 1)]), target)
    assert target.batches == [BATCH_DOCUMENTS, 1]
    large = [event(n, 5) for n in range(3)]
    text = "x" * (3 * BATCH_BYTES // 8)
    target.batches.clear()
    copy(MemoryStore([Document(WEB, each.id, {**each.body, "message": text}) for each in large]), target)
    assert target.batches == [2, 1]


def test_a_state_is_of_one_copy_and_held_by_one(tmp_path: Path) -> None:
    """A second run at once or a look at its plan, another pair of stores, and a file that is no state are refused."""
    path = tmp_path / "state"
    assert read_taken(path) == {}
    with CopyState(path, Between("a", "b")), pytest.raises(StoreError, match="another copy"):
        read_taken(path)
    assert read_taken(path) == {}
    with (
        CopyState(path, Between("a", "b")),
        pytest.raises(StoreError, match="another copy"),
        CopyState(path, Between("a", "b")),
    ):
        pass
    with pytest.raises(StoreError, match="copy from a to b"), CopyState(path, Between("a", "c")):
        pass
    path.write_bytes(b"no database, but long enough to be taken for one " * 100)
    with pytest.raises(StoreError, match="cannot open"), CopyState(path, Between("a", "b")):
        pass
    names = {Between(*both).file_name for both in (("a", "b"), ("b", "a"), ("a", "c"))}
    assert len(names) == 3


@st.composite
def _histories(draw: st.DrawFn) -> list[Document]:
    drawn = draw(
        st.lists(
            st.tuples(st.sampled_from((WEB, APP)), st.integers(0, 3), st.integers(0, 20)), max_size=40, unique=True
        )
    )
    return [event(number, day, stream) for stream, day, number in drawn]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(_histories(), st.lists(st.integers(1, 6), max_size=4))
def test_wherever_it_is_stopped_the_copy_becomes_equal(history: list[Document], stops: list[int]) -> None:
    """Between directories, stopped a few times: the last run makes the target equal, and nothing is stored twice."""
    with TemporaryDirectory() as folder, EmbeddedStore(Path(folder, "a"), writable=True) as source:
        source.append(history)
        stored = 0
        with EmbeddedStore(Path(folder, "b"), writable=True) as target:
            for after in [*stops, None]:
                asked = iter(range(1, 10_000))
                with CopyState(Path(folder, "state"), Between("a", "b")) as state:
                    work = Copy(source, target, Wanted(), state, stop=_stop_after(after, asked))
                    summary = work.run()
                stored += summary.tally.stored
            assert summary.is_whole
            assert stored == len(history)
            for stream in (WEB, APP):
                assert held(target, stream) == held(source, stream)


def _stop_after(times: int | None, asked: Iterator[int]) -> Callable[[], bool]:
    return lambda: times is not None and next(asked) > times
