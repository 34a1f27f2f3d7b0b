"""Sampled requests: the weights sum up to what was served, whatever came, and nothing that matters is left out."""

from __future__ import annotations

import itertools
import os
import random
import threading
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logging_lib.error_info import ErrorInfo
from logging_lib.record import RequestRecord
from logging_lib.sampling import MOST_STRATA, WRITTEN_FIRST, SampleOptions, Sampler
from tests.logging_lib.support import START, served

STRATA = ("/a", "/b")


def stratum(record: RequestRecord) -> tuple[int, str, str | None, int]:
    """Return what a record's weight must not blur: minute, endpoint, method and status."""
    minute = int(record.timestamp.timestamp()) // 60
    return (minute, record.endpoint, record.method, record.status_code)


def weights(records: Iterable[RequestRecord]) -> Counter[tuple[int, str, str | None, int]]:
    """Return the sum of the weights of each stratum."""
    sums: Counter[tuple[int, str, str | None, int]] = Counter()
    for record in records:
        sums[stratum(record)] += record.sample_weight or 1
    return sums


def important(record: RequestRecord) -> bool:
    """Tell whether a record must be written and stand for itself (slow is a second)."""
    return (
        record.status_code >= 500
        or record.response_time >= 1
        or record.outcome != "completed"
        or record.error is not None
    )


requests = st.builds(
    lambda record, method: record._replace(method=method),
    st.builds(
        served,
        endpoint=st.sampled_from(STRATA),
        status_code=st.sampled_from((200, 200, 200, 404, 500)),
        seconds=st.sampled_from((0.1, 0.999, 1.0, 3.0)),
        at=st.integers(0, 240).map(lambda seconds: START + timedelta(seconds=seconds)),
        outcome=st.sampled_from(("completed", "completed", "completed", "client_disconnected")),
        error=st.sampled_from((None, None, None, ErrorInfo("ValueError", "no", ""))),
    ),
    method=st.sampled_from(("GET", "POST")),
)
alike = st.integers(0, 59).flatmap(
    lambda count: st.just([served(at=START + timedelta(seconds=each)) for each in range(count)])
)
in_order = st.lists(requests, max_size=80).map(lambda found: sorted(found, key=lambda record: record.timestamp))


@given(
    st.lists(st.one_of(alike, in_order, st.lists(requests, max_size=20)), max_size=4),
    st.integers(2, 9),
    st.integers(0, 2**32),
)
def test_weights_sum_up_to_what_was_served(parts: list[list[RequestRecord]], one_in: int, seed: int) -> None:
    """For any requests in any order: by minute, endpoint, method and status, the weights are the count."""
    came = [record for part in parts for record in part]
    sampler = Sampler(SampleOptions(one_in, slow=1.0), random.Random(seed).randrange)  # noqa: S311 - a repeatable draw
    written = [record for each in came for record in sampler.take(each)] + sampler.flush()
    assert weights(written) == weights(came)
    ids = [record.event_id for record in written]
    assert len(set(ids)) == len(ids)
    assert {record.event_id for record in came if important(record)} <= set(ids)
    for record in written:
        assert record.sample_weight is None or 2 <= record.sample_weight <= one_in
        assert not (important(record) and record.sample_weight)
    assert sampler.flush() == []


@pytest.mark.parametrize(
    "record",
    [
        served(status_code=500),
        served(seconds=1.0),
        served(outcome="client_disconnected"),
        served(error=ErrorInfo("ValueError", "no", "")),
    ],
    ids=["failed", "slow", "left", "raised"],
)
def test_what_matters_is_always_written(record: RequestRecord) -> None:
    """A failed, slow or broken request is written in the midst of a sampled group, and stands for itself."""
    sampler = Sampler(SampleOptions(1000))
    for _ in range(WRITTEN_FIRST):
        sampler.take(served(status_code=record.status_code))
    assert sampler.take(served(status_code=record.status_code)) == [] or record.status_code == 500
    assert sampler.take(record) == [record]


