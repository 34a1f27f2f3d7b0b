"""Floods and scans: of single clients and of networks, against what busy clients do."""

from __future__ import annotations

from datetime import timedelta

from analyzers.anomalies import FloodSettings, ScanSettings
from analyzers.anomalies.clients import Doing, Sent, StoreClients, network_of
from analyzers.anomalies.floods import find_floods, find_scans
from analyzers.store.document import Document
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Window
from analyzers.thresholds import Severity
from tests.analyzers.anomalies.traffic import local, spread

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOW = local("2025-03-12T11:00")
BEFORE = NOW - 10 * MINUTE


def usual(an_hour: int, client: str = "192.0.2.7", status: int = 200) -> list[Document]:
    """Return two hours of each of the last seven days of one client."""
    found: list[Document] = []
    for back in range(1, 8):
        found += spread(NOW - timedelta(days=back), 2 * HOUR, 2 * an_hour, client=client, status=status)
    return found


def test_a_client_far_beyond_busy_ones_floods() -> None:
    """A busy client sends 100 an hour; 600 in ten minutes is above five times that, 400 is not."""
    flood = spread(BEFORE, 10 * MINUTE, 600, client="203.0.113.9")
    found = find_floods(StoreClients(MemoryStore([*usual(100), *flood]), FloodSettings().scope), FloodSettings(), NOW)
    assert [(each.labels, each.severity, each.events) for each in found] == [
        ({"client.ip": "203.0.113.9"}, Severity.WARNING, 600)
    ]
    assert "203.0.113.9 sent 600 requests; a busy one sends 100 in an hour, limit 500" in found[0].sentence
    fewer = MemoryStore([*usual(100), *flood[:400]])
    assert [
        each.severity for each in find_floods(StoreClients(fewer, FloodSettings().scope), FloodSettings(), NOW)
    ] == [Severity.OK]


def test_every_client_that_floods_is_named() -> None:
    """Of 150 that flood alike all are named, each time: one that is left out would be told as over."""
    addresses = [f"203.0.{number}.7" for number in range(150)]
    flood = [each for ip in addresses for each in spread(BEFORE, 10 * MINUTE, 5, client=ip, weight=61)]
    found = find_floods(StoreClients(MemoryStore(flood), FloodSettings().scope), FloodSettings(), NOW)
    assert sorted(each.labels["client.ip"] for each in found) == sorted(addresses)


def test_a_network_floods_though_none_of_its_clients_does() -> None:
    """Fifty addresses of one network with 20 requests each are 1,000 of the network."""
    flood = [each for host in range(50) for each in spread(BEFORE, 10 * MINUTE, 20, client=f"203.0.113.{host}")]
    found = find_floods(StoreClients(MemoryStore([*usual(60), *flood]), FloodSettings().scope), FloodSettings(), NOW)
    assert [(each.labels, each.observed) for each in found] == [({"client.network": "203.0.113.0/24"}, 1000)]


def test_networks_have_the_sizes_of_their_kind() -> None:
    """A /24 of IPv4, a /48 of IPv6."""
    assert network_of("203.0.113.200", (24, 48)) == "203.0.113.0/24"
    assert network_of("2001:db8:1:2::3", (24, 48)) == "2001:db8:1::/48"


def test_a_scanner_is_found_by_different_paths() -> None:
    """Thirty paths that do not exist are a scan; one path asked for thirty times is a broken link."""
    scan = spread(BEFORE, 5 * MINUTE, 30, client="203.0.113.9", status=404, path="/old/{}.php")
    link = spread(BEFORE, 5 * MINUTE, 30, client="203.0.113.8", status=404, path="/favicon.ico")
    found = find_scans(StoreClients(MemoryStore([*scan, *link]), ScanSettings().scope), ScanSettings(), NOW)
    assert [(each.labels, each.observed) for each in found] == [({"client.ip": "203.0.113.9"}, 30)]
    assert "tried 30 different paths that do not exist" in found[0].sentence


def test_refused_logins_are_a_scan_unless_a_client_is_always_refused() -> None:
    """Forty answers of 401 in ten minutes; a monitor that is refused 60 times an hour every day may be."""
    guesses = spread(BEFORE, 10 * MINUTE, 40, client="203.0.113.9", status=401)
    found = find_scans(StoreClients(MemoryStore(guesses), ScanSettings().scope), ScanSettings(), NOW)
    assert [each.labels for each in found] == [{"client.ip": "203.0.113.9"}]
    monitor = [*usual(60, "192.0.2.1", 403), *spread(BEFORE, 10 * MINUTE, 40, client="192.0.2.1", status=403)]
    quiet = find_scans(StoreClients(MemoryStore(monitor), ScanSettings().scope), ScanSettings(), NOW)
    assert [each.severity for each in quiet] == [Severity.OK]


def test_requests_without_addresses_are_unmeasured() -> None:
    """Where no request tells its client, nobody is said to behave."""
    nameless = MemoryStore(spread(BEFORE, 10 * MINUTE, 900))
    for found in (
        find_floods(StoreClients(nameless, FloodSettings().scope), FloodSettings(), NOW),
        find_scans(StoreClients(nameless, ScanSettings().scope), ScanSettings(), NOW),
    ):
        assert [each.severity for each in found] == [Severity.UNMEASURED]


def test_the_busiest_clients_are_ranked_by_weighted_requests() -> None:
    """Five documents of weight ten are more than thirty of their own."""
    store = MemoryStore(
        [
            *spread(BEFORE, MINUTE, 30, client="192.0.2.1"),
            *spread(BEFORE, MINUTE, 5, client="192.0.2.2", weight=10),
        ]
    )
    busiest = StoreClients(store, FloodSettings().scope)
    assert busiest.busiest(Doing.ASKING, Window(BEFORE, NOW), 1) == {"192.0.2.2": Sent(50, 5)}
