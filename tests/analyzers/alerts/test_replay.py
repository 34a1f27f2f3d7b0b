"""The past over again: the answers of single checks, from memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.alerts import AlertState, Policy, Route, Rule, check_alerts
from analyzers.alerts.remembering import RememberingStore, remembered
from analyzers.alerts.replay import instants, replay, totals
from analyzers.alerts.rules.loading import default_rules
from analyzers.fields import REQUEST_STREAM, RESPONSE_TIME
from analyzers.jobs.job import ERRORS, REQUESTS
from analyzers.store.document import Document
from analyzers.store.interface import Store, StoreError
from analyzers.store.memory.store import MemoryStore
from analyzers.store.open import open_store
from analyzers.store.query import (
    Calendar,
    CalendarUnit,
    Dimension,
    Equals,
    Field,
    Histogram,
    Max,
    NamedMeasure,
    Percentile,
    Query,
    Stored,
    Top,
    Window,
)
from tests.analyzers.alerts.stories import Kept
from tests.analyzers.events import at, request, requests

START = at("2024-01-15T08:00:00Z")
MINUTE = timedelta(minutes=1)
ROUTE = Field("http.route")


def morning() -> list[Document]:
    """Return the requests of a morning: an outage at 08:30, one bad minute at 09:40, nothing from 10:00 to 10:20."""
    documents: list[Document] = []
    for minute in range(180):
        when = START + minute * MINUTE
        bad = 10 if 30 <= minute < 50 or minute == 100 else 0
        if not 120 <= minute < 140:
            documents += requests(when, 20, bad, seconds=6.0 if minute > 160 else 0.2)
    return documents


@pytest.fixture(scope="module", params=["memory", "embedded"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The morning, in a store."""
    if request.param == "memory":
        yield MemoryStore(morning())
        return
    folder = str(tmp_path_factory.mktemp("replay") / "data")
    with open_store(folder, writable=True) as writing:
        writing.append(morning())
    with open_store(folder) as reading:
        yield reading


@pytest.fixture
def rules() -> tuple[Rule, ...]:
    """The documented thresholds of requests, handled with care."""
    return tuple(replace(each, keep_firing=5 * MINUTE, repeat=10 * MINUTE) for each in default_rules().rules[:2])


def test_a_replay_tells_what_checks_would_have_told(store: Store, rules: tuple[Rule, ...], tmp_path: Path) -> None:
    """A check every five minutes with a state on disk, and one replay: the same notices to the same channel."""
    span, chat = Window(START, START + timedelta(hours=3)), Kept("chat")
    policy = Policy([Route(chat)])
    now = START
    for _ in range(36):
        now += 5 * MINUTE
        with AlertState(tmp_path / "alerts.db") as state:
            check_alerts(store, rules, state, policy, lambda now=now: now)  # type: ignore[misc]
    moments = list(replay(store, rules, policy, span, 5 * MINUTE))
    replayed = [each.notice for moment in moments for each in moment.outgoing]
    assert [replace(each, id="", payload={}) for each in replayed] == [
        replace(each, id="", payload={}) for each in chat.taken
    ]
    assert Counter((each.kind.value, each.group) for each in replayed) == {
        ("firing", "error_rate"): 2,  # the bad minute is 9 % of its five
        ("repeated", "error_rate"): 2,
        ("resolved", "error_rate"): 2,
        ("firing", "response_time"): 1,
        ("repeated", "response_time"): 1,
    }


def test_totals_count_alerts_and_hint_at_false_ones(store: Store, rules: tuple[Rule, ...]) -> None:
    """By the minute over one minute: the outage of 20 minutes, the bad minute (a short one); slow until the end."""
    short_rules = default_rules(window=MINUTE).rules[:2]
    span = Window(START, START + timedelta(hours=3))
    moments = list(replay(store, short_rules, Policy([Route(Kept("chat"))]), span, MINUTE))
    errors, slow = totals(moments, short_rules, 5 * MINUTE)
    assert (errors.fired, errors.short, errors.standing, errors.longest) == (2, 1, 0, 20 * MINUTE)
    assert (slow.fired, slow.short, slow.standing) == (1, 0, 1)
    assert rules[0].name == errors.rule


def test_instants_end_with_the_span() -> None:
    """Steps back from the end, and none at the start itself, before which nothing was."""
    end = START + timedelta(minutes=12)
    assert instants(Window(START, end), 5 * MINUTE) == [START + 2 * MINUTE, START + 7 * MINUTE, end]
    assert instants(Window(START, end), 4 * MINUTE)[0] == START + 4 * MINUTE


