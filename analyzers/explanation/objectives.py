"""Explain an objective of the agreement over a period: when, and by what, its budget was spent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.buckets import buckets
from analyzers.explanation.counting import tallies
from analyzers.explanation.explaining import Advance, explain
from analyzers.explanation.model import Explanation
from analyzers.explanation.request import ExplainRequest, Tally
from analyzers.explanation.routes import RouteShare, routes_of
from analyzers.explanation.wording import short
from analyzers.fields import HTTP_ROUTE, RESPONSE_TIME, SERVICE_NAME
from analyzers.jobs.job import FAILED
from analyzers.numbers import percent
from analyzers.sla.budget import Spending
from analyzers.sla.contract.model import EVERY, Contract, Kind, Objective
from analyzers.sla.counting import REQUEST_KINDS, share_of, thresholds_of
from analyzers.sla.evidence import Evidence
from analyzers.sla.judgement import Longest, Share
from analyzers.sla.report import Entry
from analyzers.sla.scope import Scope
from analyzers.store.interface import Store
from analyzers.store.query import EVERYTHING, And, Calendar, CalendarUnit, Equals, Exists, Predicate, Range, Window

MOST_SLOTS: Final = 3
_DAY: Final = timedelta(hours=25)
_LOST: Final = "users, versions, networks, browsers, methods and examples"


@dataclass(frozen=True, slots=True)
class ObjectiveExplanation:
    """What an objective's budget was spent on.

    Attributes:
        entry: The objective, its period and how it fared.
        slots: The days or hours with the most that was bad, the worst first.
        hours: The worst hours of the worst day, where the slots are days.
        routes: The endpoints by the ledger, where raw events have expired; the most bad first.
        events: What the raw events say; ``None`` where there is none left, or the objective is not about requests.
        expired: How many of the requests that were counted have no raw event any more.
        sentences: All of it in short lines.
    """

    entry: Entry
    slots: tuple[Spending, ...]
    hours: tuple[Spending, ...]
    routes: tuple[RouteShare, ...]
    events: Explanation | None
    expired: int
    sentences: tuple[str, ...]


def explain_objective(
    stores: tuple[Store, Store | None], evidence: Evidence, entry: Entry, advance: Advance | None = None
) -> ObjectiveExplanation:
    """Explain how an objective fared.

    Raw events are asked where they are left. Where they have expired, the ledger is: it knows endpoints and minutes,
    and what it cannot tell is said.

    Args:
        stores: The raw events, and the ledger where there is one.
        evidence: What they show, as of the report's instant.
        entry: The objective over its period.
        advance: Is told how far it is.

    Raises:
        QueryError: When a question cannot be asked.
        StoreError: When a store cannot answer.
    """
    slots = _slots(entry)
    request = request_of(entry)
    if request is None:
        return ObjectiveExplanation(entry, slots, (), (), None, 0, (entry.sentence, *_slot_lines(entry, slots, ())))
    hours = _hours(evidence, entry, slots)
    counted = _counted(entry)
    raw, _ = tallies(stores[0], request, request.window, ())
    expired = max(0, counted.counted - raw.counted) if counted else 0
    routes = routes_of(stores, evidence, entry.scope, request, counted) if counted and expired else ()
    asked = replace(request, target=None) if expired else request  # a part of the requests judges nothing
    left = explain(stores[0], asked, advance=advance) if raw.counted else None
    lines = (entry.sentence, *_slot_lines(entry, slots, hours), *_lines(request, counted, routes, left, expired))
    return ObjectiveExplanation(entry, slots, hours, routes, left, expired, lines)


def request_of(entry: Entry) -> ExplainRequest | None:
    """Return what is asked of the raw events.

    For a share of requests that is its own judgement. For minutes, and for the longest outage, it is the failed
    requests of that time, which nothing was promised of; for backups it is nothing.
    """
    scope, objective = entry.scope, entry.scope.objective
    window = scope.elapsed
    if objective.kind is Kind.RTO and isinstance(entry.judgement.measured, Longest):
        window = entry.judgement.measured.window
    if window is None or objective.kind is Kind.RPO:
        return None
    shared = objective.kind in REQUEST_KINDS
    bad, counted = _meaning(objective)
    return ExplainRequest(
        window,
        bad,
        counted,
        target=objective.target if shared else None,
        strict=objective.kind is Kind.ERROR_RATE,
        stream=f"logs-web.request-{scope.contract.environment}",
        where=_where(scope.contract, objective),
        zone=scope.contract.zone,
        noun="slow requests" if objective.kind is Kind.LATENCY else "failed requests",
        excluded=_excluded(scope),
    )


def _meaning(objective: Objective) -> tuple[Predicate, Predicate]:
    if objective.kind is Kind.LATENCY:
        [threshold] = thresholds_of(objective)
        return Range(RESPONSE_TIME, gte=threshold / 1_000), Exists(RESPONSE_TIME)
    return FAILED, EVERYTHING


def _where(contract: Contract, objective: Objective) -> Predicate:
    parts: list[Predicate] = [] if contract.service == EVERY else [Equals(SERVICE_NAME, contract.service)]
    if objective.route is not None:
        parts.append(Equals(HTTP_ROUTE, objective.route))
    return And(tuple(parts))


def _excluded(scope: Scope) -> tuple[Window, ...]:
    """Return all time that the contract excludes for the objective: of the period, and of the weeks before it."""
    name = scope.objective.name
    return tuple(each.window for each in scope.contract.exclusions if not each.objectives or name in each.objectives)


def _counted(entry: Entry) -> Tally | None:
    """Return the requests that were judged; ``None`` where minutes or backups were."""
    measured = entry.judgement.measured
    if entry.scope.objective.kind not in REQUEST_KINDS or not isinstance(measured, Share):
        return None
    return Tally(measured.total, measured.bad)


def _slots(entry: Entry) -> tuple[Spending, ...]:
    spending = [slot.spending for slot in entry.budget.slots] if entry.budget else []
    return _worst(spending)


def _worst(spending: Sequence[Spending]) -> tuple[Spending, ...]:
    found = sorted((each for each in spending if each.bad), key=lambda each: (-each.bad, each.window.start))
    return tuple(found[:MOST_SLOTS])


def _hours(evidence: Evidence, entry: Entry, slots: Sequence[Spending]) -> tuple[Spending, ...]:
    """Return the worst hours of the worst day, by one question."""
    scope = entry.scope
    if not slots or scope.period.window.length <= _DAY or scope.objective.kind not in REQUEST_KINDS:
        return ()
    hours = buckets(Calendar(CalendarUnit.HOUR, scope.contract.zone), slots[0].window).values()
    pieces = [(hour, piece) for hour in hours for piece in scope.counting(hour)]
    windows = [piece for _, piece in pieces]
    counts = evidence.series(windows, scope.objective.route, thresholds_of(scope.objective))
    found: dict[Window, Spending] = {}
    for (hour, _), (_, each) in zip(pieces, counts, strict=True):
        share, before = share_of(scope.objective, each), found.get(hour, Spending(hour, 0, 0))
        found[hour] = Spending(hour, before.bad + share.bad, before.total + share.total)
    return _worst(list(found.values()))


def _slot_lines(entry: Entry, slots: Sequence[Spending], hours: Sequence[Spending]) -> list[str]:
    if not slots or entry.budget is None:
        return []
    zone, unit, spent = ZoneInfo(entry.scope.contract.zone), entry.budget.unit, entry.budget.spent
    form = "%a %Y-%m-%d" if entry.scope.period.window.length > _DAY else "%a %Y-%m-%d %H:%M"
    listed = ", ".join(_slot(each, form, zone, spent) for each in slots)
    lines = [f"bad {unit}s by time: {listed}"]
    if hours:
        worst = ", ".join(_slot(each, "%H:%M", zone, slots[0].bad) for each in hours)
        lines.append(f"on {slots[0].window.start.astimezone(zone):%a %Y-%m-%d} by the hour: {worst}")
    return lines


def _slot(spending: Spending, form: str, zone: ZoneInfo, of: int) -> str:
    return f"{spending.window.start.astimezone(zone):{form}} {spending.bad:,} ({percent(spending.bad, of)})"


def _lines(
    request: ExplainRequest,
    counted: Tally | None,
    routes: Sequence[RouteShare],
    events: Explanation | None,
    expired: int,
) -> list[str]:
    lines: list[str] = []
    if counted and expired:
        left = counted.counted - expired
        gone = "none is left" if not left else f"{left:,} of {counted.counted:,} requests are left"
        lines.append(f"raw events have expired, {gone}: {_LOST} of the others can no longer be told")
        lines += [_route(each, counted, request) for each in routes if each.stands_out]
        if not any(each.stands_out for each in routes):
            lines.append("spread evenly: no endpoint stands out")
    if events is not None:
        lines += events.sentences[1:] if not expired else [f"of what is left: {each}" for each in events.sentences]
    return lines


def _route(route: RouteShare, counted: Tally, request: ExplainRequest) -> str:
    name = f"endpoint {short(route.route)}"
    bad, traffic = percent(route.tally.bad, counted.bad), percent(route.tally.counted, counted.counted)
    left = route.without
    rate = percent(left.bad, left.counted) if left.counted else "nothing left"
    return (
        f"{name}: {route.tally.bad:,} of the {counted.bad:,} {request.noun} ({bad}) with {traffic} of the requests; "
        f"without it {route.state}: {rate} ({left.bad:,} of {left.counted:,})"
    )
