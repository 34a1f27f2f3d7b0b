"""A small store whose answers are worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analyzers.store.document import Document, JsonValue
from analyzers.store.open import open_store
from atalaia.cli.main import main
from atalaia.cli.runtime import Runtime

STREAM = "logs-web.request-production"
NOW = datetime(2024, 1, 15, 12, 0, tzinfo=UTC)

REQUESTS = (
    ("2024-01-15T08:00:00Z", "/api/chamados", 200, 0.1),
    ("2024-01-15T08:30:00Z", "/api/chamados", 200, 0.3),
    ("2024-01-15T08:59:59.999Z", "/login", 500, 2.5),
    ("2024-01-15T10:00:00Z", "/login", 200, 0.2),
    ("2024-01-15T10:15:00Z", None, 404, None),
)
"""Nothing between 9 and 10: an absent hour. One error in five requests: 20 %, above every threshold."""


def document(number: int, request: tuple[str, str | None, int, float | None]) -> Document:
    """Return a request as it is stored."""
    instant, route, status, seconds = request
    http: dict[str, JsonValue] = {"response": {"status_code": status}}
    body: dict[str, JsonValue] = {"@timestamp": instant, "http": http}
    if route is not None:
        http["route"] = route
    if seconds is not None:
        body["response_time"] = seconds
    return Document(STREAM, f"request-{number}", body)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """The requests above in an embedded store."""
    path = tmp_path / "data"
    with open_store(str(path), writable=True) as opened:
        opened.append([document(number, request) for number, request in enumerate(REQUESTS)])
    return path


Run = Callable[..., int]


@pytest.fixture
def run(store: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line on that store at noon; returns the exit status."""
    for name in ("ATALAIA_TZ", "ATALAIA_ENVIRONMENT", "ATALAIA_DEBUG", "ATALAIA_ALERT_STATE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ATALAIA_STORE", str(store))
    return lambda *words: main(words, Runtime(clock=lambda: NOW))
