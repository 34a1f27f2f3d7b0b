"""What the store of the explorer's tests holds: a request with its statements and events, and lines to page through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from analyzers.store.document import Document, JsonValue
from analyzers.store.open import open_store

EVENTS: Final = "logs-app.event-production"
STATEMENTS: Final = "logs-sql.query-production"
TRACE: Final = "4bf92f3577b34da6a3ce929d0e0e4736"
STACK: Final = 'Traceback (most recent call last):\n  File "app.py", line 7\nTimeoutError: pool exhausted\x1b[31m\u202e'
LONG: Final = "x" * 50_000


def written(at: datetime) -> str:
    """Return an instant as documents have it."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def said(key: str, at: datetime, text: str, **more: JsonValue) -> Document:
    """Return what an application said."""
    body: dict[str, JsonValue] = {
        "@timestamp": written(at),
        "message": text,
        "log": {"level": "INFO", "logger": "helpdesk"},
        "service": {"name": "worker"},
        "event": {"id": key},
        **more,
    }
    return Document(EVENTS, key, body)


def fill_lines(store: Path, now: datetime | None = None) -> None:
    """Add lines of all kinds to a store: one request's trail over two services, odd ones, and 250 to page through.

    Args:
        store: The store's directory.
        now: The instant before which they are.
    """
    end = now or datetime.now(tz=UTC)
    begun = end - timedelta(minutes=2)
    request: dict[str, JsonValue] = {
        "@timestamp": written(begun),
        "http": {
            "route": "/api/relatorios",
            "request": {"method": "GET", "id": "req-1"},
            "response": {"status_code": 500},
        },
        "response_time": 0.8,
        "event": {"id": "ev-1", "duration": 800_000_000},
        "log": {"level": "ERROR"},
        "service": {"name": "ti-osn"},
        "user": {"id": "77"},
        "url": {"path": "/api/relatorios/7"},
        "trace": {"id": TRACE},
        "error": {"type": "TimeoutError", "message": "pool exhausted", "stack_trace": STACK},
    }
    statement: dict[str, JsonValue] = {
        "@timestamp": written(begun + timedelta(milliseconds=600)),
        "event": {"id": "st-1"},
        "log": {"level": "WARNING"},
        "service": {"name": "ti-osn"},
        "http": {"request": {"id": "req-1"}},
        "sql": {"text": "SELECT * FROM relatorios WHERE dono = ?", "operation": "SELECT", "duration": {"sec": 0.5}},
    }
    documents = [
        Document("logs-web.request-production", "ev-1", request),
        Document(STATEMENTS, "st-1", statement),
        said("ap-1", begun + timedelta(milliseconds=300), "a tarefa não terminou", trace={"id": TRACE}),
        said("long", end - timedelta(minutes=3), LONG),
        said("hostile", end - timedelta(minutes=3, seconds=1), "<script>owned('line')</script>\x1b[2J\x00"),
        *(said(f"page-{n:03}", end - timedelta(minutes=4, milliseconds=n), f"paginated line {n}") for n in range(250)),
    ]
    with open_store(str(store), writable=True) as opened:
        assert not opened.append(documents).rejected