@given(st.integers(2, 12), st.integers(0, 100), st.integers(0, 2**32))
def test_as_few_are_written_as_the_rate_says(one_in: int, count: int, seed: int) -> None:
    """Of one minute's like requests: the first ten, one of each N after them, and one for the rest."""
    sampler = Sampler(SampleOptions(one_in), random.Random(seed).randrange)  # noqa: S311 - a repeatable draw
    written = [record for _ in range(count) for record in sampler.take(served())] + sampler.flush()
    beyond = max(0, count - WRITTEN_FIRST)
    rest = beyond % one_in
    expected = [None] * min(count, WRITTEN_FIRST) + [one_in] * (beyond // one_in)
    assert [record.sample_weight for record in written] == expected + [rest if rest > 1 else None] * bool(rest)


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_each_of_a_group_is_drawn_as_likely_as_any(size: int) -> None:
    """Over all draws, which are equally likely, each request of a whole or partial group is written equally often."""
    drawn: Counter[int] = Counter()
    for outcome in itertools.product(*(range(each) for each in range(1, size + 1))):
        draws = iter(outcome)
        sampler = Sampler(SampleOptions(4), lambda _, draws=draws: next(draws))  # type: ignore[misc] # binds the draws
        for _ in range(WRITTEN_FIRST):
            sampler.take(served())
        group = [served() for _ in range(size)]
        written = [record for each in group for record in sampler.take(each)] + sampler.flush()
        assert [record.sample_weight or 1 for record in written] == [size]
        drawn[[record.event_id for record in group].index(written[0].event_id)] += 1
    assert len(set(drawn.values())) == 1
    assert sorted(drawn) == list(range(size))


def test_what_a_minute_held_back_comes_with_the_next_request() -> None:
    """A group is not carried into the next minute: its record is written then, with its own minute's time."""
    sampler = Sampler(SampleOptions(100), lambda _: 0)
    for second in range(WRITTEN_FIRST + 7):
        sampler.take(served(at=START + timedelta(seconds=second)))
    due, new = sampler.take(served("/b", at=START + timedelta(seconds=60)))
    assert (due.sample_weight, due.timestamp) == (7, START + timedelta(seconds=WRITTEN_FIRST + 6))
    assert (new.endpoint, new.sample_weight) == ("/b", None)


def test_endless_strata_are_not_kept_in_memory() -> None:
    """A client that invents methods fills the table of a minute; its further requests are all written."""
    sampler = Sampler(SampleOptions(10))
    for each in range(MOST_STRATA):
        sampler.take(served()._replace(method=f"M{each}"))
    written = [record for _ in range(50) for record in sampler.take(served()._replace(method="LATE"))]
    assert [record.sample_weight for record in written] == [None] * 50


def test_threads_lose_no_request() -> None:
    """Four threads at once: the weights are the count."""
    sampler = Sampler(SampleOptions(7))
    written: list[RequestRecord] = []

    def serve() -> None:
        for _ in range(5000):
            written.extend(sampler.take(served()))

    threads = [threading.Thread(target=serve) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(weights(written + sampler.flush()).values()) == 20_000


def test_a_request_that_ends_within_the_sampler_is_written() -> None:
    """A destructor that ends a request while its thread draws neither waits for ever nor spoils a count."""
    inner: list[RequestRecord] = []

    def below(_: int) -> int:
        inner.extend(sampler.take(served("/inner")))
        return 0

    sampler = Sampler(SampleOptions(5), below)
    written = [record for _ in range(30) for record in sampler.take(served())] + sampler.flush()
    assert sum(weights(written).values()) == 30
    assert [record.sample_weight for record in inner] == [None] * 20


def test_a_forked_child_writes_nothing_of_its_parent() -> None:
    """What is held back at a fork is the parent's alone."""
    sampler = Sampler(SampleOptions(50))
    for _ in range(WRITTEN_FIRST + 5):
        sampler.take(served())
    child = os.fork()
    if child == 0:
        os._exit(len(sampler.flush()))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert [record.sample_weight for record in sampler.flush()] == [5]
