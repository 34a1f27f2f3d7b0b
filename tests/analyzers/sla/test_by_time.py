"""Objectives about time, as a contract says them; the drawings are counted by hand."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

from analyzers.analysis import State
from analyzers.sla.by_time import TIME_KINDS, judge_time
from analyzers.sla.contract.model import CalendarPeriod, Contract, Exclusion, Kind, Objective, Outage
from analyzers.sla.contract.periods import period_at
from analyzers.sla.judgement import Coverage, Judgement, Longest, Share
from analyzers.sla.scope import scope_of
from analyzers.store.query import CalendarUnit
from tests.analyzers.sla.written_evidence import Written, minute, minutes

DAY = CalendarPeriod(CalendarUnit.DAY)
UPTIME = Objective("up", Kind.UPTIME, (DAY,), target=Fraction(9, 10))
RTO = Objective("back", Kind.RTO, (DAY,), limit=timedelta(minutes=5))
RPO = Objective("saved", Kind.RPO, (DAY,), limit=timedelta(minutes=20), backup="dump.done")
LENGTH = 24 * 60
EVIDENCE = Written("g" * 10 + "b" * 8 + "g" * 22, completed={"dump.done": (5, 30)})


def judged(objective: Objective, *, valid_from: int | None = None, as_of: float = 40.5) -> Judgement:
    """Judge the first day as of its fortieth minute, with maintenance from 10 to 12 for ``up`` only."""
    contract = Contract(
        service="ti-osn",
        environment="*",
        zone="UTC",
        objectives=(UPTIME, RTO, RPO),
        lateness=timedelta(hours=1),
        coverage=Fraction(1),
        exclusions=(Exclusion(minutes(10, 12), "move", "ana", ("up",)),),
        outages=(Outage(minutes(20, 22), "cable", "rui"),),
        valid_from=None if valid_from is None else minute(valid_from),
    )
    return judge_time(EVIDENCE, scope_of(contract, objective, period_at(DAY, "UTC", minute(0)), minute(as_of)))


def test_every_kind_about_time_is_judged_as_the_contract_says() -> None:
    """Its exclusions by name, its declared outages, its coverage, and the minute that has not ended is left out."""
    up, back, saved = (judged(each) for each in (UPTIME, RTO, RPO))
    assert (up.measured, up.coverage) == (Share(30, 38, 38, "minute"), Coverage(38, 38, Fraction(1)))
    assert (up.state, up.running) == (State.MISSED, True)
    assert (back.measured, back.state) == (
        Longest(timedelta(minutes=8), timedelta(minutes=5), minutes(10, 18), 2),
        State.MISSED,
    )
    assert (saved.measured, saved.state) == (
        Longest(timedelta(minutes=25), timedelta(minutes=20), minutes(5, 30), 2),
        State.MISSED,
    )


@pytest.mark.parametrize("objective", [UPTIME, RTO, RPO])
def test_time_before_the_contract_is_not_judged(objective: Objective) -> None:
    """From the twenty-fifth minute on all was well; before the contract, nothing counts."""
    assert judged(objective, valid_from=25).state is State.MET
    assert judged(objective, valid_from=25).coverage.due == 15
    before = judged(objective, valid_from=2 * LENGTH)
    assert (before.state, before.coverage.due) == (State.UNMEASURED, 0)


def test_the_kinds_about_time() -> None:
    """The others count requests."""
    assert TIME_KINDS == {Kind.UPTIME, Kind.RTO, Kind.RPO}
