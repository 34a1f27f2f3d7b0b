"""Rules of every kind over a past that is remembered: the signals of single checks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from analyzers.alerts.remembering import RememberingStore
from analyzers.store.open import open_store
from analyzers.store.query import Window
from benchmarks.anomalies.history import documents
from benchmarks.anomalies.incidents import Incident, Planted
from tests.analyzers.alerts.rules.written import written
from tests.analyzers.events import at

MINUTE = timedelta(minutes=1)
EXAMPLE = """
service = "osn-helpdesk"
environment = "production"
zone = "America/Sao_Paulo"
contract = "sla.toml"
[[rule]]
name = "errors"
kind = "threshold"
measure = "error_rate"
window = "15m"
[[rule]]
name = "slow"
kind = "threshold"
measure = "p95"
stream = "logs-web.request"
field = "response_time"
by = ["endpoint"]
above = { warning = 1.0 }
minimum_events = 5
[[rule]]
name = "budget"
kind = "burn_rate"
objective = "availability"
[[rule]]
name = "contract"
kind = "sla"
every = "6h"
[[rule]]
name = "unusual"
kind = "anomaly"
kinds = ["rate", "errors", "latency", "error-drift", "latency-drift"]
[[rule]]
name = "flood"
kind = "flood"
[[rule]]
name = "scan"
kind = "scan"
[[rule]]
name = "silence"
kind = "silence"
"""
CONTRACT = """
service = "osn-helpdesk"
environment = "production"
zone = "America/Sao_Paulo"
coverage = 0
[[objective]]
name = "availability"
kind = "availability"
target = 99.9
periods = ["month", "30d"]
[[objective]]
name = "uptime"
kind = "uptime"
target = 99
"""


def test_rules_of_every_kind_say_the_same_of_what_is_remembered(tmp_path: Path) -> None:
    """An outage, a flood and a scan after invented weeks: every signal, of the store and of one that remembers it."""
    (tmp_path / "sla.toml").write_text(CONTRACT, encoding="utf-8")
    file = written(tmp_path, EXAMPLE)
    spans = ((Incident.OUTAGE, 0, 60), (Incident.FLOOD, 100, 110), (Incident.SCAN, 140, 148))
    incidents = tuple(
        Planted(kind, Window(WEEKS_END + first * MINUTE, WEEKS_END + last * MINUTE)) for kind, first, last in spans
    )
    told = set[str]()
    with open_store(str(tmp_path / "weeks"), writable=True) as weeks, RememberingStore(weeks) as remembering:
        weeks.append(tuple(documents(WEEKS_END - timedelta(days=23), 24, 5, incidents)))
        for minute in (20, 45, 105, 110, 150):
            instant = WEEKS_END + minute * MINUTE
            for rule in file.rules:
                signals = rule.evaluate(weeks, instant, ())
                assert rule.evaluate(remembering, instant, ()) == signals
                told |= {rule.name for each in signals if each.severity.breached}
    assert told >= {"errors", "budget", "unusual", "flood", "scan"}


WEEKS_END = at("2025-02-26T15:00:00Z")
"""A Wednesday's noon."""
