"""What clients do: in a window, and usually. Asked of a store by bounded queries, or of what was read before."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Final, Protocol

from analyzers.anomalies.scope import Scope
from analyzers.anomalies.source import bucket_of
from analyzers.fields import CLIENT_IP, STATUS_CODE
from analyzers.jobs.job import REQUESTS, count
from analyzers.sampling import STORED
from analyzers.store.interface import Store
from analyzers.store.query import (
    EVERYTHING,
    And,
    Calendar,
    CalendarUnit,
    DistinctCount,
    Equals,
    Exists,
    Field,
    In,
    NamedMeasure,
    Predicate,
    Query,
    Top,
    Window,
)
from analyzers.store.result import Row

URL_PATH: Final = "url.path"
CLIENT_NETWORK: Final = "client.network"
"""The label of findings about networks; not a stored field."""


_KEPT: Final = 6
"""So many answers about the days before are kept: one of each kind for two days."""


class Doing(StrEnum):
    """Which requests of clients are looked at."""

    ASKING = "asking"
    """All."""
    MISSING = "missing"
    """Those answered with 404."""
    REFUSED = "refused"
    """Those answered with 401 or 403."""

    @property
    def predicate(self) -> Predicate:
        """Which they are."""
        return _PREDICATES[self]


_PREDICATES: Final[Mapping[Doing, Predicate]] = {
    Doing.ASKING: EVERYTHING,
    Doing.MISSING: Equals(STATUS_CODE, 404),
    Doing.REFUSED: In(STATUS_CODE, (401, 403)),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """What a client sent.

    Attributes:
        requests: How many, weighted.
        documents: From how many documents that is known.
    """

    requests: int
    documents: int

    def __add__(self, other: Sent) -> Sent:
        return Sent(self.requests + other.requests, self.documents + other.documents)


Clients = Mapping[str, Sent]
"""Addresses to what they sent."""


class ClientSource(Protocol):
    """The clients of one scope, as counts."""

    @property
    def scope(self) -> Scope:
        """Whose events these are; those without a client's address count nowhere."""
        ...

    def busiest(self, doing: Doing, window: Window, most: int) -> Clients:
        """Return the clients with most requests of a window, at most so many; equal ones by their address."""
        ...

    def hours(self, doing: Doing, window: Window, most: int) -> Iterable[tuple[datetime, str, int]]:
        """Yield hour, address and requests of the busiest clients of a window of whole UTC days."""
        ...

    def paths(self, window: Window, client: str) -> int:
        """Return how many different paths of a client were answered with 404."""
        ...


class StoreClients:
    """Asks a store: one query for each call, and none for hours that were asked for before.

    Args:
        store: The store.
        scope: Whose events.
    """

    def __init__(self, store: Store, scope: Scope) -> None:
        self._store = store
        self._scope = scope
        self._hours: dict[tuple[Doing, Window, int], tuple[tuple[datetime, str, int], ...]] = {}

    @property
    def scope(self) -> Scope:
        """Whose events these are."""
        return self._scope

    def busiest(self, doing: Doing, window: Window, most: int) -> Clients:
        """Return the busiest clients of a window, by one query."""
        by, top = (Field(CLIENT_IP),), Top(most, REQUESTS.name)
        query = Query(self._scope.stream, window, (REQUESTS, STORED), by, self.where(doing), top)
        return {client_of(row): sent_of(row) for row in self._store.query(query).rows}

    def hours(self, doing: Doing, window: Window, most: int) -> Iterable[tuple[datetime, str, int]]:
        """Return the hours of the busiest clients of a window, by one query."""
        key = (doing, window, most)
        if key not in self._hours:
            by = (Calendar(CalendarUnit.HOUR, "UTC"), Field(CLIENT_IP))
            top = Top(most, REQUESTS.name)
            query = Query(self._scope.stream, window, (REQUESTS,), by, self.where(doing), top)
            rows = self._store.query(query).rows
            if len(self._hours) >= _KEPT:
                self._hours.clear()
            self._hours[key] = tuple((bucket_of(row), client_of(row), count(row, REQUESTS.name)) for row in rows)
        return self._hours[key]

    def paths(self, window: Window, client: str) -> int:
        """Return how many different paths of a client were answered with 404, by one query."""
        where = And((self.where(Doing.MISSING), Equals(CLIENT_IP, client)))
        measure = NamedMeasure("paths", DistinctCount(URL_PATH))
        return count(self._store.query(Query(self._scope.stream, window, (measure,), (), where)).rows[0], "paths")

    def where(self, doing: Doing) -> Predicate:
        """Return which events are looked at."""
        return And((self._scope.where, Exists(CLIENT_IP), doing.predicate))


def usual(source: ClientSource, doing: Doing, instant: datetime, usage: Usage) -> tuple[float, float]:
    """Return what a busy client, and what a busy network sends in an hour; 0 where there is none.

    It is the nearest-rank quantile over the hours, of the busiest clients of the whole UTC days before today, in which
    they sent anything.
    """
    midnight = instant.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    window = Window(midnight - timedelta(days=usage.days), midnight)
    clients: list[int] = []
    networks: Counter[tuple[datetime, str]] = Counter()
    for hour, client, requests in source.hours(doing, window, usage.clients):
        clients.append(requests)
        networks[hour, network_of(client, usage.prefixes)] += requests
    return _quantile(clients, usage.quantile), _quantile([*networks.values()], usage.quantile)


@dataclass(frozen=True, slots=True)
class Usage:
    """How usual behaviour is told.

    Attributes:
        days: Whole UTC days before today.
        clients: How many of the busiest clients.
        quantile: Which quantile of their hours.
        prefixes: The sizes of networks, of IPv4 and IPv6.
    """

    days: int
    clients: int
    quantile: float
    prefixes: tuple[int, int] = (24, 48)


def network_of(client: str, prefixes: tuple[int, int]) -> str:
    """Return the network of an address, e.g. ``203.0.113.0/24``."""
    address = ipaddress.ip_address(client)
    prefix = prefixes[0] if address.version == 4 else prefixes[1]  # noqa: PLR2004 - IPv4
    return str(ipaddress.ip_network((address, prefix), strict=False))


def client_of(row: Row) -> str:
    """Return the address of a row."""
    return str(row[CLIENT_IP])


def sent_of(row: Row) -> Sent:
    """Return what the client of a row sent."""
    return Sent(count(row, REQUESTS.name), count(row, STORED.name))


def _quantile(values: list[int], quantile: float) -> float:
    ordered = sorted(values)
    return ordered[max(0, ceil(quantile * len(ordered)) - 1)] if ordered else 0.0
