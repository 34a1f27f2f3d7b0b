"""All rules together, on the real embedded store too, and which rules there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.recommendations import RULES, recommend, rules_named
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Equals, QueryError
from tests.analyzers.recommendations.histories import every_setting_events
from tests.analyzers.recommendations.told import HOUR, advised, requests, said, statements, titles


def test_both_stores_say_the_same(tmp_path: Path) -> None:
    """Advice, gaps and remarks of the embedded store are those of the store in memory, but for its own size."""
    few = requests(30, "/list", 1.0, db_queries=4, db_time=0.5)
    many = requests(10, "/list", 1.0, db_queries=40, db_time=0.5)
    slow = statements(20, "SELECT t.a FROM t WHERE t.b = ?", 1.5, sql__endpoint="/list")
    events = [*every_setting_events(), *few, *many, *slow]
    rules = tuple(rule for rule in RULES.values() if rule.name != "log-retention")
    with EmbeddedStore(tmp_path / "data", writable=True) as store:
        assert store.append(events).stored == len(events)
        assert recommend(store, HOUR, rules=rules) == recommend(MemoryStore(events), HOUR, rules=rules)


def test_an_empty_store_is_all_unmeasured() -> None:
    """Every rule says that it could not judge; none says that all is well."""
    found = recommend(MemoryStore([]), HOUR)
    assert found.advice == ()
    assert {each.rule for each in found.unmeasured} == set(RULES)
    assert found.rules == tuple(RULES)


def test_a_condition_that_requests_do_not_know_is_refused() -> None:
    """A field of another stream cannot choose requests."""
    with pytest.raises(QueryError, match="no field"):
        recommend(MemoryStore([]), HOUR, where=Equals("sql.text", "x"))


def test_a_condition_that_statements_do_not_know_leaves_their_rule_unmeasured() -> None:
    """A slow statement does not know its request's status: the rule says so, the others are judged."""
    few = requests(30, "/list", 1.0, db_queries=4, db_time=0.5, http__response__status_code=500)
    many = requests(10, "/list", 1.0, db_queries=40, db_time=0.5, http__response__status_code=500)
    events = [*few, *many, *statements(20, "SELECT t.a FROM t WHERE t.b = ?", 1.5)]
    failed = Equals("http.response.status_code", 500)
    found = advised(events, "missing-index", "eager-loading", where=failed)
    assert titles(found.advice) == ["Load the rows of /list together"]
    assert [said(each.why) for each in found.unmeasured] == [
        "slow statements do not know what the requests are chosen by"
    ]


def test_a_rule_that_is_not_there_is_refused() -> None:
    """The nearest one is suggested."""
    with pytest.raises(QueryError, match="no rule 'missing-idx'") as caught:
        rules_named(["missing-idx"])
    assert "missing-index" in caught.value.remedy
    assert [rule.name for rule in rules_named(["work-mem", "missing-index"])] == ["missing-index", "work-mem"]
