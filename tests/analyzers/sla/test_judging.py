"""Objectives judged over periods, from a handful of requests."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from analyzers.analysis import State
from analyzers.sla.contract.model import Contract, Exclusion, Kind, Objective, Outage, RollingPeriod
from analyzers.sla.contract.periods import named_period, period_at
from analyzers.sla.judgement import Coverage, Judgement, Longest, Share
from analyzers.sla.judging import judge
from analyzers.sla.scope import scope_of
from tests.analyzers.sla.contracts import (
    AVAILABILITY,
    DAY,
    ERROR_RATE,
    LATENCY,
    UPTIME,
    contract,
    in_force_from,
    utc,
    window,
)
from tests.analyzers.sla.listed_evidence import Listed, Seen, every

DAY_5 = window("2024-10-05T00:00Z", "2024-10-06T00:00Z")
MINUTE = timedelta(minutes=1)


def judged(made: Contract, evidence: Listed, as_of: str = "2024-10-06T00:00Z", day: str = "2024-10-05") -> Judgement:
    """Judge the first objective of a contract over a day."""
    return judge(evidence, scope_of(made, made.objectives[0], named_period(day, made.zone), utc(as_of)))


def requests(*statuses: int, at: str = "2024-10-05T12:00Z", millis: int | None = 100, route: str = "/") -> list[Seen]:
    """Return a request each minute."""
    return [Seen(utc(at) + place * MINUTE, status, millis, route) for place, status in enumerate(statuses)]


def test_availability_at_its_target() -> None:
    """One failed of ten is exactly 90 %: met, none to spare. Two of eleven are one over: 0.1 of 11 allows 1."""
    ten = requests(500, *[200] * 9)
    found = judged(contract(AVAILABILITY), Listed(ten))
    assert (found.state, found.measured) == (State.MET, Share(9, 10, 10, "request"))
    assert (
        found.sentence("5 October 2024")
        == "5 October 2024: availability met, 90.00 % of 90 %; 0 requests to spare; measured 0.69 % of the time"
    )
    missed = judged(contract(AVAILABILITY), Listed([*ten, *requests(503, at="2024-10-05T13:00Z")]))
    assert (missed.state, missed.words) == (
        State.MISSED,
        "81.82 % of 90 %; 1 request over; measured 0.76 % of the time",
    )


def test_a_status_below_500_is_no_error() -> None:
    """499 and an unknown route are the client's."""
    assert judged(contract(AVAILABILITY), Listed(requests(499, 404, 404))).measured == Share(3, 3, 3, "request")


def test_latency_is_judged_on_what_was_timed() -> None:
    """Of 22 requests 20 are timed; exactly 2 s is not under 2 s: 19 of 20 are 95 %, and met."""
    seen = [
        *requests(*[200] * 19, millis=1999),
        *requests(200, at="2024-10-05T14:00Z", millis=2000),
        *requests(200, 500, at="2024-10-05T15:00Z", millis=None),
    ]
    found = judged(contract(LATENCY), Listed(seen))
    assert (found.state, found.measured) == (State.MET, Share(19, 20, 22, "request"))
    assert "95.00 % of 95 %; 0 requests to spare; judged on 20 of 22 requests" in found.words


def test_requests_without_any_response_time_are_unmeasured() -> None:
    """There is traffic, but nothing says how long it took."""
    found = judged(contract(LATENCY), Listed(requests(200, 200, millis=None)))
    assert (found.state, found.measured) == (State.UNMEASURED, Share(0, 0, 2, "request"))
    assert found.words.startswith("none of 2 requests can be judged")


def test_an_error_rate_must_stay_under_its_share() -> None:
    """One of a hundred is exactly 1 %, which is not under 1 %."""
    found = judged(contract(ERROR_RATE), Listed(requests(500, *[200] * 99)))
    assert (found.state, found.words) == (
        State.MISSED,
        "1.00 %, under 1 % promised; 1 request over; measured 6.94 % of the time",
    )
    assert judged(contract(ERROR_RATE), Listed(requests(500, *[200] * 100))).state is State.MET


