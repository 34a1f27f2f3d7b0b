"""One line of a log, as it is listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from analyzers.fields import EVENT_DURATION, EVENT_ID, HTTP_ROUTE, LOG_LEVEL, REQUEST_METHOD, RESPONSE_TIME, STATUS_CODE
from analyzers.logs.streams import LogKind, kind_of
from analyzers.store.document import Document, JsonValue
from analyzers.store.instants import from_millis
from analyzers.store.selection import Place, place_of

LONGEST: Final = 300
"""Characters of a line's text that are listed; the whole is with its fields."""
_NANOSECONDS: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """What is listed of an event.

    Attributes:
        place: Where it stands among others.
        kind: What it is.
        at: Its ``@timestamp``, in UTC.
        level: Its level, as written.
        status: The status of a response.
        route: The endpoint: the route's template, or that a statement belongs to.
        seconds: How long it took.
        text: What it says, on one line; cut at :data:`LONGEST`.
        document: The event.
    """

    place: Place
    kind: LogKind
    at: datetime
    level: str | None
    status: int | None
    route: str | None
    seconds: float | None
    text: str
    document: Document

    @classmethod
    def of(cls, document: Document) -> Self:
        """Read a stored document."""
        place, body = place_of(document), document.body
        status = value_at(body, STATUS_CODE)
        return cls(
            place,
            kind_of(document.stream),
            from_millis(place.instant),
            _text(value_at(body, LOG_LEVEL)),
            int(status) if isinstance(status, int | float) else None,
            _text(value_at(body, HTTP_ROUTE)) or _text(value_at(body, "sql.endpoint")),
            _seconds(body),
            _said(body),
            document,
        )

    @property
    def event(self) -> str | None:
        """Its ``event.id``."""
        return _text(value_at(self.document.body, EVENT_ID))

    @property
    def trace(self) -> str | None:
        """Its ``trace.id``."""
        return _text(value_at(self.document.body, "trace.id"))

    @property
    def request(self) -> str | None:
        """Its ``http.request.id``."""
        return _text(value_at(self.document.body, "http.request.id"))


def value_at(body: Mapping[str, JsonValue], name: str) -> JsonValue:
    """Return what a document has under a dotted name, nested or not; ``None`` where it has nothing."""
    if name in body:
        return body[name]
    head, _, rest = name.partition(".")
    inner = body.get(head)
    return value_at(inner, rest) if rest and isinstance(inner, Mapping) else None


def leaves(body: Mapping[str, JsonValue], prefix: str = "") -> Iterator[tuple[str, JsonValue]]:
    """Yield every value of a document under its dotted name, lists and empty objects as they are."""
    for name, value in body.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _seconds(body: Mapping[str, JsonValue]) -> float | None:
    for name in (RESPONSE_TIME, "sql.duration.sec"):
        value = value_at(body, name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    nanoseconds = value_at(body, EVENT_DURATION)
    return nanoseconds / _NANOSECONDS if isinstance(nanoseconds, int | float) else None


def _said(body: Mapping[str, JsonValue]) -> str:
    """Return what a line says: its message, its statement, or a request's method and path, and its error."""
    message = _text(value_at(body, "message")) or _text(value_at(body, "sql.text"))
    path = _text(value_at(body, "url.path")) or _text(value_at(body, HTTP_ROUTE))
    asked = " ".join(each for each in (_text(value_at(body, REQUEST_METHOD)), path) if each)
    error = ": ".join(each for each in (_text(value_at(body, f"error.{name}")) for name in ("type", "message")) if each)
    text = " ".join(" — ".join(each for each in (message or asked, error) if each).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _text(value: JsonValue) -> str | None:
    return None if value is None or isinstance(value, Mapping | list) else str(value)
