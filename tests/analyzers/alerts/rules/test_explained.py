"""Breaches carry what lies behind them; calm costs no question."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from analyzers.store.document import Document
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Query
from analyzers.store.result import Result
from tests.analyzers.alerts.rules.written import NOW, said, written
from tests.analyzers.events import request

MINUTE = timedelta(minutes=1)
RULES = """
[[rule]]
name = "errors"
kind = "threshold"
measure = "error_rate"
[[rule]]
name = "times"
kind = "threshold"
measure = "response_time"
[[rule]]
name = "budget"
kind = "burn_rate"
target = 99.9
"""


class Counting(MemoryStore):
    """A store that remembers how often it was asked."""

    def __init__(self, documents: Iterable[Document]) -> None:
        super().__init__(documents)
        self.asked = 0

    def query(self, query: Query) -> Result:
        """Answer, and count."""
        self.asked += 1
        return super().query(query)


def traffic(*, bad: bool) -> list[Document]:
    """Return 300 requests of three routes; one of them fails, slowly, when it is bad."""
    events = [request(NOW - MINUTE, route=route) for route in ("/a", "/b") for _ in range(100)]
    return events + [request(NOW - MINUTE, 500 if bad else 200, 9.0 if bad else 0.1, "/reports") for _ in range(100)]


def test_a_breach_names_the_route_and_some_requests(tmp_path: Path) -> None:
    """All failures are of one route: error rate, response time and burn rate say so, with ids to look at."""
    found = said(MemoryStore(traffic(bad=True)), written(tmp_path, RULES))
    assert [each.severity.value for each in found] == ["critical"] * 3
    for signal in found:
        assert "/reports" in " ".join(signal.explanation)
        assert signal.explanation[-1].startswith("for example: event-")


def test_calm_is_not_explained(tmp_path: Path) -> None:
    """One question for each threshold and at most eight for four pairs of windows; no further ones."""
    store = Counting(traffic(bad=False))
    found = said(store, written(tmp_path, RULES))
    assert [(each.severity.value, each.explanation) for each in found] == [("ok", ())] * 3
    assert store.asked <= 1 + 1 + 8
