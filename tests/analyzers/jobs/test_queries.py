"""Slow SQL statements, on numbers worked out by hand."""

from __future__ import annotations

from datetime import timedelta

from analyzers.analysis import Selection, State
from analyzers.jobs import queries
from analyzers.store.document import Document, JsonValue
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Field, Top, Window
from tests.analyzers.events import at

START = at("2024-01-15T10:00:00Z")
HOUR = Window(START, START + timedelta(hours=1))


def statement(number: int, kind: str, seconds: float, error: str | None = None) -> Document:
    """Return one slow statement."""
    sql: dict[str, JsonValue] = {"operation": kind, "text": f"{kind} t", "duration": {"sec": seconds}}
    if error is not None:
        sql["error"] = error
    return Document("logs-sql.query-production", f"s{number}", {"@timestamp": START.isoformat(), "sql": sql})


def test_statements_by_their_type() -> None:
    """Two SELECTs of 1 and 3 s, one of them failed; one INSERT of 2.5 s; the rest are three UPDATEs of 0.5 s."""
    found = [statement(0, "SELECT", 1.0), statement(1, "SELECT", 3.0, "timeout"), statement(2, "INSERT", 2.5)]
    store = MemoryStore([*found, *(statement(3 + number, "UPDATE", 0.5) for number in range(3))])
    selection = Selection(HOUR, (Field("sql.operation"),), stream=queries.STATEMENT_STREAM, top=Top(2, "seconds"))
    answer = queries.run(store, selection)
    assert [tuple(row.values()) for row in answer.rows] == [
        ("SELECT", 2, 1, 4.0, 3.0, 3.0),
        ("INSERT", 1, 0, 2.5, 2.5, 2.5),
    ]
    assert ([tuple(row.values()) for row in answer.rest], answer.others) == ([(None, 3, 0, 1.5, 0.5, 0.5)], 1)
    assert answer.total == {"statements": 6, "failed": 1, "seconds": 8.0, "p95": 3.0, "max": 3.0}
    assert (answer.state, answer.verdict) == (
        State.MET,
        "slow statements: 6 statements took 8.00 s together (no threshold applies)",
    )


def test_no_statement_is_no_health() -> None:
    """None recorded: all may have been fast, or nothing was looked at."""
    answer = queries.run(MemoryStore(), Selection(HOUR, stream=queries.STATEMENT_STREAM))
    assert (answer.state, answer.verdict) == (
        State.UNMEASURED,
        "slow statements unmeasured: none was recorded in this window",
    )
