"""What the store of the site's tests holds: an hour of requests up to now, and text that wants to be a script."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from analyzers.store.document import Document, JsonValue
from analyzers.store.open import open_store

HOSTILE: Final = (
    "<script>owned('script')</script>",
    "<img src=x onerror=\"owned('img')\">",
    "javascript:owned('link')",
    "'\"><svg onload=owned('svg')>",
    "</title><script>alert('title')</script>",
    "{{ 7*7 }}{% raw %}",
)
"""Routes, users, agents and messages of hostile clients; each must be seen as text and never run."""
ROUTES: Final = ("/api/chamados", "/api/chamados/<int:id>", "/login", "/relatorios")
MINUTES: Final = 60
PER_MINUTE: Final = 6
STREAM: Final = "logs-web.request-production"


def fill(store: Path, now: datetime | None = None) -> None:
    """Store six requests a minute of the last hour: every fifth minute has an error; one request of each hostile text.

    Args:
        store: The store's directory; made when missing.
        now: The instant the hour ends.
    """
    end = now or datetime.now(tz=UTC)
    with open_store(str(store), writable=True) as opened:
        opened.append([*_ordinary(end), *_hostile(end)])


def _ordinary(end: datetime) -> list[Document]:
    return [
        _request(
            f"r{minute}-{number}",
            end - timedelta(minutes=minute, seconds=number * 5),
            route=ROUTES[number % len(ROUTES)],
            status=500 if minute % 5 == 0 and number == 0 else 200,
            seconds=0.1 * (number + 1),
            user=str(number % 3),
        )
        for minute in range(MINUTES)
        for number in range(PER_MINUTE)
    ]


def _hostile(end: datetime) -> list[Document]:
    return [
        _request(f"h{number}", end - timedelta(minutes=1, seconds=number), text, 200, 0.2, text)
        for number, text in enumerate(HOSTILE)
    ]


def _request(key: str, at: datetime, route: str, status: int, seconds: float, user: str) -> Document:
    hostile: dict[str, JsonValue] = {"original": user, "name": user}
    body: dict[str, JsonValue] = {
        "@timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "http": {"route": route, "request": {"method": "GET", "id": key}, "response": {"status_code": status}},
        "response_time": seconds,
        "event": {"id": key, "duration": int(seconds * 1_000_000_000)},
        "log": {"level": "ERROR" if status >= 500 else "INFO"},
        "service": {"name": "ti-osn"},
        "user": {"id": user},
        "user_agent": hostile,
        "url": {"path": route},
        "trace": {"id": f"trace-{key}"},
        **({"error": {"type": user, "message": user}} if status >= 500 else {}),
    }
    return Document(STREAM, key, body)
