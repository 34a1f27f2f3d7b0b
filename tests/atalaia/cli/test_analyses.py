"""The analysis commands on a small store: numbers, shapes, exit statuses."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.atalaia.cli.conftest import Run


def test_json_has_the_query_and_the_rows(run: Run, store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One object; fields under their stored names; the query as it was understood."""
    status = run(
        "errors", "--by", "endpoint", "--where", "status_code < 500", "--tz", "America/Sao_Paulo", "--format", "json"
    )
    answer = json.loads(capsys.readouterr().out)
    assert status == 0
    assert len(answer["query"].pop("hash")) == 64
    assert answer["query"] == {
        "analysis": "errors",
        "form": 1,
        "stream": "logs-web.request-*",
        "since": "2024-01-15T08:00:00Z",
        "until": "2024-01-15T10:15:01Z",
        "by": ["http.route"],
        "every": None,
        "tz": "America/Sao_Paulo",
        "where": "http.response.status_code < 500",
        "store": str(store),
        "made": "2024-01-15T12:00:00Z",
        "held_since": "2024-01-15T08:00:00Z",
    }
    assert answer["rows"] == [
        {"http.route": "/api/chamados", "requests": 2, "errors": 0, "error_rate": 0.0},
        {"http.route": "/login", "requests": 1, "errors": 0, "error_rate": 0.0},
        {"http.route": None, "requests": 1, "errors": 0, "error_rate": 0.0},
    ]


def test_buckets_carry_the_offset_of_the_zone(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Hours in São Paulo are three behind, and an hour without events has no row but a note on stderr."""
    assert (
        run(
            "throughput",
            "--every",
            "hour",
            "--tz",
            "America/Sao_Paulo",
            "--since",
            "2024-01-15T05:00",
            "--format",
            "json",
        )
        == 0
    )
    out, err = capsys.readouterr()
    rows = json.loads(out)["rows"]
    assert [(row["bucket"], row["requests"]) for row in rows] == [
        ("2024-01-15T05:00:00-03:00", 3),
        ("2024-01-15T07:00:00-03:00", 2),
    ]
    assert rows[0]["requests_per_second"] == 3 / 3600
    assert "2 of the 4 hours in the window have no events" in err


def test_a_breach_is_status_1_and_the_verdict_comes_first(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """One error in five requests is 20 %."""
    assert run("errors") == 1
    first = capsys.readouterr().out.splitlines()[0]
    assert "20.00 % (1 of 5 requests)" in first
    assert "critical" in first


def test_latency_percentiles_are_nearest_rank(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Of 0.1, 0.2, 0.3, 2.5 the median is the second, p95 and p99 the fourth; 2.5 s is above the 2 s warning."""
    assert run("latency", "--format", "csv") == 1
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert rows == [{"requests": "5", "measured": "4", "p50": "0.2", "p95": "2.5", "p99": "2.5"}]


def test_nothing_to_judge_is_status_2_and_still_answers(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """A window without events: one line on stderr, and the output all the same."""
    assert run("availability", "--window", "5m", "--format", "json") == 2
    out, err = capsys.readouterr()
    assert json.loads(out)["rows"] == [{"requests": 0, "good": 0, "availability": None}]
    assert err.startswith("atalaia: nothing to judge: availability unmeasured")
    assert err.count("\n") == 1


def test_sla_counts_good_and_total(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """4 of 5 did not fail, 3 of 4 measured ones took less than 2 s."""
    assert run("sla", "judge", "--format", "json") == 1
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [(row["objective"], row["good"], row["total"], row["state"]) for row in rows] == [
        ("availability", 4, 5, "missed"),
        ("latency", 3, 4, "missed"),
        ("error_rate", 4, 5, "missed"),
    ]


def test_tables_fit_80_columns(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Verdict apart, no line of a table is wider than a small terminal, and the trend shows the absent hour."""
    run("errors", "--every", "hour", "--by", "endpoint")
    run("latency", "--by", "endpoint")
    run("sla", "judge")
    run("latency", "--every", "hour")
    lines = capsys.readouterr().out.splitlines()
    assert max(len(line) for line in lines if not line.startswith(("✔", "✘"))) <= 80
    assert "p95 █·▁" in lines


def test_a_table_that_needs_more_is_wider_not_cut(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Nine columns of the ledger by endpoint: every row still ends with its margin."""
    run("sla", "judge", "--by", "endpoint")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in lines if line.startswith("/api/chamados")] == ["0", "0", "0"]


def test_conditions_add_up(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Two --where must both hold."""
    run("errors", "--where", "endpoint = /login", "--where", "status_code = 500", "--format", "json")
    assert [row["requests"] for row in json.loads(capsys.readouterr().out)["rows"]] == [1]


def test_alerts_tell_once(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The p95 of five requests is 2.5 s: told at the first check, firing at both. One error of five may be chance."""
    words = ("alerts", "check", "--at", "2024-01-15T10:30:00Z", "--window", "3h", "--min-events", "4")
    state = ("--state", str(tmp_path / "alerts.sqlite"), "--format", "json")
    assert run(*words, *state) == 1
    first = json.loads(capsys.readouterr().out)
    assert {each["rule"] for each in first["firing"]} == {"response_time"}
    assert [each["rule"] for each in first["sent"]] == ["response_time"]
    assert {row["rule"]: row["value"] for row in first["rows"]} == {
        "error_rate": 20.0,
        "response_time": 2.5,
        "cpu": None,
        "memory": None,
        "disk": None,
    }
    assert run(*words, *state) == 1
    assert json.loads(capsys.readouterr().out)["sent"] == []


def test_too_few_events_are_unmeasured(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Five events where twenty are needed: nothing fires, and the shell is told that nothing was judged."""
    at = ("--at", "2024-01-15T10:30:00Z", "--window", "3h")
    assert run("alerts", "check", *at, "--state", str(tmp_path / "alerts.sqlite")) == 2
    assert "nothing to judge" in capsys.readouterr().err
