"""Objectives about time, as a contract says them; the drawings are counted by hand."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

from analyzers.analysis import State
from analyzers.sla.by_time import judge_time
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


@pytest.mark.parametrize(("objective", "valid_from"), [(UPTIME, 25), (RTO, 25), (RPO, 30)])
def test_time_before_the_contract_is_not_judged(objective: Objective, valid_from: int) -> None:
    """From that minute on all was well; a day before the contract has nothing that counts."""
    found = judged(objective, valid_from=valid_from)
    assert (found.state, found.coverage.due) == (State.MET, 40 - valid_from)
    before = judged(objective, valid_from=2 * LENGTH)
    assert (before.state, before.coverage.due) == (State.UNMEASURED, 0)


def test_a_backup_is_as_old_as_it_is_when_the_contract_begins() -> None:
    """Four minutes into the contract the last backup was 24 minutes old, whoever had promised what when it was made."""
    assert judged(RPO, valid_from=25).state is State.MISSED
