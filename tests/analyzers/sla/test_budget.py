"""Error budgets: sized once, spent step by step, never regained."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.sla.budget import Basis, Budget, Sized
from analyzers.sla.contract.model import Contract, Exclusion, Outage
from analyzers.sla.contract.periods import named_period
from analyzers.sla.judging import budget
from analyzers.sla.scope import scope_of
from tests.analyzers.sla.contracts import AVAILABILITY, MONTH, UPTIME, contract, in_force_from, utc, window
from tests.analyzers.sla.listed_evidence import Listed, Seen, every

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TODAY = window("2024-10-05T00:00Z", "2024-10-06T00:00Z")


def spread(count: int, start: str, status: int = 200) -> list[Seen]:
    """Return requests a minute apart."""
    return [Seen(utc(start) + place * MINUTE, status) for place in range(count)]


YESTERDAY = spread(100, "2024-10-04T10:00Z")


def budgeted(made: Contract, seen: list[Seen], as_of: str, period: str = "2024-10-05") -> Budget:
    """Return the budget of a contract's first objective."""
    scope = scope_of(made, made.objectives[0], named_period(period, made.zone), utc(as_of))
    found = budget(Listed(seen), scope)
    assert found is not None
    return found


def test_a_budget_is_sized_by_the_day_before() -> None:
    """10 % of yesterday's 100 requests may fail, however many there are today; 3 failed."""
    seen = [*YESTERDAY, *spread(2, "2024-10-05T01:10Z", 500), *spread(1, "2024-10-05T03:00Z", 503)]
    found = budgeted(contract(AVAILABILITY), seen, "2024-10-05T04:00Z")
    assert found.sized == Sized(Basis.BEFORE, 100, "4 October 2024", provisional=False)
    assert (found.size, found.spent, found.remaining) == (10, 3, 7)
    assert [(each.spending.bad, each.remaining) for each in found.slots] == [(0, 10), (2, 8), (0, 8), (1, 7)]
    assert found.words == "budget of 10 requests (sized by the 100 requests of 4 October 2024): 3 spent, 7 left"


def test_met_and_missed_go_by_the_actual_total() -> None:
    """Sized by yesterday 10 may fail, but of today's 4 requests none may: both numbers are there."""
    found = budgeted(contract(AVAILABILITY), [*YESTERDAY, *spread(4, "2024-10-05T01:00Z", 500)], "2024-10-06T02:00Z")
    assert (found.size, found.allowed, found.remaining) == (10, 0, 6)


def test_without_a_day_before_the_contract_says_what_is_expected() -> None:
    """1,000 expected requests allow 100 failures."""
    made = contract(replace(AVAILABILITY, expected_requests=1000))
    found = budgeted(made, spread(5, "2024-10-05T01:00Z", 500), "2024-10-05T04:00Z")
    assert found.sized == Sized(Basis.EXPECTED, 1000, None, provisional=False)
    assert (found.size, found.remaining) == (100, 95)


def test_without_either_the_budget_is_provisional() -> None:
    """20 requests so far allow 2 failures; once the day is over and settled that is final."""
    seen = spread(20, "2024-10-05T01:00Z")
    found = budgeted(contract(AVAILABILITY), seen, "2024-10-05T04:00Z")
    assert (found.sized, found.size) == (Sized(Basis.SO_FAR, 20, "5 October 2024", provisional=True), 2)
    assert "sized by its own 20 requests, provisional" in found.words
    assert not budgeted(contract(AVAILABILITY), seen, "2024-10-06T01:00Z").sized.provisional


def test_a_budget_without_requests_is_unmeasured() -> None:
    """Neither yesterday nor today has any: there is no budget that could be whole or spent."""
    found = budgeted(contract(AVAILABILITY), [], "2024-10-05T04:00Z")
    assert not found.is_measured
    assert found.words == "budget unmeasured: there are no requests to size it by"


def test_a_budget_is_provisional_until_the_day_before_is_settled() -> None:
    """Within the hour of lateness after midnight, yesterday's last requests may still come."""
    assert budgeted(contract(AVAILABILITY), YESTERDAY, "2024-10-05T00:59Z").sized.provisional
    assert not budgeted(contract(AVAILABILITY), YESTERDAY, "2024-10-05T01:00Z").sized.provisional


def test_a_day_before_the_contract_or_hardly_measured_sizes_nothing() -> None:
    """In force since yesterday's 51st request, or with 95 % coverage demanded: that is no measure of a day."""
    made = replace(contract(replace(AVAILABILITY, expected_requests=50)))
    for each in (in_force_from(made, "2024-10-04T10:50Z"), replace(made, coverage=Fraction(95, 100))):
        assert budgeted(each, YESTERDAY, "2024-10-05T04:00Z").sized.basis is Basis.EXPECTED


