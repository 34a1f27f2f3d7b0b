"""How many queries an evaluation asks: a few, however many events and weeks there are."""

from __future__ import annotations

from datetime import timedelta

from analyzers.alerts.rules.detectors import anomaly_rule, flood_rule, scan_rule, silence_rule
from analyzers.anomalies import AnomalySettings, FloodSettings, ScanSettings, SilenceSettings
from analyzers.store.document import Document
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Query
from analyzers.store.result import Result
from tests.analyzers.anomalies.traffic import local, spread

HOUR = timedelta(hours=1)
NOW = local("2025-03-12T11:00")


class CountingStore(MemoryStore):
    """A store that counts what it is asked."""

    asked = 0

    def query(self, query: Query) -> Result:
        """Answer, and count."""
        self.asked += 1
        return super().query(query)


def history() -> list[Document]:
    """Return five weeks of an hour a day, and twenty clients in the last one."""
    found = [each for back in range(1, 36) for each in spread(NOW - timedelta(days=back) - HOUR, HOUR, 60)]
    for client in range(20):
        found += spread(NOW - HOUR / 12, HOUR / 12, 40, client=f"192.0.2.{client}", status=404, path="/{}")
    return found


def test_an_evaluation_asks_a_few_questions() -> None:
    """The weeks before and two windows; clients and their week; a scan's paths once for each client that may scan."""
    store = CountingStore(history())
    asked: dict[str, int] = {}
    for name, rule in {
        "anomaly": anomaly_rule("anomaly", AnomalySettings()),
        "silence": silence_rule("silence", SilenceSettings()),
        "flood": flood_rule("flood", FloodSettings()),
        "scan": scan_rule("scan", ScanSettings()),
    }.items():
        store.asked = 0
        rule(store, NOW, ())
        asked[name] = store.asked
    assert asked["anomaly"] == 3
    assert asked["silence"] <= 1 + len(SilenceSettings().windows)
    assert asked["flood"] == 2
    assert asked["scan"] == 2 + 1 + 20
