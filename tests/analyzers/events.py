"""Request events for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

from analyzers.store.document import Document, JsonValue

_NUMBERS = count()


def at(text: str) -> datetime:
    """Return the UTC instant of an RFC 3339 text."""
    return datetime.fromisoformat(text).astimezone(UTC)


def request(
    when: datetime,
    status: int = 200,
    seconds: float | None = 0.1,
    route: str | None = "/api/chamados",
) -> Document:
    """Return one request event."""
    body: dict[str, JsonValue] = {
        "@timestamp": when.astimezone(UTC).isoformat(),
        "http": {"response": {"status_code": status}, "route": route},
        "service": {"name": "ti-osn"},
    }
    if seconds is not None:
        body["response_time"] = seconds
    return Document("logs-web.request-production", f"event-{next(_NUMBERS)}", body)


def requests(when: datetime, good: int, bad: int = 0, seconds: float | None = 0.1) -> list[Document]:
    """Return ``good`` requests with status 200 and ``bad`` ones with 500, a millisecond apart."""
    statuses = [200] * good + [500] * bad
    return [request(when + timedelta(milliseconds=i), status, seconds) for i, status in enumerate(statuses)]
