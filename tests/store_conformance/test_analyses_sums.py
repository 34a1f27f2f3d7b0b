"""The sums of the analyses, by an independent count in plain Python over the list of generated events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from ipaddress import ip_address, ip_network
from math import ceil

import pytest

from analyzers.analysis import Analysis
from analyzers.sla.contract.model import Kind
from analyzers.sla.judgement import Share
from analyzers.sla.report import Entry, sla_report
from analyzers.sla.report_json import report_document
from analyzers.store.query import BUCKET, Window
from tests.store_conformance.places import Place
from tests.store_conformance.selections import UNITS, run, selection, whole
from tests.store_conformance.traffic import Hit

KEYS: Mapping[str, Callable[[Hit], object]] = {
    "endpoint": lambda hit: hit.route,
    "user": lambda hit: hit.user,
    "status": lambda hit: hit.status,
    "status_class": lambda hit: None if hit.status is None else f"{hit.status // 100}xx",
    "browser": lambda hit: hit.browser,
    "os": lambda hit: hit.system,
    "version": lambda hit: hit.version,
    "network": lambda hit: network(hit.address),
    "client": lambda hit: hit.address,
    "method": lambda hit: hit.method,
}


def network(address: str | None) -> str | None:
    """Return the /24 or the /48 of an address."""
    if address is None:
        return None
    size = 24 if ip_address(address).version == 4 else 48
    return str(ip_network(f"{address}/{size}", strict=False))


def bucket(unit: str, local: datetime) -> tuple[object, ...]:
    """Return what tells a bucket of the zone's calendar from others: a minute by its offset too."""
    year, week, _ = local.isocalendar()
    return {
        "minute": (local.replace(second=0, microsecond=0, tzinfo=None), local.utcoffset()),
        "hour": (hour_of(local),),
        "day": (local.date(),),
        "week": (year, week),
        "month": (local.year, local.month),
        "quarter": (local.year, (local.month - 1) // 3),
        "year": (local.year,),
    }[unit]


def hour_of(local: datetime) -> datetime:
    """Return the last instant at which the local clock read a whole hour."""
    instant = local.astimezone(UTC).replace(second=0, microsecond=0)
    while instant.astimezone(local.tzinfo).minute:
        instant -= timedelta(minutes=1)
    return instant


def failed(hit: Hit) -> bool:
    """Whether a request is an error."""
    return hit.status is not None and hit.status >= 500


def within(place: Place, window: Window) -> list[Hit]:
    """Return the requests of a window."""
    return [each for each in place.hits if window.start <= each.at < window.end]


def tally(hits: Iterable[Hit], key: Callable[[Hit], object]) -> tuple[Counter[object], Counter[object]]:
    """Return how many requests there are, and how many failed ones, by a key; weighted."""
    total, errors = Counter[object](), Counter[object]()
    for each in hits:
        total[key(each)] += each.weight
        errors[key(each)] += each.weight * failed(each)
    return total, errors


def numbers(found: Analysis, name: str) -> list[int]:
    """Return a count of every row and of the rest."""
    values = [row[name] for row in (*found.rows, *found.rest)]
    assert all(isinstance(each, int) for each in values)
    return [each for each in values if isinstance(each, int)]


@pytest.mark.parametrize("unit", UNITS)
def test_buckets_are_those_of_the_zone_and_sum_to_the_whole(held: Place, unit: str) -> None:
    """Every bucket has the events that the zone's clock puts there, a repeated hour twice, a day of 23 or 25 hours."""
    found, hits = run(held, "errors", selection(held, "errors", (), every=unit)), within(held, whole(held.scene))
    total, errors = tally(hits, lambda hit: bucket(unit, held.scene.local(hit.at)))
    starts = [row[BUCKET] for row in found.rows]
    assert all(isinstance(each, datetime) for each in starts)
    keys = [bucket(unit, held.scene.local(each)) for each in starts if isinstance(each, datetime)]
    assert len(set(keys)) == len(keys)
    assert dict(zip(keys, numbers(found, "requests"), strict=True)) == total
    assert dict(zip(keys, numbers(found, "errors"), strict=True)) == {key: errors[key] for key in total}
    assert sum(numbers(found, "requests")) == sum(each.weight for each in hits)


@pytest.mark.parametrize("name", KEYS)
def test_groups_are_complete_and_top_and_rest_are_the_whole(held: Place, name: str) -> None:
    """Each group has its events, absent values are a group of their own, and the rest has all that is not shown."""
    total, errors = tally(within(held, whole(held.scene)), KEYS[name])
    grouped = run(held, "errors", selection(held, "errors", (name,)))
    column = grouped.columns[0].name
    assert {row[column]: (row["requests"], row["errors"]) for row in grouped.rows} == {
        key: (total[key], errors[key]) for key in total
    }
    topped = run(held, "errors", selection(held, "errors", (name,), top=1, rank="requests"))
    assert numbers(topped, "requests")[0] == max(total.values())
    assert sum(numbers(topped, "requests")) == sum(total.values())
    assert sum(numbers(topped, "errors")) == sum(errors.values())
    assert topped.others == len(total) - 1


def test_percentiles_are_nearest_rank(held: Place) -> None:
    """Of every endpoint: the value at the rank among all values, each as often as its weight says."""
    found = run(held, "latency", selection(held, "latency", ("endpoint",)))
    for row in found.rows:
        hits = [each for each in within(held, whole(held.scene)) if each.route == row["http.route"]]
        values = sorted(each.seconds for each in hits for _ in range(each.weight) if each.seconds is not None)
        assert row["measured"] == len(values)
        for percent in (50, 95, 99):
            right = values[ceil(Fraction(percent, 100) * len(values)) - 1]
            assert row[f"p{percent}"] == pytest.approx(right, rel=held.error, abs=0)


def test_rates_are_of_elapsed_time(held: Place) -> None:
    """A day of 23 or 25 hours has so many seconds; the first day of the window only those inside it."""
    window = whole(held.scene)
    found = run(held, "throughput", selection(held, "throughput", (), every="day"))
    starts = [row[BUCKET] for row in found.rows]
    for start, row in zip(starts, found.rows, strict=True):
        assert isinstance(start, datetime)
        assert isinstance(row["requests"], int)
        # The next midnight by the wall clock; a day that lacks its own begins later.
        following = (start + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        first, last = max(start.astimezone(UTC), window.start), min(following.astimezone(UTC), window.end)
        assert row["requests_per_second"] == row["requests"] / (last - first).total_seconds()


def test_good_and_bad_are_all(held: Place) -> None:
    """By each objective that is built in, over every day: good and total are counted one by one."""
    found = run(held, "sla judge", selection(held, "sla judge", (), every="day"))
    hits = within(held, whole(held.scene))
    timed = [each for each in hits if each.seconds is not None]
    right = {
        "availability": (hits, [each for each in hits if not failed(each)]),
        "latency": (timed, [each for each in timed if each.seconds is not None and each.seconds < 2]),
    }
    for name, (counted, good) in right.items():
        rows = [row for row in found.rows if row["objective"] == name]
        assert rows, name
        for column, chosen in (("total", counted), ("good", good)):
            total, _ = tally(chosen, lambda hit: held.scene.local(hit.at).date())
            days = [row[BUCKET] for row in rows]
            by_day = dict(zip([each.date() for each in days if isinstance(each, datetime)], rows, strict=True))
            assert {day: row[column] for day, row in by_day.items()} == {day: total[day] for day in by_day}


def test_objectives_are_judged_by_exact_counts(held: Place) -> None:
    """Shares of requests, without the excluded time, by raw events and by the ledger with the raw tail.

    What is left of the ledger and its raw tail is what raw events alone say, but for where it comes from.
    """
    judged = {
        name: sla_report(held.contract, held.evidences[name], held.scene.now) for name in ("raw", "restated", "ledger")
    }
    asked = [each for each in judged["raw"].entries if isinstance(each.judgement.measured, Share)]
    assert {each.scope.objective.kind for each in asked} == {
        Kind.AVAILABILITY, Kind.LATENCY, Kind.ERROR_RATE, Kind.UPTIME,
    }  # fmt: skip
    for entry in asked:
        if entry.scope.objective.kind is not Kind.UPTIME:
            check_share(held, entry)
    raw, restated = (without_origin(report_document(judged[name])) for name in ("raw", "restated"))
    assert raw == restated
    assert all(each.provenance is not None and each.provenance.sealed for each in judged["restated"].entries[:1])


def check_share(held: Place, entry: Entry) -> None:
    """Fail unless a share of requests, and the sum of its burn-down, are those of the list."""
    objective, elapsed, share = entry.scope.objective, entry.scope.elapsed, entry.judgement.measured
    assert elapsed is not None
    assert isinstance(share, Share)
    left_out = [
        each.window for each in held.contract.exclusions if objective.name in (each.objectives or (objective.name,))
    ]
    hits = [
        each
        for each in within(held, elapsed)
        if each.mine
        and objective.route in {None, each.route}
        and not any(out.start <= each.at < out.end for out in left_out)
    ]
    bad = [each for each in hits if failed(each)]
    if objective.kind is Kind.LATENCY:
        hits = [each for each in hits if each.seconds is not None]
        bad = [each for each in hits if (each.seconds or 0) >= 2]
    assert (share.total, share.bad) == (weights(hits), weights(bad)), objective.name
    assert share.good + share.bad == share.total
    if entry.budget is not None:
        spent = [each.spending for each in entry.budget.slots]
        assert (sum(each.total for each in spent), sum(each.bad for each in spent)) == (share.total, share.bad)


def weights(hits: Sequence[Hit]) -> int:
    """Return how many requests some stand for."""
    return sum(each.weight for each in hits)


def without_origin(value: object) -> object:
    """Return a report without what it says of where its numbers come from."""
    if isinstance(value, dict):
        return {name: without_origin(each) for name, each in value.items() if not name.startswith("provenance")}
    return [without_origin(each) for each in value] if isinstance(value, list) else value
