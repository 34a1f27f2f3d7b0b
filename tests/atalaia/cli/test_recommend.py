"""``atalaia recommend``: what is printed, for people and for programs, and the exit status."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from analyzers.recommendations import RULES
from analyzers.store.document import Document, JsonValue
from analyzers.store.open import open_store
from tests.atalaia.cli.conftest import NOW, Run

HOSTILE = 'SELECT t.a FROM t WHERE t."b\x1b[2J" = ?'
SLOW = "SELECT t.a FROM t WHERE t.b = ? AND t.kind = ?"


def statement(number: int, text: str) -> Document:
    """Return a slow statement of 3 s, some minutes before noon."""
    sql: dict[str, JsonValue] = {"system": "postgresql", "text": text, "operation": "SELECT", "duration": {"sec": 3.0}}
    at = NOW - timedelta(minutes=5 + number)
    return Document("logs-sql.query-production", f"{text}-{number}", {"@timestamp": at.isoformat(), "sql": sql})


@pytest.fixture
def slow(store: Path) -> Path:
    """Add 20 slow statements that want an index, and 20 whose text would command a terminal."""
    with open_store(str(store), writable=True) as opened:
        opened.append([statement(number, text) for text in (SLOW, HOSTILE) for number in range(20)])
    return store


def test_advice_for_people(slow: Path, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Verdict, title, evidence, gain, commands to copy as they are, and the page; nothing commands a terminal."""
    assert slow.is_dir()
    assert run("recommend", "--rule", "missing-index") == 1
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert lines[0].endswith("1 recommendation")
    assert '1. Index "t" on "b", "kind"  (missing-index)' in lines
    assert "1 shape of statements took 60.0 s, 50.00 % of the 120 s of all slow" in out
    assert '     CREATE INDEX CONCURRENTLY "ix_t_b_kind" ON "t" ("b", "kind");' in lines
    assert "   See: atalaia runbook slow-queries" in lines
    assert "a character that cannot be shown" in " ".join(out.split())
    assert "\x1b" not in out
    assert all(len(line) <= 80 for line in lines if not line.startswith("     "))


def test_advice_for_programs(slow: Path, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """The question, the advice with its commands, what could not be judged and with what to run, and remarks."""
    words = ("--window", "24h", "--where", "not endpoint = /x", "--format", "json")
    assert run("recommend", *words) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["query"] == {
        "since": "2024-01-14T12:00:00Z",
        "until": "2024-01-15T12:00:00Z",
        "tz": "UTC",
        "where": answer["query"]["where"],
        "rules": list(RULES),
        "store": str(slow),
    }
    (advice,) = answer["advice"]
    assert (advice["rule"], advice["title"]) == ("missing-index", 'Index "t" on "b", "kind"')
    assert advice["commands"][-1] == 'CREATE INDEX CONCURRENTLY "ix_t_b_kind" ON "t" ("b", "kind");'
    assert [each["rule"] for each in answer["remarks"]] == ["missing-index"]
    assert answer["unmeasured"]
    assert all(each["why"] and each["rule"] in RULES for each in answer["unmeasured"])


def test_nothing_measured_is_no_health(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Five requests tell nothing of the database: status 2, each reason once with what to run."""
    assert run("recommend") == 2
    out = " ".join(capsys.readouterr().out.split())
    assert out.startswith("? nothing could be judged")
    assert out.count("no PostgreSQL was sampled in this window") == 1
    assert "atalaia metrics run --directory /var/log/atalaia" in out


def test_a_rule_that_is_not_there(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Status 2, and the nearest name."""
    assert run("recommend", "--rule", "missing-indexes") == 2
    assert "did you mean missing-index?" in capsys.readouterr().err
