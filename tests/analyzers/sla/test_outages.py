"""Outages from drawn minutes; the expected lengths are counted by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.analysis import State
from analyzers.sla.contract.model import Kind, Objective
from analyzers.sla.judgement import Coverage, Longest
from analyzers.sla.outage_finding import PATIENCE
from analyzers.sla.outages import Recovery, judge_recovery, recovery
from analyzers.sla.timeline import Span
from tests.analyzers.sla.written_evidence import Written, minute, minutes

GOAL = Objective("rto", Kind.RTO, (), limit=timedelta(minutes=5))
ALL = Fraction(1)
NONE = Fraction(0)
DAY = 24 * 60
LONG = "." * (PATIENCE + 1)


def judged(drawing: str, coverage: Fraction = NONE, first: int = 0, **span: object) -> Recovery:
    """Judge a drawing as one period that is over."""
    whole = Span(minutes(first, first + len(drawing)), minute(first + len(drawing)))
    return recovery(Written(drawing, first), GOAL, replace(whole, **span), coverage)  # type: ignore[arg-type]


def listed(found: Recovery) -> Sequence[tuple[int, int | None, int, int]]:
    """Return the outages as start, end, least and greatest length, in minutes."""
    step, zero = timedelta(minutes=1), minute(0)
    return [
        (
            (each.start - zero) // step,
            None if each.end is None else (each.end - zero) // step,
            each.shortest // step,
            each.longest // step,
        )
        for each in found.outages
    ]


@pytest.mark.parametrize(
    ("drawing", "outages", "state"),
    [
        ("gggg", [], State.MET),
        ("....", [], State.UNMEASURED),
        ("gbbbbbg", [(1, 6, 5, 5)], State.MET),
        ("gbbbbbbg", [(1, 7, 6, 6)], State.MISSED),
        ("gbgbgbgbgbgbg", [(place, place + 1, 1, 1) for place in (1, 3, 5, 7, 9, 11)], State.MET),
        ("gbq.bg", [(1, 5, 4, 4)], State.MET),
        ("gbqqqqqg", [(1, 7, 6, 6)], State.MISSED),
        (f"gb{LONG}g", [(1, 18, 1, 17)], State.UNMEASURED),
        (f"gbb{LONG}bbbg", [(1, 22, 3, 21)], State.UNMEASURED),
        (f"gbbbbbb{LONG}g", [(1, 23, 6, 22)], State.MISSED),
        ("gggbb", [(3, None, 2, 2)], State.UNMEASURED),
        ("gbbbbbb", [(1, None, 6, 6)], State.MISSED),
    ],
    ids=[
        "none",
        "nothing heard, and no coverage demanded",
        "as long as promised",
        "a minute longer",
        "many short ones",
        "a short silence does not end it",
        "a short silence counts",
        "after a long silence nobody knows the end",
        "a long silence within leaves two parts",
        "a part is too long by itself",
        "one still running within the limit",
        "one still running beyond it",
    ],
)
def test_outages(drawing: str, outages: Sequence[tuple[int, int | None, int, int]], state: State) -> None:
    """Where outages begin and end, how long they were at least and at most, and what that makes of the objective."""
    found = judged(drawing)
    assert (listed(found), found.state) == (outages, state)


def test_coverage_is_needed_to_meet_but_not_to_miss() -> None:
    """Unknown minutes may hide an outage; they cannot undo one."""
    assert judged("gggg.ggggg", ALL).state is State.UNMEASURED
    assert judged("gggg.ggggg", Fraction(9, 10)).state is State.MET
    assert judged("gbbbbbbg..", ALL).state is State.MISSED


def test_maintenance_stops_the_clock() -> None:
    """Excluded minutes make an outage neither longer nor two, and what happened in them counts for nothing."""
    found = judged("gbbgbbbbbg", excluded=(minutes(3, 6),))
    assert listed(found) == [(1, 9, 5, 5)]
    assert listed(judged("gbbbg", excluded=(minutes(0, 5),))) == []


def test_a_declared_outage_joins_what_the_logs_say() -> None:
    """Bad minutes before and after are the same outage; good ones within are not believed."""
    found = judged("gbb.ggg..bg", declared=(minutes(3, 9),))
    assert listed(found) == [(1, 10, 9, 9)]
    assert found.outages[0].declared


def test_a_declared_outage_ends_when_people_say() -> None:
    """Silence after it is silence, not outage: somebody knew when it was over."""
    assert listed(judged("gg........g", declared=(minutes(2, 5),))) == [(2, 5, 3, 3)]


def test_an_outage_belongs_to_the_period_in_which_it_began() -> None:
    """It counts there whole, also beyond the end; the next period counts only its part inside."""
    evidence = Written("g" * (DAY - 4) + "b" * 8 + "g" * (DAY - 4))
    first, second = (Span(minutes(day * DAY, (day + 1) * DAY), minute(2 * DAY)) for day in (0, 1))
    one, two = (recovery(evidence, GOAL, span, ALL) for span in (first, second))
    assert (listed(one), one.state, one.outages[0].earlier) == ([(DAY - 4, DAY + 4, 8, 8)], State.MISSED, False)
    assert (listed(two), two.state, two.outages[0].earlier) == ([(DAY - 4, DAY + 4, 4, 4)], State.MET, True)


def test_an_outage_that_is_over_when_the_period_begins_is_not_its() -> None:
    """Bad until the last minute before, good from the first one on: nothing of it touches the period."""
    evidence = Written("g" * (DAY - 4) + "b" * 4 + "g" * 10)
    assert listed(recovery(evidence, GOAL, Span(minutes(DAY, DAY + 10), minute(DAY + 10)), ALL)) == []


def test_a_later_period_that_is_an_outage_itself_is_missed_too() -> None:
    """What is left of an earlier outage is judged by its length inside the period."""
    evidence = Written("g" * (DAY - 4) + "b" * 10 + "g" * (DAY - 6))
    found = recovery(evidence, GOAL, Span(minutes(DAY, 2 * DAY), minute(2 * DAY)), ALL)
    assert (listed(found), found.state) == ([(DAY - 4, DAY + 6, 6, 6)], State.MISSED)


def test_the_future_is_not_looked_at() -> None:
    """As of a moment within an outage it is still running; a period in which nothing has happened has none."""
    found = judged("gbbbbbbbg", as_of=minute(3))
    assert (listed(found), found.state) == ([(1, None, 2, 2)], State.UNMEASURED)
    before = judged("gbbbbbbbg", as_of=minute(0))
    assert (before.outages, before.state) == ((), State.UNMEASURED)


def test_an_earlier_outage_is_looked_for_up_to_where_the_contract_begins() -> None:
    """What was before is nobody's promise: the outage begins with the contract."""
    evidence = Written("b" * 20 + "g" * 20)
    span = Span(minutes(10, 40), minute(40), earliest=minute(5))
    assert listed(recovery(evidence, GOAL, span, ALL)) == [(5, 20, 10, 10)]


