"""A help desk's September and October 2024, without chance: what the examples of docs/sla.md are taken from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from analyzers.store.document import Document, JsonValue
from analyzers.store.open import open_store

FIRST = datetime(2024, 9, 1, 3, tzinfo=UTC)
"""Midnight in São Paulo."""
LAST = datetime(2024, 10, 20, 15, tzinfo=UTC)
"""Noon there."""
INCIDENT = (datetime(2024, 10, 12, 12, tzinfo=UTC), datetime(2024, 10, 12, 12, 45, tzinfo=UTC))
MAINTENANCE = (datetime(2024, 10, 6, 1, tzinfo=UTC), datetime(2024, 10, 6, 5, tzinfo=UTC))
NO_BACKUP = (datetime(2024, 10, 18, 4, tzinfo=UTC), datetime(2024, 10, 18, 6, tzinfo=UTC))
_MINUTE = timedelta(minutes=1)


def write_history(root: Path) -> None:
    """Write a request a minute, and a backup every 50 minutes, to an embedded store."""
    with open_store(str(root), writable=True) as store:
        store.append([*_requests(), *_backups()])


def _requests() -> Iterator[Document]:
    at, number = FIRST, 0
    while at < LAST:
        failed = any(start <= at < end for start, end in (INCIDENT, MAINTENANCE))
        seconds = 2.5 if number % 40 == 0 else 0.8 if number % 15 == 0 else 0.1
        body: dict[str, JsonValue] = {
            "@timestamp": f"{at:%Y-%m-%dT%H:%M:%SZ}",
            "service": {"name": "ti-osn"},
            "http": {
                "route": "/api/chamados" if number % 2 else "/login",
                "response": {"status_code": 503 if failed else 200},
            },
            "response_time": seconds,
        }
        yield Document("logs-web.request-production", f"r{number:06d}", body)
        at, number = at + _MINUTE, number + 1


def _backups() -> Iterator[Document]:
    at, number = FIRST, 0
    while at < LAST:
        if not NO_BACKUP[0] <= at < NO_BACKUP[1]:
            body: dict[str, JsonValue] = {
                "@timestamp": f"{at:%Y-%m-%dT%H:%M:%SZ}",
                "service": {"name": "ti-osn"},
                "message": "backup.completed",
                "event": {"action": "backup.completed"},
            }
            yield Document("logs-app.event-production", f"b{number:06d}", body)
        at, number = at + 50 * _MINUTE, number + 1
