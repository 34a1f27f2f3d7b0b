"""``--top``, ``--rank`` and the names of dimensions: the greatest groups, and what all others come to."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.atalaia.cli.conftest import Run


def test_the_rest_is_in_the_table(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """One of three endpoints has the error; the other two have three requests together, and no error."""
    assert run("errors", "--by", "endpoint", "--top", "1") == 1
    out = capsys.readouterr().out
    lines = [line.split() for line in out.splitlines()]
    assert ["/login", "2", "1", "50.0", "%"] in lines
    assert ["the", "rest:", "2", "others", "3", "0", "0", "%"] in lines
    assert "/api/chamados" not in out
    assert max(map(len, out.splitlines()[1:])) <= 80


def test_the_rest_is_in_the_csv(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """It is the last row; the median of the rest is that of 0.1, 0.2 and 2.5 s, not of its groups' medians."""
    run("latency", "--by", "endpoint", "--by", "status", "--top", "1", "--rank", "requests", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["http.route"], row["http.response.status_code"], row["requests"], row["p50"]) for row in rows] == [
        ("/api/chamados", "200", "2", "0.1"),
        ("the rest: 3 others", "", "3", "0.2"),
    ]


def test_the_rest_is_in_json(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """By the hour: a row of the rest for each hour in which others had requests, and how many groups they are."""
    run("errors", "--by", "endpoint", "--every", "hour", "--top", "1", "--format", "json")
    answer = json.loads(capsys.readouterr().out)
    assert (answer["query"]["top"], answer["query"]["rank"], answer["others"]) == (1, "errors", 2)
    assert [(row["bucket"][11:13], row["requests"]) for row in answer["rows"]] == [("08", 1), ("10", 1)]
    assert answer["rest"] == [
        {"bucket": "2024-01-15T08:00:00+00:00", "requests": 2, "errors": 0, "error_rate": 0.0},
        {"bucket": "2024-01-15T10:00:00+00:00", "requests": 1, "errors": 0, "error_rate": 0.0},
    ]


def test_the_greatest_come_first(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """By the slowest tenth: /login with 2.5 s, then /api/chamados with 0.3 s; nothing is left but what has no time."""
    run("latency", "--by", "endpoint", "--top", "2", "--format", "json")
    answer = json.loads(capsys.readouterr().out)
    assert [row["http.route"] for row in answer["rows"]] == ["/login", "/api/chamados"]
    assert [(row["requests"], row["measured"]) for row in answer["rest"]] == [(1, 0)]


def test_all_groups_leave_no_rest(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Three endpoints, ten asked for: nothing is called the rest."""
    run("throughput", "--by", "endpoint", "--top", "10", "--format", "json")
    answer = json.loads(capsys.readouterr().out)
    assert (len(answer["rows"]), answer["rest"], answer["others"]) == (3, [], 0)
    run("throughput", "--by", "endpoint", "--top", "10")
    assert "rest" not in capsys.readouterr().out


def test_objectives_have_a_rest_each(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """The endpoint with the most errors, and the rest judged by all three objectives."""
    run("sla", "judge", "--by", "endpoint", "--top", "1", "--format", "json")
    answer = json.loads(capsys.readouterr().out)
    assert {row["http.route"] for row in answer["rows"]} == {"/login"}
    assert [(row["objective"], row["good"], row["total"]) for row in answer["rest"]] == [
        ("availability", 3, 3),
        ("latency", 2, 2),
        ("error_rate", 3, 3),
    ]


def test_by_the_class_of_the_status(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Three 2xx, one 4xx, one 5xx."""
    run("errors", "--by", "status_class", "--format", "csv")
    rows = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert [(row["status_class"], row["requests"]) for row in rows] == [("2xx", "3"), ("4xx", "1"), ("5xx", "1")]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--by", "brwoser"), "did you mean browser"),
        (("--by", "query_type"), "atalaia queries"),
        (("--top", "3"), "--by endpoint"),
        (("--by", "endpoint", "--rank", "errors"), "give --top"),
        (("--by", "endpoint", "--top", "3", "--rank", "error"), "did you mean errors"),
        (("--by", "endpoint", "--top", "3", "--rank", "p95"), "rank by errors or requests"),
        (("--by", "endpoint", "--top", "0"), "--top"),
        (("--by", "status", "--by", "status_code"), "twice"),
    ],
)
def test_mistakes_are_answered(
    run: Run, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], complaint: str
) -> None:
    """Status 2, and what was meant."""
    assert run("errors", *words) == 2
    assert complaint in capsys.readouterr().err
