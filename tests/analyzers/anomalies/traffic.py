"""Traffic for tests: so many requests at a local hour of each of the weeks before, and what comes after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from analyzers.store.document import Document, JsonValue

STREAM = "logs-web.request-production"
LISBON = ZoneInfo("Europe/Lisbon")
_NUMBERS = count()


def local(text: str) -> datetime:
    """Return the UTC instant of a local time in Lisbon."""
    return datetime.fromisoformat(text).replace(tzinfo=LISBON).astimezone(UTC)


def weeks_before(instant: datetime, weeks: int) -> Iterator[datetime]:
    """Yield the same local time of the weeks before, the oldest first."""
    wall = instant.astimezone(LISBON)
    for week in range(weeks, 0, -1):
        yield (wall - timedelta(weeks=week)).astimezone(UTC)


def spread(  # noqa: PLR0913 - a request has so many sides
    start: datetime,
    length: timedelta,
    number: int,
    *,
    status: int = 200,
    seconds: float = 0.1,
    client: str | None = None,
    path: str | None = None,
    weight: int | None = None,
    stream: str = STREAM,
) -> list[Document]:
    """Return so many requests, evenly over a span."""
    body: dict[str, JsonValue] = {
        "http": {"response": {"status_code": status}, "route": "/"},
        "response_time": seconds,
        "service": {"name": "shop"},
    }
    if client is not None:
        body["client"] = {"ip": client}
    if weight is not None:
        body |= {"sample_weight": weight, "_doc_count": weight}
    return [_document(start + length * place / number, body, path, place, stream) for place in range(number)]


def _document(instant: datetime, body: dict[str, JsonValue], path: str | None, place: int, stream: str) -> Document:
    stamped: dict[str, JsonValue] = {"@timestamp": instant.astimezone(UTC).isoformat(), **body}
    if path is not None:
        stamped["url"] = {"path": path.format(place)}
    return Document(stream, f"anomaly-{next(_NUMBERS)}", stamped)
