"""``atalaia alerts rules``: the file checked, said in words, and tried once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.atalaia.cli.conftest import Run

RULES = """
[defaults]
minimum_events = 1
[[rule]]
name = "failures"
kind = "threshold"
measure = "error_rate"
window = "6h"
confidence = false
[[rule]]
name = "not-found"
kind = "threshold"
measure = "share"
stream = "logs-web.request"
of = "status_code = 404"
above = { warning = 50 }
window = "6h"
[[silence]]
from = 2024-01-15T00:00:00Z
to = 2024-01-16T00:00:00Z
rules = ["failures"]
reason = "known"
by = "Ana"
[[channel]]
type = "console"
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A file of two rules, one of them silenced."""
    path = tmp_path / "alerts.toml"
    path.write_text(RULES, encoding="utf-8")
    return path


def test_a_right_file_is_said_in_words(run: Run, rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is asked of any store: it may not even be there."""
    assert run("alerts", "rules", "--rules", str(rules), "--store", "/nowhere") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "2 rules, profile production, zone UTC, channels: console" in out
    assert "share of status_code = 404 over 6 hours of logs-web.request-*: warning at or above 50 %" in out
    assert "nobody is told: silence from 2024-01-15 00:00:00 to 2024-01-16 00:00:00 UTC: rules failures" in out


def test_trying_says_what_would_be_told(run: Run, rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One of five requests failed: critical, and silenced; one of five was not found, which is fine."""
    assert run("alerts", "rules", "--rules", str(rules), "--try") == 1
    out = " ".join(capsys.readouterr().out.split())
    assert "error rate critical: 20.00 % (1 of 5 requests), at or above the critical threshold of 10 %" in out
    assert "not told: silence from 2024-01-15" in out
    assert "share of status_code = 404 ok: 20.00 % (1 of 5 requests), below the warning threshold of 50 %" in out


def test_trying_as_of_an_instant_in_json(run: Run, rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before the failure all is well; the answer has rules, signals, mutes and channels."""
    at = ("--try", "--at", "2024-01-15T08:45:00Z", "--format", "json")
    assert run("alerts", "rules", "--rules", str(rules), *at) == 0
    answer = json.loads(capsys.readouterr().out)
    [signal] = answer["rules"][0]["signals"]
    assert (signal["severity"], signal["events"], signal["until"]) == ("ok", 2, "2024-01-15T08:45:00Z")
    assert answer["rules"][0]["name"] == "failures"
    assert (answer["channels"], len(answer["mutes"])) == (["console"], 1)


def test_nothing_to_judge_is_no_success(run: Run, rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On a day without any request every rule is unmeasured: exit status 2, and why."""
    assert run("alerts", "rules", "--rules", str(rules), "--try", "--at", "2024-01-20") == 2
    assert "nothing to judge" in capsys.readouterr().err


def test_mistakes_end_it(run: Run, rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every mistake stands on one line of stderr, with its place; a missing file is one, too."""
    rules.write_text(RULES.replace("measure =", "mesure ="), encoding="utf-8")
    assert run("alerts", "rules", "--rules", str(rules)) == 2
    err = capsys.readouterr().err
    assert "rule[1].mesure: unknown key (did you mean 'measure'?)" in err
    assert "rule[2].mesure: unknown key (did you mean 'measure'?)" in err
    assert run("alerts", "rules", "--rules", f"{rules}.none") == 2


def test_without_a_file_the_documented_thresholds_are_tried(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """That is said; ``./alerts.toml`` is taken where it is, and this machine is looked at where that is asked for."""
    monkeypatch.chdir(tmp_path)
    assert run("alerts", "rules", "--environment", "staging", "--host", "--try") in {0, 1}
    captured = capsys.readouterr()
    assert "no ./alerts.toml: going by the documented thresholds (staging)" in captured.err
    assert "% in use" in captured.out
    (tmp_path / "alerts.toml").write_text(RULES, encoding="utf-8")
    assert run("alerts", "rules") == 0
    assert "alerts.toml: 2 rules" in capsys.readouterr().out


def test_an_instant_needs_a_try(run: Run, rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``--at`` alone would be ignored, and is refused."""
    assert run("alerts", "rules", "--rules", str(rules), "--at", "now") == 2
    assert "give --try too" in capsys.readouterr().err
