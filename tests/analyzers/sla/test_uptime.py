"""Uptime from drawn minutes; the expected numbers are counted by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.analysis import State
from analyzers.sla.contract.model import Kind, Objective
from analyzers.sla.timeline import Span
from analyzers.sla.uptime import Uptime, uptime
from analyzers.store.query import QueryError
from tests.analyzers.sla.written_evidence import Written, minute, minutes

GOAL = Objective("uptime", Kind.UPTIME, (), target=Fraction(9, 10))
ALL = Fraction(1)
MOST = Fraction(1, 2)


def judged(drawing: str, coverage: Fraction = ALL, **span: object) -> Uptime:
    """Judge a drawing as one period that is over."""
    length = len(drawing)
    whole = Span(minutes(0, length), minute(length))
    return uptime(Written(drawing), GOAL, replace(whole, **span), coverage)  # type: ignore[arg-type]


def test_every_kind_of_minute_is_counted() -> None:
    """Good, bad (from half of the requests on), quiet and unknown minutes; excluded ones hide what they were."""
    found = judged("gggbhq..gb", excluded=(minutes(8, 10),))
    assert (found.good, found.bad, found.quiet, found.unmeasured, found.excluded) == (3, 2, 1, 2, 2)
    assert (found.due, found.share, found.coverage) == (8, Fraction(3, 5), Fraction(6, 8))


def test_a_minute_is_bad_from_the_promised_share_on() -> None:
    """Two failures of four are half: bad at one half, good where three quarters are asked for."""
    later = replace(GOAL, minute_errors=Fraction(3, 4))
    span = Span(minutes(0, 2), minute(2))
    assert uptime(Written("hb"), GOAL, span, ALL).bad == 2
    assert uptime(Written("hb"), later, span, ALL).bad == 1


@pytest.mark.parametrize(
    ("drawing", "coverage", "state"),
    [
        ("ggggggggg" + "b", ALL, State.MET),
        ("gggggggg" + "bb", ALL, State.MISSED),
        ("ggggggggg" + ".", ALL, State.UNMEASURED),
        ("ggggggggg" + ".", Fraction(9, 10), State.MET),
        ("........" + "bb", ALL, State.MISSED),
        ("........." + "b", ALL, State.UNMEASURED),
        ("qqqqqqqq" + "gb", ALL, State.MISSED),
        ("qqqqqqqqqq", ALL, State.UNMEASURED),
        ("..........", Fraction(0), State.UNMEASURED),
    ],
    ids=[
        "exactly the target",
        "below it",
        "too little is known",
        "as much as is asked for",
        "two of ten are too many, whatever the rest was",
        "one of ten could be all",
        "quiet minutes do not dilute bad ones",
        "nobody asked anything",
        "nothing is known, though nothing need be",
    ],
)
def test_states(drawing: str, coverage: Fraction, state: State) -> None:
    """The state at each boundary, with a target of nine tenths."""
    assert judged(drawing, coverage).state is state


def test_a_declared_outage_is_bad_and_maintenance_hides_it() -> None:
    """Declared minutes are bad whatever their requests say, and measured; excluded ones are neither."""
    found = judged("gg..gggggg", declared=(minutes(1, 5),), excluded=(minutes(4, 6),))
    assert (found.good, found.bad, found.unmeasured, found.excluded) == (5, 3, 0, 2)


def test_a_running_period_is_judged_so_far() -> None:
    """Minutes from now on are not due, and a period that has not begun has none."""
    assert judged("gggggggggg", as_of=minute(4)).due == 4
    early = judged("gggggggggg", as_of=minute(0))
    assert (early.due, early.share, early.coverage, early.state) == (0, None, None, State.UNMEASURED)


def test_a_route_is_judged_by_its_own_minutes() -> None:
    """Other requests make a minute quiet for the route, not good."""
    evidence = Written("gggg", routes={"/a": "bqqq"})
    found = uptime(evidence, replace(GOAL, route="/a"), Span(minutes(0, 4), minute(4)), ALL)
    assert (found.good, found.bad, found.quiet) == (0, 1, 3)


def test_only_whole_minutes_can_be_judged() -> None:
    """A span that begins within a minute is refused: its first minute would be judged by half."""
    with pytest.raises(QueryError, match="not a whole minute"):
        Span(minutes(0.5, 3), minute(3))


@given(st.text("gbhq.", min_size=1, max_size=60), st.fractions(0, 1))
def test_a_miss_in_spite_of_gaps_holds_whatever_the_gaps_were(drawing: str, coverage: Fraction) -> None:
    """Where too little is known and the state is missed all the same, good minutes in every gap do not change it."""
    found = judged(drawing, coverage)
    best = judged(drawing.replace(".", "g").replace("q", "g"), coverage)
    if found.coverage is not None and found.coverage < coverage and found.state is State.MISSED:
        assert best.state is State.MISSED
    if found.state is State.MET:
        assert best.state is State.MET