def test_a_route_is_judged_by_its_own_requests() -> None:
    """Failures elsewhere do not count, but show that the service was being measured."""
    made = contract(replace(AVAILABILITY, route="/api"))
    seen = [*requests(200, 200, route="/api"), *requests(500, 500, 500, at="2024-10-05T13:00Z")]
    found = judged(made, Listed(seen))
    assert (found.state, found.measured) == (State.MET, Share(2, 2, 2, "request"))
    assert found.coverage == Coverage(5, 1440, Fraction(0))


def test_excluded_time_counts_for_nothing() -> None:
    """The failures of the maintenance are left out, and so are its minutes: 1440 less 60 are due."""
    night = Exclusion(window("2024-10-05T02:00Z", "2024-10-05T03:00Z"), "move", "Ana")
    seen = [*requests(200, 200), *requests(*[500] * 60, at="2024-10-05T02:00Z"), *requests(500, at="2024-10-05T03:00Z")]
    found = judged(contract(AVAILABILITY, exclusions=(night,)), Listed(seen))
    assert (found.state, found.measured, found.coverage) == (
        State.MISSED,
        Share(2, 3, 3, "request"),
        Coverage(3, 1380, Fraction(0)),
    )
    other = replace(night, objectives=("latency",))
    everything = judged(contract(AVAILABILITY, exclusions=(other,)), Listed(seen))
    assert everything.measured == Share(2, 63, 63, "request")


def test_a_day_that_is_excluded_altogether_is_unmeasured() -> None:
    """Nothing is due, so nothing was kept."""
    made = contract(AVAILABILITY, exclusions=(Exclusion(DAY_5, "move", "Ana"),))
    found = judged(made, Listed(requests(200)))
    assert (found.state, found.words) == (State.UNMEASURED, "no time of the period counts")


def test_time_before_the_contract_does_not_count() -> None:
    """In force from noon: the failures of the morning are not judged; a day before it is unmeasured."""
    made = in_force_from(contract(AVAILABILITY), "2024-10-05T12:00Z")
    seen = [*requests(500, 500, at="2024-10-05T11:58Z"), *requests(200)]
    found = judged(made, Listed(seen))
    assert (found.state, found.measured, found.coverage.due) == (State.MET, Share(1, 1, 1, "request"), 720)
    before = judged(made, Listed(seen), day="2024-10-04")
    assert (before.state, before.words) == (State.UNMEASURED, "the contract was not yet in force")


def test_a_running_day_is_judged_so_far() -> None:
    """At 12:02:30 the first two minutes after noon count, and 722 minutes are due; the sentence says so."""
    found = judged(contract(AVAILABILITY), Listed(requests(200, 200, 500, 500)), as_of="2024-10-05T12:02:30Z")
    assert (found.state, found.measured, found.running) == (State.MET, Share(2, 2, 2, "request"), True)
    assert found.coverage.due == 722
    assert found.sentence("5 October 2024").startswith("5 October 2024 so far: availability met, 100.00 % of 90 %; 0")
    assert "left" in found.words


def test_too_little_coverage_is_unmeasured_and_says_what_was_seen() -> None:
    """Half the minutes of the day had signs of life, 95 % are demanded: neither met nor missed can be said."""
    signs = list(every(MINUTE, window("2024-10-05T00:00Z", "2024-10-05T12:00Z")))
    made = contract(AVAILABILITY, coverage=Fraction(95, 100))
    kept = judged(made, Listed(requests(200, at="2024-10-05T01:00Z"), signs))
    assert (kept.state, kept.coverage) == (State.UNMEASURED, Coverage(720, 1440, Fraction(95, 100)))
    assert kept.words == (
        "measured 50.00 % of the time, 95 % demanded; the measured part has met it: 100.00 % of 90 %; "
        "0 requests to spare"
    )
    broken = judged(made, Listed(requests(500, at="2024-10-05T01:00Z"), signs))
    assert broken.state is State.UNMEASURED
    assert "the measured part has missed it: 0.00 % of 90 %; 1 request over" in broken.words
    assert (kept.suspected, broken.suspected) == (False, True)


