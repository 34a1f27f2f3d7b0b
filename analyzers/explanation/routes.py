"""Endpoints by what the ledger and raw events show together: what can be told when raw events have expired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from analyzers.analysis import State
from analyzers.explanation.evidence import stands_out
from analyzers.explanation.request import ExplainRequest, Tally
from analyzers.fields import HTTP_ROUTE, SERVICE_NAME
from analyzers.sla.contract.model import EVERY
from analyzers.sla.counting import share_of, thresholds_of
from analyzers.sla.evidence import Evidence
from analyzers.sla.ledger.slices import BAD, KIND, TOTAL, SliceKind, slice_stream
from analyzers.sla.scope import Scope
from analyzers.store.interface import Store
from analyzers.store.query import (
    And,
    Count,
    Equals,
    Exists,
    Field,
    NamedMeasure,
    Predicate,
    Query,
    Sum,
    Top,
    Window,
)

MOST_ROUTES: Final = 20
"""Endpoints that are looked at: those with the most failures and the most requests in the ledger, or in raw events."""


@dataclass(frozen=True, slots=True)
class RouteShare:
    """An endpoint's part.

    Attributes:
        route: The endpoint.
        tally: Its requests.
        without: What is left of all without it.
        state: How that is judged.
        stands_out: Whether its part of the bad requests is beyond what chance gives.
    """

    route: str
    tally: Tally
    without: Tally
    state: State
    stands_out: bool


def routes_of(
    stores: tuple[Store, Store | None], evidence: Evidence, scope: Scope, request: ExplainRequest, counted: Tally
) -> tuple[RouteShare, ...]:
    """Return the endpoints of a period, the most bad requests first; nothing where the objective is about one.

    Args:
        stores: The raw events, and the ledger where there is one: they tell which endpoints there are.
        evidence: Counts them: one question for each.
        scope: The objective and its time.
        request: How the rest is judged.
        counted: All requests that were judged.
    """
    if scope.objective.route is not None or scope.elapsed is None:
        return ()
    names = _names(stores, scope, scope.elapsed, request)
    found = [_share(evidence, scope, name, request, counted, len(names)) for name in names]
    return tuple(sorted((each for each in found if each.tally.bad), key=lambda each: (-each.tally.bad, each.route)))


def _share(
    evidence: Evidence, scope: Scope, route: str, request: ExplainRequest, counted: Tally, looked_at: int
) -> RouteShare:
    share = share_of(scope.objective, evidence.counts(scope.windows, route, thresholds_of(scope.objective)))
    tally = Tally(share.total, share.bad)
    without = counted.without(tally)
    return RouteShare(route, tally, without, request.judge(without), stands_out(tally, counted, looked_at))


def _names(
    stores: tuple[Store, Store | None], scope: Scope, window: Window, request: ExplainRequest
) -> tuple[str, ...]:
    store, ledger = stores
    contract = scope.contract
    found = _top(store, request.stream, window, NamedMeasure("rank", Count()), request.where)
    if ledger is not None:
        kind = Equals(KIND, SliceKind.REQUESTS.value)
        where = kind if contract.service == EVERY else And((kind, Equals(SERVICE_NAME, contract.service)))
        for field in (BAD, TOTAL):
            found += _top(ledger, slice_stream(contract.environment), window, NamedMeasure("rank", Sum(field)), where)
    return tuple(dict.fromkeys(found))


def _top(store: Store, stream: str, window: Window, measure: NamedMeasure, where: Predicate) -> list[str]:
    top = Top(MOST_ROUTES, measure.name)
    wanted = And((where, Exists(HTTP_ROUTE)))
    rows = store.query(Query(stream, window, (measure,), (Field(HTTP_ROUTE),), wanted, top)).rows
    return [str(row[HTTP_ROUTE]) for row in rows]
