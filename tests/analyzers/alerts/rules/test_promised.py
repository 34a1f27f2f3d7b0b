"""Rules about the contract: missed, nearly spent, unmeasured."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from analyzers.store.memory.store import MemoryStore
from analyzers.thresholds import Severity
from tests.analyzers.alerts.rules.written import NOW, said, written
from tests.analyzers.events import at, requests

CONTRACT = """
service = "ti-osn"
zone = "UTC"
coverage = 0
[[objective]]
name = "availability"
kind = "availability"
target = 99
periods = ["day", "month"]
expected_requests = 1000
"""
RULE = '[[rule]]\nname = "contract"\nkind = "sla"\nbudget_below = 30\nminimum_events = 50\n'


def judged(folder: Path, good: int, bad: int) -> Mapping[str, Severity]:
    """Return what is said of the day and of the month after some requests of this morning."""
    (folder / "sla.toml").write_text(CONTRACT, encoding="utf-8")
    file = written(folder, f'contract = "sla.toml"\n{RULE}')
    store = MemoryStore(requests(NOW - timedelta(hours=1), good, bad))
    found = said(store, file)
    assert {each.labels["objective"] for each in found} == {"availability"}
    return {each.labels["period"]: each.severity for each in found}


def test_a_running_period_is_judged_by_its_budget(tmp_path: Path) -> None:
    """1,000 expected requests may have 10 failed ones: 7 leave 3, which are 30 %; 8 are a warning, 11 too many.

    7 of 100 are more than 1 %, but both periods can still be met.
    """
    calm = judged(tmp_path, 93, 7)
    assert set(calm.values()) == {Severity.OK}
    assert set(judged(tmp_path, 92, 8).values()) == {Severity.WARNING}
    assert set(judged(tmp_path, 89, 11).values()) == {Severity.CRITICAL}


def test_few_requests_are_unmeasured(tmp_path: Path) -> None:
    """With 49 of 50 needed nothing is said; without any neither."""
    assert set(judged(tmp_path, 29, 20).values()) == {Severity.UNMEASURED}
    assert set(judged(tmp_path, 0, 0).values()) == {Severity.UNMEASURED}


def test_a_replay_knows_nothing_of_later_events(tmp_path: Path) -> None:
    """As of the minute before the failures all is well."""
    (tmp_path / "sla.toml").write_text(CONTRACT, encoding="utf-8")
    file = written(tmp_path, f'contract = "sla.toml"\n{RULE}')
    store = MemoryStore(requests(NOW - timedelta(hours=2), 100) + requests(NOW - timedelta(hours=1), 0, 100))
    before = said(store, file, instant=at("2024-01-15T09:29:00Z"))
    assert [(each.severity, each.events) for each in before] == [(Severity.OK, 100)] * 2
    assert {each.severity for each in said(store, file)} == {Severity.CRITICAL}


def test_a_rule_may_be_judged_once_a_day(tmp_path: Path) -> None:
    """As of the last midnight: the failures of 09:30 are told from the next one on, and not before."""
    (tmp_path / "sla.toml").write_text(CONTRACT.replace('"day", ', ""), encoding="utf-8")
    file = written(tmp_path, f'contract = "sla.toml"\n{RULE}every = "1d"\n')
    store = MemoryStore(requests(NOW - timedelta(days=1), 100) + requests(NOW - timedelta(hours=1), 0, 100))
    assert [(each.severity, each.events) for each in said(store, file, instant=NOW)] == [(Severity.OK, 100)]
    tomorrow = at("2024-01-16T00:00:00Z")
    assert [(each.severity, each.events) for each in said(store, file, instant=tomorrow)] == [(Severity.CRITICAL, 200)]