def test_coverage_at_its_demand_suffices() -> None:
    """1368 of 1440 minutes are exactly 95 %."""
    made = contract(AVAILABILITY, coverage=Fraction(95, 100))
    signs = list(every(MINUTE, window("2024-10-05T00:00Z", "2024-10-05T22:48Z")))
    assert judged(made, Listed(requests(200), signs)).state is State.MET
    assert judged(made, Listed(requests(200), signs[1:])).state is State.UNMEASURED


def test_silence_is_not_health() -> None:
    """No request and no sign of life: unmeasured, also where no coverage is demanded."""
    found = judged(contract(AVAILABILITY), Listed([]))
    assert (found.state, found.words) == (
        State.UNMEASURED,
        "no requests; nothing of the time was measured",
    )


@pytest.mark.parametrize(
    ("zone", "day", "minutes"),
    [
        ("America/Sao_Paulo", "2018-11-04", 23 * 60),
        ("America/Sao_Paulo", "2018-02-17", 25 * 60),
        ("Europe/Lisbon", "2024-10-27", 25 * 60),
        ("Europe/Lisbon", "2024-03-31", 23 * 60),
    ],
)
def test_days_of_23_and_25_hours(zone: str, day: str, minutes: int) -> None:
    """As many minutes are due as the day has; a request in its first minute is in, one the minute before is out."""
    start = named_period(day, zone).window.start
    seen = [Seen(start), Seen(start - MINUTE, 500)]
    found = judged(contract(AVAILABILITY, zone=zone), Listed(seen), as_of="2030-01-01T00:00Z", day=day)
    assert (found.coverage.due, found.measured) == (minutes, Share(1, 1, 1, "request"))


def test_a_rolling_period_ends_now() -> None:
    """Two days up to 12:30: a failure 48 hours and a minute ago is out."""
    made = contract(replace(AVAILABILITY, periods=(RollingPeriod(2),)))
    period = period_at(RollingPeriod(2), "UTC", utc("2024-10-05T12:30Z"))
    seen = [Seen(utc("2024-10-03T12:29Z"), 500), Seen(utc("2024-10-03T12:30Z")), Seen(utc("2024-10-05T12:30Z"), 500)]
    found = judge(Listed(seen), scope_of(made, made.objectives[0], period, utc("2024-10-05T12:30:59Z")))
    assert (found.state, found.measured, found.running) == (State.MET, Share(1, 1, 1, "request"), False)


def test_objectives_by_time_are_judged_in_the_same_frame() -> None:
    """A declared outage of 20 minutes breaks 99 % of a day (14 minutes) and an RTO of 15, an exclusion hides it."""
    outage = Outage(window("2024-10-05T02:00Z", "2024-10-05T02:20Z"), "power", "Rui")
    seen = [Seen(each) for each in every(MINUTE, DAY_5)]
    rto = Objective("rto", Kind.RTO, (DAY,), limit=timedelta(minutes=15))
    missed = judged(contract(UPTIME, outages=(outage,)), Listed(seen))
    assert (missed.state, missed.measured) == (State.MISSED, Share(1420, 1440, 1440, "minute"))
    assert judged(contract(rto, outages=(outage,)), Listed(seen)).state is State.MISSED
    hidden = Exclusion(outage.window, "move", "Ana", ("uptime", "rto"))
    for objective in (UPTIME, rto):
        made = contract(objective, outages=(outage,), exclusions=(hidden,))
        assert judged(made, Listed(seen)).state is State.MET


def test_backups_are_judged_in_the_same_frame() -> None:
    """A backup each hour but one: two hours without, one promised."""
    rpo = Objective("rpo", Kind.RPO, (DAY,), limit=timedelta(hours=1))
    hours = [each for each in every(timedelta(hours=1), DAY_5) if each.hour != 7]
    found = judged(contract(rpo), Listed([Seen(each) for each in every(MINUTE, DAY_5)], completed=hours))
    assert found.state is State.MISSED
    assert found.measured == Longest(
        timedelta(hours=2), timedelta(hours=1), window("2024-10-05T06:00Z", "2024-10-05T08:00Z"), 23
    )
