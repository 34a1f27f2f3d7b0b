"""``atalaia explain`` and ``atalaia queries`` on stores whose answers are known."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analyzers.store.document import Document, JsonValue
from analyzers.store.open import open_store
from atalaia.cli.main import main
from atalaia.cli.runtime import Runtime
from tests.atalaia.cli.conftest import Run

NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)


def documents() -> Iterator[Document]:
    """Yield 1,000 requests of the hour before noon: 55 of the 100 from one network fail, 20 of the others."""
    for number in range(1000):
        inside = number % 10 == 0
        failed = (inside and number < 550) or (not inside and number % 45 == 1)
        body: dict[str, JsonValue] = {
            "@timestamp": (NOON - timedelta(minutes=59) + timedelta(seconds=3 * number)).isoformat(),
            "http": {
                "route": f"/{number % 7}",
                "request": {"id": f"r{number}"},
                "response": {"status_code": 503 if failed else 200},
            },
            "client": {"ip": f"203.0.113.{1 + number % 250}" if inside else f"198.51.{number // 11}.{1 + number % 7}"},
            "response_time": 0.1,
            "error": {"message": "no connection\x1b[31m left"} if failed else {},
        }
        yield Document("logs-web.request-production", f"e{number}", body)
    sql: dict[str, JsonValue] = {"operation": "SELECT", "text": "SELECT a FROM t", "duration": {"sec": 1.5}}
    yield Document("logs-sql.query-production", "s1", {"@timestamp": "2026-03-12T11:30:00Z", "sql": sql})


@pytest.fixture
def explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line on those requests at noon."""
    path = tmp_path / "data"
    with open_store(str(path), writable=True) as opened:
        assert opened.append(list(documents())).rejected == ()
    for name in ("ATALAIA_TZ", "ATALAIA_ENVIRONMENT", "ATALAIA_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ATALAIA_STORE", str(path))
    return lambda *words: main(words, Runtime(clock=lambda: NOON))


def test_the_last_hour_is_explained(explained: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """The verdict, who spent it, the counterfactual, the numbers in 80 columns, examples, and the next command."""
    assert explained("explain") == 1
    out = capsys.readouterr().out
    lines = out.splitlines()
    bad = 55 + sum(1 for number in range(1000) if number % 10 and number % 45 == 1)
    assert lines[0] == f"✘ missed: {bad / 10:.2f} % failed requests ({bad} of 1,000), below 5 % wanted"
    assert any(line.strip().startswith("network 203.0.113.0/24: 55 of the") for line in lines)
    assert f"  without network 203.0.113.0/24 it would have been met: {100 * (bad - 55) / 900:.2f} %" in out
    assert "nothing is known of the same hours of the weeks before" in out
    table = [line for line in lines if line.startswith(("network", "all", "what", "──"))]
    assert max(map(len, table)) <= 80
    assert "request r" in out
    assert "\x1b" not in out  # what an application wrote does not command a terminal
    assert "SELECT: 1 slow statement took 1.50 s: SELECT a FROM t" in out


def test_the_next_command_can_be_pasted(explained: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """It runs as it is printed, and shows the 55 of 100."""
    explained("explain")
    line = capsys.readouterr().out.strip().splitlines()[-1]
    assert "--where 'client.ip = \"203.0.113.0/24\"'" in line or "--where 'client.ip = 203.0.113.0/24'" in line
    assert explained(*shlex.split(line)[1:]) == 1
    assert "(55 of 100 requests)" in capsys.readouterr().out


def test_json_says_the_same(explained: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """One object with every number, the filters in the filter language, and the command."""
    assert explained("explain", "--what", "availability", "--format", "json") == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["query"]["what"], found["query"]["target"], found["state"]) == ("availability", 0.999, "missed")
    (finding,) = found["findings"]
    assert finding["conditions"] == [{"name": "network", "value": "203.0.113.0/24"}]
    assert (finding["requests"], finding["bad"], finding["without"]["state"]) == (100, 55, "missed")
    assert [week["missing"] for week in found["weeks_before"]] == [True] * 4
    assert found["examples"][0]["message"] == "no connection\x1b[31m left"


def test_latency_has_a_threshold(explained: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing takes 2 s; from 0.1 s on everything is slow, and evenly so."""
    assert explained("explain", "--what", "latency") == 0
    assert "met: 0.00 % slow requests (0 of 1,000), at most 5 % promised" in capsys.readouterr().out
    assert explained("explain", "--what", "latency", "--threshold", "0.1") == 1
    assert "spread evenly" in capsys.readouterr().out


def test_mistakes_are_answered(explained: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """A threshold without latency; a window without any request."""
    assert explained("explain", "--threshold", "1") == 2
    assert "--what latency" in capsys.readouterr().err
    assert explained("explain", "--since", "2025-01-01", "--until", "2025-01-02") == 2
    assert "unmeasured: nothing was counted" in capsys.readouterr().out


def test_slow_statements_by_type(explained: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """One SELECT of 1.5 s; by browser they cannot be told apart."""
    assert explained("queries", "--by", "query_type") == 0
    assert ["SELECT", "1", "0", "1.50", "1.50", "1.50"] in map(str.split, capsys.readouterr().out.splitlines())
    assert explained("queries", "--by", "browser") == 2
    assert "requests have it" in capsys.readouterr().err
