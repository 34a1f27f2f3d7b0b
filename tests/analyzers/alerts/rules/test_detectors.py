"""Detectors as rules: a signal for all that was judged, and for every alert that stands."""

from __future__ import annotations

from datetime import timedelta

from analyzers.alerts.rules.detectors import anomaly_rule, flood_rule, scan_rule, silence_rule
from analyzers.anomalies import (
    AnomalySettings,
    FloodSettings,
    Kind,
    ScanSettings,
    Scope,
    SilenceSettings,
)
from analyzers.store.memory.store import MemoryStore
from analyzers.thresholds import Severity
from tests.analyzers.anomalies.traffic import local, spread, weeks_before

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOW = local("2025-03-12T11:00")
SCOPE = Scope(zone="Europe/Lisbon")
FLOODER = {"client.ip": "203.0.113.9"}


def test_each_kind_of_anomaly_is_an_alert_of_its_own() -> None:
    """The rate is far too high, nothing fails, and there are too few weeks for drifts of the first days."""
    store = MemoryStore([each for then in weeks_before(NOW - HOUR, 4) for each in spread(then, HOUR, 100)])
    store.append(spread(NOW - HOUR, HOUR, 500))
    rule = anomaly_rule("unusual", AnomalySettings(kinds=(Kind.RATE, Kind.ERRORS), scope=SCOPE))
    signals = rule(store, NOW, ())
    assert [(each.rule, dict(each.labels), each.severity) for each in signals] == [
        ("unusual", {"measure": "rate"}, Severity.WARNING),
        ("unusual", {"measure": "errors"}, Severity.OK),
    ]
    assert (signals[0].value, signals[0].events) == (500, 500)
    assert signals[0].window.end == NOW
    assert 100 < signals[0].limits["warning"] < 500


def test_a_flood_that_is_over_resolves() -> None:
    """While it lasts the client is named; afterwards it is named again, because its alert stands, and is well."""
    rule = flood_rule("flood", FloodSettings())
    ordinary = spread(NOW - 20 * MINUTE, 20 * MINUTE, 40, client="192.0.2.1")
    flood = spread(NOW - 20 * MINUTE, 10 * MINUTE, 900, client=FLOODER["client.ip"])
    store = MemoryStore([*ordinary, *flood])
    during = rule(store, NOW - 10 * MINUTE, ())
    assert [(dict(each.labels), each.severity) for each in during] == [(FLOODER, Severity.WARNING)]
    after = rule(store, NOW, (FLOODER,))
    assert [(dict(each.labels), each.severity) for each in after] == [({}, Severity.OK), (FLOODER, Severity.OK)]
    assert after[1].message.startswith("no flood by 203.0.113.9 any more, in the 10 minutes to 2025-03-12 11:00:00 UTC")


def test_a_flood_that_nobody_can_see_any_more_does_not_resolve() -> None:
    """Absent data is never health: where no client is known at all, the standing alert is unmeasured."""
    signals = flood_rule("flood", FloodSettings())(MemoryStore(), NOW, (FLOODER,))
    assert [each.severity for each in signals] == [Severity.UNMEASURED, Severity.UNMEASURED]
    signals = scan_rule("scan", ScanSettings())(MemoryStore(), NOW, (FLOODER,))
    assert [each.severity for each in signals] == [Severity.UNMEASURED, Severity.UNMEASURED]


def test_a_client_that_scans_in_two_ways_is_one_alert() -> None:
    """Thirty wrong paths and eighty refused logins of one client: one signal, by the worse of the two."""
    store = MemoryStore(
        [
            *spread(NOW - 5 * MINUTE, MINUTE, 30, client="203.0.113.9", status=404, path="/{}"),
            *spread(NOW - 5 * MINUTE, MINUTE, 80, client="203.0.113.9", status=401),
        ]
    )
    signals = scan_rule("scan", ScanSettings())(store, NOW, ())
    assert [dict(each.labels) for each in signals] == [FLOODER]
    assert "was refused 80 times" in signals[0].message


def test_silence_is_one_alert() -> None:
    """A hundred an hour on every day before, and none now."""
    store = MemoryStore()
    for back in range(1, 29):
        store.append(spread(NOW - timedelta(days=back) - 2 * HOUR, 3 * HOUR, 300))
    rule = silence_rule("silent", SilenceSettings(scope=SCOPE))
    signals = rule(store, NOW, ())
    assert [(dict(each.labels), each.severity, each.value) for each in signals] == [({}, Severity.CRITICAL, 0)]
    store.append(spread(NOW - HOUR, HOUR, 100))
    assert [each.severity for each in rule(store, NOW, ({},))] == [Severity.OK]
