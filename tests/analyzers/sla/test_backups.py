"""The age of the last backup, from backups and minutes written down by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from analyzers.analysis import State
from analyzers.sla.backups import RecoveryPoint, judge_recovery_point, recovery_point
from analyzers.sla.contract.model import Kind, Objective
from analyzers.sla.judgement import Longest
from analyzers.sla.timeline import Span
from tests.analyzers.sla.written_evidence import Written, minute, minutes

GOAL = Objective("rpo", Kind.RPO, (), limit=timedelta(minutes=60))
MEASURED = "q" * 1000


def judged(completed: Sequence[float], drawing: str = MEASURED, **span: object) -> RecoveryPoint:
    """Judge backups over the minutes 100 to 300."""
    whole = replace(Span(minutes(100, 300), minute(1000)), **span)  # type: ignore[arg-type]
    return recovery_point(Written(drawing, completed={"backup.completed": completed}), GOAL, whole)


def longest(found: RecoveryPoint) -> float | None:
    """Return the longest gap in minutes."""
    return None if found.longest is None else found.longest.length / timedelta(minutes=1)


@pytest.mark.parametrize(
    ("completed", "gap", "state"),
    [
        ([90, 150, 210, 270], 60, State.MET),
        ([89.5, 150, 210, 270], 60.5, State.MISSED),
        ([150, 210, 270], 60, State.MET),
        ([90, 150, 210], 90, State.MISSED),
        ([90, 150, 210, 301], 90, State.MISSED),
        ([10, 20], 280, State.MISSED),
        ([299], 199, State.MISSED),
        ([], None, State.UNMEASURED),
        ([300], None, State.UNMEASURED),
    ],
    ids=[
        "an hour apart",
        "half a minute more",
        "nothing recorded before the period counts from its start",
        "too old at the end",
        "one after the end is too late",
        "only long before",
        "only at the end",
        "never any",
        "none yet",
    ],
)
def test_the_longest_gap(completed: Sequence[float], gap: float | None, state: State) -> None:
    """The greatest age of the last backup at any moment of the period, against an hour."""
    found = judged(completed)
    assert (longest(found), found.state) == (gap, state)


def test_a_running_period_ends_now() -> None:
    """The last backup is as old as it is now, not as it will be at the period's end."""
    assert longest(judged([90, 150], as_of=minute(180))) == 60
    assert judged([90, 150], as_of=minute(180)).state is State.MET
    assert judged([90, 150], as_of=minute(100)).state is State.UNMEASURED


def test_maintenance_stops_the_clock() -> None:
    """Time excluded, also where it overlaps or lies before the period, makes no backup older."""
    found = judged([70, 160, 250], excluded=(minutes(80, 110), minutes(90, 115), minutes(200, 230)))
    assert (longest(found), found.state) == (60, State.MET)


def test_absent_logs_excuse_only_what_they_hide() -> None:
    """Of a gap of 90 minutes 30 without any log leave 60, which the limit allows; 29 do not."""
    enough = MEASURED[:200] + "." * 30 + MEASURED[230:]
    found = judged([90, 150, 240], enough)
    assert (longest(found), found.state, found.gaps[0].absent) == (90, State.UNMEASURED, timedelta(minutes=30))
    assert judged([90, 150, 240], MEASURED[:200] + "." * 29 + MEASURED[229:]).state is State.MISSED


def test_the_minutes_of_the_backups_themselves_are_cut() -> None:
    """Logs absent from within a minute on count from there: 89.5 minutes of silence, from one backup to the next."""
    found = judged([90, 149.75, 239.25], MEASURED[:149] + "." * 91 + MEASURED[240:])
    assert found.gaps[0].absent == timedelta(minutes=89.5)


def test_other_events_are_no_backups() -> None:
    """What is waited for is named, so that a person can see what the application must say."""
    found = recovery_point(
        Written(MEASURED, completed={"backup.started": [90, 150]}), GOAL, Span(minutes(100, 300), minute(300))
    )
    assert (found.state, found.action, found.last) == (State.UNMEASURED, "backup.completed", None)


def test_every_gap_beyond_the_limit_is_listed() -> None:
    """Two are too long; of the short ones none is listed."""
    found = judged([30, 120, 150, 230, 260])
    assert [each.length / timedelta(minutes=1) for each in found.gaps] == [90, 80]
    assert found.backups == 4


def words(completed: Sequence[float], drawing: str = MEASURED) -> str:
    """Return what a person reads."""
    evidence = Written(drawing, completed={"backup.completed": completed})
    return judge_recovery_point(evidence, GOAL, Span(minutes(100, 300), minute(300)), Fraction(0)).words


def test_words() -> None:
    """What a person reads: the gap that decides, or which event is waited for."""
    assert words([90, 150, 210, 270]) == (
        "1 h without a backup, from 2024-03-01 01:30 UTC to 2024-03-01 02:30 UTC, 1 h promised"
    )
    assert words([]) == "no completed backup has ever been recorded: the event.action 'backup.completed' is waited for"
    assert words([90, 150, 240], MEASURED[:200] + "." * 30 + MEASURED[230:]) == (
        "1 h 30 min without a backup, from 2024-03-01 02:30 UTC to 2024-03-01 04:00 UTC, 1 h promised; "
        "the logs were absent for 30 min of it"
    )


def test_the_judgement_carries_the_longest_gap() -> None:
    """The number that decides, when it was, and how many backups there were; nothing where none ever was."""
    span = Span(minutes(100, 300), minute(240))
    evidence = Written(MEASURED, completed={"backup.completed": [70, 150, 210]})
    found = judge_recovery_point(evidence, GOAL, span, Fraction(1))
    assert found.measured == Longest(timedelta(minutes=80), timedelta(minutes=60), minutes(70, 150), 2)
    assert (found.state, found.running) == (State.MISSED, True)
    assert judge_recovery_point(Written(MEASURED), GOAL, span, Fraction(1)).measured is None


def test_a_period_that_is_all_maintenance_is_unmeasured() -> None:
    """No time counts, so that no promise was kept either."""
    span = Span(minutes(100, 300), minute(300), excluded=(minutes(0, 400),))
    found = judge_recovery_point(Written(MEASURED, completed={"backup.completed": [90]}), GOAL, span, Fraction(0))
    assert (found.state, found.words) == (State.UNMEASURED, "no time of the period counts")