def test_an_outage_of_weeks_is_found_from_its_beginning() -> None:
    """Ten days before the period the service failed, and was silent since: the outage may still be running."""
    evidence = Written("gb", -10 * DAY)
    found = recovery(evidence, GOAL, Span(minutes(0, 60), minute(60)), NONE)
    assert (listed(found), found.state) == ([(1 - 10 * DAY, None, 0, 60)], State.UNMEASURED)


@given(st.text("gbq.", max_size=80), st.integers(0, 40))
def test_the_truth_lies_between_the_two_lengths(drawing: str, cut: int) -> None:
    """Fill every silence with good minutes, or with bad ones: what was called met or missed stays so."""
    closed = f"g{drawing}g"
    found = judged(closed, first=-cut).state
    for filling in "gb":
        other = judged(closed.replace("q", filling).replace(".", filling), first=-cut).state
        if found is State.MISSED and filling == "b":
            assert other is State.MISSED
        if found is State.MET and filling == "g":
            assert other is State.MET
    assert all(each.shortest <= each.longest for each in judged(closed).outages)


@pytest.mark.parametrize(
    ("drawing", "words"),
    [
        ("gggg", "no outage"),
        ("....", "nobody can tell whether there was an outage; nothing of the time was measured"),
        ("gbgbbg", "the longest of 2 outages 2 min, 5 min promised"),
        ("gbbbbbbg", "1 of 1 outage too long, 6 min from 2024-03-01 00:01 UTC, 5 min promised"),
        ("gbbbbbb", "1 of 1 outage too long, 6 min from 2024-03-01 00:01 UTC, still running, 5 min promised"),
        ("gggbb", "the outage from 2024-03-01 00:03 UTC is still running, 2 min, 5 min promised"),
        (
            f"gb{LONG}g",
            (
                "the outage from 2024-03-01 00:01 UTC ended in silence, after 1 min to 17 min, 5 min promised; "
                "measured 15.79 % of the time"
            ),
        ),
    ],
)
def test_words(drawing: str, words: str) -> None:
    """What a person reads of each."""
    span = Span(minutes(0, len(drawing)), minute(len(drawing)))
    assert judge_recovery(Written(drawing), GOAL, span, NONE).words == words


def test_the_judgement_carries_the_worst_outage() -> None:
    """The number that decides, when it was, of how many, and how much was measured."""
    found = judge_recovery(Written("gbgbbbbbbg"), GOAL, Span(minutes(0, 20), minute(10)), ALL)
    assert found.measured == Longest(timedelta(minutes=6), timedelta(minutes=5), minutes(3, 9), 2)
    assert (found.coverage, found.running, found.state) == (Coverage(10, 10, ALL), True, State.MISSED)
