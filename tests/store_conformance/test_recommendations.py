"""Recommendations are the same on every store, from a history in which the rules have much to say."""

from __future__ import annotations

import pytest

from analyzers.recommendations import RULES, recommend
from analyzers.store.document import Document
from analyzers.store.interface import Store
from analyzers.store.memory.store import MemoryStore
from tests.analyzers.recommendations.histories import SETTINGS, every_setting_events
from tests.analyzers.recommendations.told import HOUR, requests, statements
from tests.store_conformance.backends import BackendTest
from tests.store_conformance.telling import Told, differences

_ASKED = tuple(rule for rule in RULES.values() if rule.name != "log-retention")


@pytest.fixture
def events(stream: str) -> list[Document]:
    """Return a history in streams of an environment of its own."""
    few = requests(30, "/list", 1.0, db_queries=4, db_time=0.5)
    many = requests(10, "/list", 1.0, db_queries=40, db_time=0.5)
    read = "SELECT t.a FROM t WHERE t.b = ?"
    slow = statements(20, read, 1.5, sql__endpoint="/list", sql__rows=3, http__request__id="r1")
    environment = stream.rpartition("-")[2]
    found = [*every_setting_events(), *few, *many, *slow]
    return [Document(each.stream.replace("production", environment), each.id, each.body) for each in found]


def test_every_store_advises_the_same(store: Store, backend: BackendTest, stream: str, events: list[Document]) -> None:
    """Advice with its numbers, gaps and remarks, in the same order, as the store in memory has them."""
    assert store.append(events).stored == len(events)
    environment = stream.rpartition("-")[2]
    found, expected = (
        recommend(each, HOUR, environment=environment, rules=_ASKED) for each in (store, MemoryStore(events))
    )
    assert [each.rule for each in expected.advice].count("missing-index") == 1
    assert len(expected.advice) == len((*SETTINGS, "missing-index", "eager-loading"))
    loose = frozenset({"evidence", "gain", "title"})
    told, right = (Told("advice", each, loose, loose) for each in (found, expected))
    assert not list(differences(told, right, backend.percentile_error))