def test_when_it_was_overspent_and_when_it_will_be_spent() -> None:
    """5 of 10 spent in 5 hours: the rest lasts 5 more. At a rate that lasts beyond the day nothing is projected."""
    fast = [*YESTERDAY, *spread(5, "2024-10-05T01:00Z", 500)]
    found = budgeted(contract(AVAILABILITY), fast, "2024-10-05T05:00Z")
    assert (found.overspent, found.projected) == (None, utc("2024-10-05T10:00Z"))
    slow = [*YESTERDAY, *spread(1, "2024-10-05T01:00Z", 500)]
    assert budgeted(contract(AVAILABILITY), slow, "2024-10-05T05:00Z").projected is None
    even = budgeted(contract(AVAILABILITY), [*YESTERDAY, *spread(10, "2024-10-05T01:00Z", 500)], "2024-10-05T05:00Z")
    assert (even.remaining, even.overspent, even.projected) == (0, None, None)
    gone = [*YESTERDAY, *spread(11, "2024-10-05T01:55Z", 500)]
    spent = budgeted(contract(AVAILABILITY), gone, "2024-10-05T05:00Z")
    assert spent.overspent is not None
    assert (spent.overspent.spending.window.start, spent.remaining) == (utc("2024-10-05T02:00Z"), -1)
    assert spent.projected is None


def test_excluded_hours_spend_nothing() -> None:
    """Ten failures, half of them in maintenance: 5 spent; the slot around it keeps its own."""
    night = Exclusion(window("2024-10-05T01:05Z", "2024-10-05T02:00Z"), "move", "Ana")
    seen = [*YESTERDAY, *spread(10, "2024-10-05T01:00Z", 500)]
    found = budgeted(contract(AVAILABILITY, exclusions=(night,)), seen, "2024-10-05T03:00Z")
    assert [each.spending.bad for each in found.slots] == [0, 5, 0]


def test_a_months_slots_are_days_of_the_zone() -> None:
    """São Paulo's November 2018 begins at 03:00 UTC; its fourth day has 23 hours."""
    made = contract(replace(AVAILABILITY, periods=(MONTH,)), zone="America/Sao_Paulo")
    failed = [Seen(utc("2018-11-04T02:59Z"), 500), Seen(utc("2018-11-04T03:00Z"), 500)]
    found = budgeted(made, failed, "2018-12-01T03:00Z", "2018-11")
    assert len(found.slots) == 30
    assert [each.spending.window.length // HOUR for each in found.slots[2:5]] == [24, 23, 24]
    assert [each.spending.bad for each in found.slots[2:5]] == [1, 1, 0]


def test_uptime_has_minutes_to_spend() -> None:
    """1 % of a day of 1440 minutes less 60 excluded is 13 minutes; a declared outage of 20 is 7 over."""
    made = contract(
        UPTIME,
        outages=(Outage(window("2024-10-05T02:50Z", "2024-10-05T03:10Z"), "power", "Rui"),),
        exclusions=(Exclusion(window("2024-10-05T20:00Z", "2024-10-05T21:00Z"), "move", "Ana"),),
    )
    seen = [Seen(each) for each in every(MINUTE, TODAY)]
    found = budgeted(made, seen, "2024-10-05T04:00Z")
    assert (found.unit, found.sized) == (
        "minute",
        Sized(Basis.MINUTES, 1380, "5 October 2024", provisional=False),
    )
    assert (found.size, found.spent, found.remaining) == (13, 20, -7)
    assert [(each.spending.bad, each.spending.total, each.settled) for each in found.slots] == [
        (0, 60, True),
        (0, 60, True),
        (10, 60, True),
        (10, 60, False),
    ]


_START = TODAY.start - timedelta(days=1)
_REQUESTS = st.lists(
    st.builds(
        lambda minute, failed, delay: (Seen(_START + minute * MINUTE, 500 if failed else 200), delay),
        st.integers(0, 2 * 1440 - 1),
        st.booleans(),
        st.integers(0, 60),
    ),
    max_size=60,
)


def _known(arrivals: list[tuple[Seen, int]], as_of: datetime) -> Listed:
    """Return what has happened and arrived by an instant; a delay is in minutes, at most the lateness."""
    return Listed([each for each, delay in arrivals if each.at < as_of and each.at + delay * MINUTE <= as_of])


@settings(max_examples=300, deadline=None)
@given(_REQUESTS, st.integers(60, 3000), st.integers(0, 1500), st.none() | st.just(100))
def test_a_burn_down_never_rises_by_itself(
    arrivals: list[tuple[Seen, int]], first: int, later: int, expected: int | None
) -> None:
    """However late requests come within the lateness: no slot is above the one before, nor above what it was.

    The budget is fixed from an hour after midnight on, unless it is marked as provisional.
    """
    made = contract(replace(AVAILABILITY, expected_requests=expected))
    found = []
    for minutes in (first, first + later):
        as_of = TODAY.start + minutes * MINUTE
        scope = scope_of(made, AVAILABILITY, named_period("2024-10-05", "UTC"), as_of)
        scope = replace(scope, objective=made.objectives[0])
        each = budget(_known(arrivals, as_of), scope)
        assert each is not None
        remaining = [each.size, *(slot.remaining for slot in each.slots)]
        assert remaining == sorted(remaining, reverse=True)
        found.append(each)
    before, after = found
    if before.sized.provisional:
        assert before.sized.basis is Basis.SO_FAR
        return
    assert after.size == before.size
    for old, new in zip(before.slots, after.slots, strict=False):
        assert new.spending.window.start == old.spending.window.start
        assert new.remaining <= old.remaining
        assert not old.settled or new.remaining == old.remaining
