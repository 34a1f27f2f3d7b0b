"""Objectives at their boundaries, in exact arithmetic."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.analysis import Selection, State
from analyzers.sla import AVAILABILITY, DEFAULT_OBJECTIVES, ERROR_RATE, LATENCY, Compliance, RequestObjective, run
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Field, Window
from tests.analyzers.events import at, request, requests

START = at("2024-01-15T10:00:00Z")
HOUR = Window(START, START + timedelta(hours=1))


@pytest.mark.parametrize(
    ("objective", "good", "total", "state", "margin"),
    [
        (AVAILABILITY, 999, 1000, State.MET, 0),
        (AVAILABILITY, 998, 1000, State.MISSED, -1),
        (AVAILABILITY, 9990, 10_000, State.MET, 0),
        (AVAILABILITY, 999, 999, State.MET, 0),
        (AVAILABILITY, 998, 999, State.MISSED, -1),
        (LATENCY, 95, 100, State.MET, 0),
        (LATENCY, 94, 100, State.MISSED, -1),
        (LATENCY, 100, 100, State.MET, 5),
        (ERROR_RATE, 99, 100, State.MISSED, -1),
        (ERROR_RATE, 100, 100, State.MET, 0),
        (ERROR_RATE, 991, 1000, State.MET, 0),
        (ERROR_RATE, 1000, 1001, State.MET, 9),
        (ERROR_RATE, 0, 0, State.UNMEASURED, None),
    ],
)
def test_boundaries(objective: RequestObjective, good: int, total: int, state: State, margin: int | None) -> None:
    """Exactly 99.9 % and 95 % are met; an error rate of exactly 1 % is not under 1 %."""
    found = Compliance(objective, good, total, total)
    assert (found.state, found.margin) == (state, margin)


@given(st.sampled_from(DEFAULT_OBJECTIVES), st.integers(1, 10**12), st.data())
def test_the_margin_is_where_the_state_turns(objective: RequestObjective, total: int, data: st.DataObject) -> None:
    """With the allowed number of bad events the objective is met, with one more it is missed."""
    allowed = Compliance(objective, total, total, total).allowed
    assert Compliance(objective, total - allowed, total, total).state is State.MET
    if allowed < total:
        assert Compliance(objective, total - allowed - 1, total, total).state is State.MISSED
    good = data.draw(st.integers(0, total))
    each = Compliance(objective, good, total, total)
    assert (each.state is State.MET) == (each.margin is not None and each.margin >= 0)


@given(st.integers(1, 10**9), st.data())
def test_a_miss_never_reads_as_its_target(total: int, data: st.DataObject) -> None:
    """The percentage in a sentence differs from the target's unless they are equal."""
    good = data.draw(st.integers(max(0, total - total // 500), total))
    each = Compliance(AVAILABILITY, good, total, total)
    shown = Fraction(each.figure.split(" %")[0])
    assert (shown == Fraction(999, 10)) == (Fraction(good, total) == Fraction(999, 1000))


def test_the_analysis() -> None:
    """200 requests: 3 failed; of 100 timed ones 95 took less than 2 s (exactly 2 s does not)."""
    store = MemoryStore(
        requests(START, 97, 3, seconds=None)
        + requests(START, 95, 0, seconds=1.999)
        + requests(START, 5, 0, seconds=2.0),
    )
    found = run(store, Selection(HOUR))
    rows = {row["objective"]: row for row in found.rows}
    assert (rows["availability"]["good"], rows["availability"]["total"]) == (197, 200)
    assert (rows["availability"]["state"], rows["availability"]["margin"]) == ("missed", -3)
    assert (rows["latency"]["good"], rows["latency"]["total"], rows["latency"]["coverage"]) == (95, 100, 0.5)
    assert (rows["latency"]["state"], rows["latency"]["margin"]) == ("met", 0)
    assert (rows["error_rate"]["state"], rows["error_rate"]["margin"]) == ("missed", -2)
    assert found.state is State.MISSED
    assert found.total["objective"] == "availability"
    assert len(found.totals) == 3
    assert found.verdict == (
        "availability missed: 98.50 % of 99.9 %; error rate missed: 1.50 %, under 1 % promised; "
        "latency met: 95.00 % of 95 % (judged on 100 of 200 requests)"
    )


def test_one_unmeasured_objective_is_not_met() -> None:
    """Good requests without response times: availability is met, but the whole is unmeasured."""
    found = run(MemoryStore(requests(START, 10, seconds=None)), Selection(HOUR))
    assert found.state is State.UNMEASURED
    assert "latency unmeasured: none of 10 requests can be judged" in found.verdict


def test_nothing_is_unmeasured() -> None:
    """Without a single request nothing is judged."""
    found = run(MemoryStore(), Selection(HOUR))
    assert (found.state, found.verdict) == (State.UNMEASURED, "SLA unmeasured: no requests in this window")
    assert all(row["compliance"] is None for row in found.rows)


def test_groups_are_judged_by_themselves() -> None:
    """Each group has a row for each objective, and the state is that of the whole."""
    store = MemoryStore([request(START, 500, route="/a")] + [request(START, route="/b") for _ in range(1999)])
    found = run(store, Selection(HOUR, (Field("http.route"),)))
    states = {(row["http.route"], row["objective"]): row["state"] for row in found.rows}
    assert states["/a", "availability"] == "missed"
    assert states["/b", "availability"] == "met"
    assert len(states) == 6
    assert found.state is State.MET