MEASURES = st.lists(
    st.sampled_from(
        [
            REQUESTS,
            ERRORS,
            NamedMeasure("kept", Stored()),
            NamedMeasure("times", Histogram(RESPONSE_TIME, (0.1, 1.0, 6.0))),
            NamedMeasure("p95", Percentile(RESPONSE_TIME, 95)),
            NamedMeasure("slowest", Max(RESPONSE_TIME)),
        ]
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda named: named.name,
)
EDGES = st.one_of(
    st.integers(-120, 300).map(lambda minute: START + minute * MINUTE),
    st.integers(-1_000, 12_000).map(lambda second: START + timedelta(seconds=second)),
    st.sampled_from([START - timedelta(days=9), START + timedelta(days=9)]),
)
BY = st.sampled_from(
    [
        (),
        (ROUTE,),
        (Calendar(CalendarUnit.MINUTE, "Asia/Kolkata"),),
        (Calendar(CalendarUnit.HOUR, "Asia/Kolkata"),),
        (Calendar(CalendarUnit.DAY, "America/Sao_Paulo"),),
        (Calendar(CalendarUnit.MINUTE), ROUTE),
    ]
)


@settings(max_examples=100, deadline=None)
@given(questions=st.lists(st.tuples(EDGES, EDGES, MEASURES, BY, st.booleans()), min_size=1, max_size=6))
def test_memory_answers_as_the_store_does(
    questions: list[tuple[datetime, datetime, list[NamedMeasure], tuple[Dimension, ...], bool]],
) -> None:
    """Whatever is asked, in whatever order, aligned or not, within the events or far from them."""
    remembering = RememberingStore(_MORNING)
    for one, other, measures, by, bad in questions:
        if one == other:
            continue
        where = Equals("http.response.status_code", 500) if bad else None
        window = Window(min(one, other), max(one, other))
        query = Query(REQUEST_STREAM, window, tuple(measures), by)
        asked = query if where is None else replace(query, where=where)
        assert remembering.query(asked) == _MORNING.query(asked)
        assert remembering.query(asked) == _MORNING.query(asked)


_MORNING = MemoryStore([*morning(), request(START + timedelta(minutes=7, seconds=59, milliseconds=999), route=None)])


def test_memory_answers_as_a_real_store(store: Store) -> None:
    """Sums, percentiles, groups and the greatest of them, over windows that overlap."""
    remembering = RememberingStore(store)
    p95 = NamedMeasure("p95", Percentile(RESPONSE_TIME, 95))
    for minute in range(0, 180, 7):
        window = Window(START + minute * MINUTE, START + (minute + 15) * MINUTE)
        for query in (
            Query(REQUEST_STREAM, window, (REQUESTS, ERRORS)),
            Query(REQUEST_STREAM, window, (REQUESTS, p95)),
            Query(REQUEST_STREAM, window, (REQUESTS,), (ROUTE,), top=Top(1, REQUESTS.name)),
        ):
            assert remembering.query(query) == store.query(query)


def test_memory_refuses_to_write() -> None:
    """What it remembers would no longer be true."""
    with pytest.raises(StoreError, match="only remembers"):
        RememberingStore(MemoryStore()).append(requests(START, 1))


def test_memory_answers_groups_that_are_asked_for_often(store: Store) -> None:
    """The clients of ten minutes, all and the busiest two with the rest; ties go by the address."""
    remembering, client = RememberingStore(store), (Field("client.ip"),)
    for minute in range(0, 180, 9):
        window = Window(START + minute * MINUTE, START + (minute + 10) * MINUTE)
        for top in (None, Top(2, REQUESTS.name)):
            query = Query(REQUEST_STREAM, window, (REQUESTS, ERRORS), client, top=top)
            assert remembering.query(query) == store.query(query)
            failed = replace(query, where=Equals("http.response.status_code", 500))
            assert remembering.query(failed) == store.query(failed)


def test_a_thing_is_made_once_and_only_where_the_store_remembers(store: Store) -> None:
    """The store itself may have got further events."""
    remembering = RememberingStore(store)
    assert [remembered(remembering, "a", lambda made=made: made) for made in (5, 6)] == [5, 5]  # type: ignore[misc]
    assert remembered(store, "a", lambda: 7) == 7
    assert remembered(store, "a", lambda: 8) == 8
