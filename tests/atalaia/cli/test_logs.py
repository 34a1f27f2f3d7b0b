"""``atalaia logs`` on a store whose lines are known."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analyzers.store.document import Document, JsonValue
from analyzers.store.open import open_store
from tests.atalaia.cli.conftest import Run

NOON = datetime(2024, 1, 15, 12, tzinfo=UTC)
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def _at(seconds: float) -> str:
    return (NOON - timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _lines() -> list[Document]:
    said: dict[str, JsonValue] = {
        "@timestamp": _at(59.7),
        "message": "não há conexão\x1b[31m\u202e",
        "log": {"level": "ERROR"},
        "trace": {"id": TRACE},
    }
    statement: dict[str, JsonValue] = {
        "@timestamp": _at(59),
        "sql": {"text": "SELECT 1", "duration": {"sec": 0.5}},
        "trace": {"id": TRACE},
    }
    request: dict[str, JsonValue] = {
        "@timestamp": _at(60),
        "http": {"request": {"method": "GET", "id": "q1"}, "response": {"status_code": 500}},
        "url": {"path": "/api/conexao"},
        "response_time": 2.0,
        "event": {"id": "r1"},
        "trace": {"id": TRACE},
    }
    return [
        Document("logs-app.event-production", "e1", said),
        Document("logs-sql.query-production", "s1", statement),
        Document("logs-web.request-production", "r1", request),
    ]


@pytest.fixture(autouse=True)
def filled(store: Path) -> None:
    """Add a line of each kind to the store."""
    with open_store(str(store), writable=True) as opened:
        assert not opened.append(_lines()).rejected


def test_lines_are_in_order_and_command_no_terminal(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """The last hour, oldest first, on the zone's clock; escapes and direction marks are written out."""
    assert run("logs", "--tz", "America/Sao_Paulo") == 0
    assert capsys.readouterr().out == (
        "2024-01-15 08:59:00.000 -        request   500   2.000 s  GET /api/conexao\n"
        "2024-01-15 08:59:00.300 ERROR    event       -         -  não há conexão\\x1b[31m\\u202e\n"
        "2024-01-15 08:59:01.000 -        statement   -   0.500 s  SELECT 1\n"
    )


def test_text_and_conditions_select(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Words count their accents, paths are found by a part; kinds that lack a field are said to be left out."""
    assert run("logs", "--text", "conexao") == 0
    assert "GET /api/conexao" in capsys.readouterr().out
    assert run("logs", "--where", 'message ~ "há conexão"') == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert run("logs", "--where", "sql.operation = SELECT") == 2
    assert "no request lines: logs-web.request-* has no field 'sql.operation'" in capsys.readouterr().err
    assert run("logs", "--stream", "request", "--window", "7d", "-n", "2") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_json_is_the_whole_document_in_plain_ascii(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Programs get every field, and a terminal nothing to obey."""
    assert run("logs", "--stream", "event", "--format", "json") == 0
    out = capsys.readouterr().out
    assert out.isascii()
    assert "\x1b" not in out
    assert json.loads(out) == dict(_lines()[0].body)


def test_a_trail_has_offsets_and_bars(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """By the trace or the request: in order of beginnings, of 24 characters for the two seconds each its part."""
    expected = (
        f"    +0.000 s {'█' * 24} -        request   500   2.000 s  GET /api/conexao\n"
        f"    +0.300 s ···█{'·' * 20} ERROR    event       -         -  não há conexão\\x1b[31m\\u202e\n"
        f"    +0.500 s {'·' * 6}{'█' * 7}{'·' * 11} -        statement   -   0.500 s  SELECT 1\n"
    )
    for words in (("--trace", TRACE), ("--request", "r1"), ("--request", "q1")):
        assert run("logs", *words) == 0
        assert capsys.readouterr().out == expected
    assert run("logs", "--trace", "nobody") == 2
    assert "nothing bears the id" in capsys.readouterr().err


def test_nothing_found_is_said_with_what_there_is(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Status 2 has its sentence: of which span nothing is there, of which there is, and how to ask for that."""
    assert run("logs", "--stream", "request", "--window", "30s") == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "atalaia: there are no such lines of 2024-01-15 11:59:30 to 2024-01-15 12:00:00 UTC; the store's lines are of "
        "2024-01-15 08:00:00 to 2024-01-15 11:59:01 UTC: ask for more with --since or --window\n"
    )
    assert run("logs", "--since", "2024-01-01", "--text", "nowhere") == 2
    assert capsys.readouterr().err.endswith("the store's lines are of 2024-01-15 08:00:00 to 2024-01-15 11:59:02 UTC\n")


@pytest.mark.parametrize(
    "words", [("--trace", "a", "--request", "b"), ("--trace", "a", "--text", "b"), ("--follow", "--until", "now")]
)
def test_what_does_not_go_together_is_refused(run: Run, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    """The message says what to leave out."""
    assert run("logs", *words) == 2
    assert "leave out" in capsys.readouterr().err
