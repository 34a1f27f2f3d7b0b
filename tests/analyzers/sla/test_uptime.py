"""Uptime from drawn minutes; the expected numbers are counted by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.analysis import State
from analyzers.sla.contract.model import Kind, Objective
from analyzers.sla.judgement import Coverage, Judgement, Share
from analyzers.sla.timeline import Span, timeline_so_far
from analyzers.sla.uptime import Uptime, judge_uptime, uptime_of
from analyzers.store.query import QueryError
from tests.analyzers.sla.written_evidence import Written, minute, minutes

GOAL = Objective("uptime", Kind.UPTIME, (), target=Fraction(9, 10))
ALL = Fraction(1)
MOST = Fraction(1, 2)


def span_of(drawing: str, **changes: object) -> Span:
    """Return a drawing's time as one period that is over, with changes."""
    length = len(drawing)
    return replace(Span(minutes(0, length), minute(length)), **changes)  # type: ignore[arg-type]


def counted(drawing: str, **changes: object) -> Uptime:
    """Count the minutes of a drawing."""
    return uptime_of(timeline_so_far(Written(drawing), GOAL, span_of(drawing, **changes)))


def judged(drawing: str, coverage: Fraction = ALL, **changes: object) -> Judgement:
    """Judge a drawing."""
    return judge_uptime(Written(drawing), GOAL, span_of(drawing, **changes), coverage)


def test_every_kind_of_minute_is_counted() -> None:
    """Good, bad (from half of the requests on), quiet and unknown minutes; excluded ones hide what they were."""
    assert counted("gggbhq..gb", excluded=(minutes(8, 10),)) == Uptime(3, 2, 1, 2, 2)
    found = judged("gggbhq..gb", excluded=(minutes(8, 10),))
    assert (found.measured, found.coverage) == (Share(3, 5, 6, "minute"), Coverage(6, 8, ALL))


def test_a_minute_is_bad_from_the_promised_share_on() -> None:
    """Two failures of four are half: bad at one half, good where three quarters are asked for."""
    later = replace(GOAL, minute_errors=Fraction(3, 4))
    assert counted("hb").bad == 2
    assert uptime_of(timeline_so_far(Written("hb"), later, span_of("hb"))).bad == 1


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
    found = counted("gg..gggggg", declared=(minutes(1, 5),), excluded=(minutes(4, 6),))
    assert found == Uptime(good=5, bad=3, quiet=0, unmeasured=0, excluded=2)


def test_a_running_period_is_judged_so_far() -> None:
    """Minutes from now on are not due, and a period that has not begun has none."""
    now = judged("gggggggggg", as_of=minute(4))
    assert (now.running, now.coverage, now.state) == (True, Coverage(4, 4, ALL), State.MET)
    early = judged("gggggggggg", as_of=minute(0))
    assert (early.coverage, early.state) == (Coverage(0, 0, ALL), State.UNMEASURED)


def test_a_route_is_judged_by_its_own_minutes() -> None:
    """Other requests make a minute quiet for the route, not good."""
    evidence = Written("gggg", routes={"/a": "bqqq"})
    line = timeline_so_far(evidence, replace(GOAL, route="/a"), span_of("gggg"))
    assert uptime_of(line) == Uptime(good=0, bad=1, quiet=3, unmeasured=0, excluded=0)


def test_only_whole_minutes_can_be_judged() -> None:
    """A span that begins within a minute is refused: its first minute would be judged by half."""
    with pytest.raises(QueryError, match="not a whole minute"):
        Span(minutes(0.5, 3), minute(3))


@given(st.text("gbhq.", min_size=1, max_size=60), st.fractions(0, 1))
def test_a_miss_in_spite_of_gaps_holds_whatever_the_gaps_were(drawing: str, coverage: Fraction) -> None:
    """Where too little is known and the state is missed all the same, good minutes in every gap do not change it."""
    found = judged(drawing, coverage)
    best = judged(drawing.replace(".", "g").replace("q", "g"), coverage)
    if not found.coverage.suffices and found.state is State.MISSED:
        assert best.state is State.MISSED
    if found.state is State.MET:
        assert best.state is State.MET


def test_the_words_are_in_minutes() -> None:
    """A person reads how many minutes were too many, of how many that could be judged."""
    assert judged("ggggggggbbqq").words == ("80.00 % of 90 %; 1 minute over; judged on 10 of 12 minutes")
