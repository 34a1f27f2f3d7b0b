"""The documented record: how a request or an event becomes a line of JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NamedTuple, TypeAlias

from logging_lib.error_info import ErrorInfo
from logging_lib.keys import DOCUMENTED_KEYS, OPTIONAL_KEYS, RESERVED_KEYS
from logging_lib.timestamps import rfc3339
from logging_lib.values import JsonValue, Record, clean_record, clean_text

UserId: TypeAlias = int | str | None
"""Who made a request; ``None`` is an anonymous visitor."""

Outcome: TypeAlias = Literal["completed", "client_disconnected", "stream_failed"]
"""How the body ended: handed over whole; given up by the server because the client left; broken by the application."""

UNMATCHED: Final = "(unmatched)"
"""The ``endpoint`` of a request that no route matches. Never the raw path: scanners would invent endless endpoints."""

_CLIENT_ERROR: Final = 400
_SERVER_ERROR: Final = 500
_ORDER: Final = (*DOCUMENTED_KEYS, *OPTIONAL_KEYS)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is logging.

    Attributes:
        service: The application, e.g. ``ti-osn``; part of the file's name.
        environment: ``production``, ``staging``, …; part of the data stream's name.
        version: The application's version, where it is known.
        host: The machine's name.
    """

    service: str
    environment: str
    version: str | None = None
    host: str | None = None

    def fields(self) -> dict[str, object]:
        """Return the keys of a record that say who is logging; unknown ones are left out."""
        known = {"environment": self.environment, "version": self.version, "host": self.host}
        return {"service": self.service, **{key: value for key, value in known.items() if value is not None}}


class RequestRecord(NamedTuple):
    """One served request. A tuple, because one is made for every request and a dataclass takes four times as long.

    Attributes:
        timestamp: When the request began; aware.
        event_id: UUIDv7; one id is one event, however often it is delivered.
        endpoint: The route template, or ``UNMATCHED``.
        user_id: Who asked; ``None`` when anonymous.
        response_time: Seconds until the last byte of the body was handed to the server.
        status_code: The HTTP status.
        user_agent: The browser's own words, where it sent any.
        ip_address: The client's address, where it is known.
        request_bytes: The declared size of the request's body.
        response_bytes: The bytes of body handed to the server.
        query: The query string as it was sent; the output redacts it, as all else.
        span_id: The id of the span that this request is, of 16 hexadecimal digits (W3C Trace Context's parent-id).
        db_time: Seconds spent in the database's answers to this request.
        db_queries: How many statements the request sent to the database.
        template_time: Seconds spent on rendering templates for this request.
        template: The name of the template that took most of them.
        sample_weight: How many requests this record stands for, itself included; ``None`` where it stands for itself.
        error: The exception the application raised, handled or not.
        logger: The name of the logger that the record belongs to.
    """

    timestamp: datetime
    event_id: str
    endpoint: str
    user_id: UserId
    response_time: float
    status_code: int
    user_agent: str | None
    ip_address: str | None
    outcome: Outcome = "completed"
    request_id: str | None = None
    trace_id: str | None = None
    span_id: str | None = None
    method: str | None = None
    path: str | None = None
    query: str | None = None
    request_bytes: int | None = None
    response_bytes: int | None = None
    db_time: float | None = None
    db_queries: int | None = None
    template_time: float | None = None
    template: str | None = None
    sample_weight: int | None = None
    error: ErrorInfo | None = None
    logger: str = "logging_lib.request"

    @property
    def level(self) -> str:
        """ERROR for a failed request, WARNING for one the client caused to fail or gave up, else INFO."""
        if self.status_code >= _SERVER_ERROR or self.outcome == "stream_failed":
            return "ERROR"
        if self.status_code >= _CLIENT_ERROR or self.outcome == "client_disconnected":
            return "WARNING"
        return "INFO"

    def record(self, identity: Identity) -> Record:
        """Return the line's content: the documented keys, then the optional ones that have a value.

        Written out key by key in the documented order, because every request pays for it: the general way of events,
        which cleans any value and sorts, costs several times as much. What a gateway has read is fit for JSON as it is
        (``encode_line`` knows what to do where somebody else made the record); what the application told is cleaned.
        """
        record: Record = {
            "timestamp": rfc3339(self.timestamp),
            "level": self.level,
            "service": identity.service,
            "endpoint": self.endpoint,
            "user_id": clean_user(self.user_id),
            "response_time": round(self.response_time, 6),
            "status_code": self.status_code,
            "user_agent": self.user_agent,
            "ip_address": self.ip_address,
            "event_id": self.event_id,
        }
        if self.request_id is not None:
            record["request_id"] = self.request_id
        if self.trace_id is not None:
            record["trace_id"] = self.trace_id
        if self.span_id is not None:
            record["span_id"] = self.span_id
        self._add_exchange(record)
        record["environment"] = identity.environment
        if identity.version is not None:
            record["version"] = identity.version
        if identity.host is not None:
            record["host"] = identity.host
        record["logger"] = self.logger
        self._add_end(record)
        return record

    def _add_exchange(self, record: Record) -> None:
        """Add what was asked for, and how much went to and fro."""
        if self.method is not None:
            record["method"] = self.method
        if self.path is not None:
            record["path"] = self.path
        if self.query is not None:
            record["query"] = self.query
        if self.request_bytes is not None:
            record["request_bytes"] = self.request_bytes
        if self.response_bytes is not None:
            record["response_bytes"] = self.response_bytes

    def _add_end(self, record: Record) -> None:
        """Add how it ended, and what it took."""
        error = self.error
        if error is not None:
            record["error_type"] = carried(error.error_type)
            record["error_message"] = carried(error.error_message)
            record["stack_trace"] = carried(error.stack_trace)
        record["outcome"] = self.outcome
        if self.db_time is not None:
            record["db_time"] = round(self.db_time, 6)
        if self.db_queries is not None:
            record["db_queries"] = self.db_queries
        if self.template_time is not None:
            record["template_time"] = round(self.template_time, 6)
        if self.template is not None:
            record["template"] = carried(self.template)
        if self.sample_weight is not None:
            record["sample_weight"] = self.sample_weight


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecord:
    """One message of the application or of a library it uses.

    Attributes:
        timestamp: When it was logged; aware.
        event_id: UUIDv7.
        level: ``DEBUG``, ``INFO``, ``WARNING``, ``ERROR`` or ``CRITICAL``.
        event: The message.
        logger: The name of the logger, where it has one.
        fields: The application's own fields.
        error: The exception that was logged with it.
        template: The message before its arguments are filled in, by which lines that repeat are known; not written.
            A record without is written however often it comes.
    """

    timestamp: datetime
    event_id: str
    level: str
    event: object
    logger: str | None
    fields: Mapping[str, object]
    error: ErrorInfo | None = None
    template: str | None = None

    def record(self, identity: Identity) -> Record:
        """Return the line's content; a field that carries a reserved name is kept under that name with ``_`` behind."""
        own = {f"{key}_" if key in RESERVED_KEYS else key: value for key, value in self.fields.items()}
        fixed: dict[str, object] = {
            "timestamp": rfc3339(self.timestamp),
            "level": self.level,
            "event_id": self.event_id,
            "event": self.event,
        }
        named = {"logger": self.logger} if self.logger else {}
        error = self.error.fields() if self.error else {}
        return _ordered({**own, **fixed, **named, **error, **identity.fields()})


def carried(text: str | None) -> str | None:
    """Return text as UTF-8 can carry it; nearly all of a request's is ASCII, which can be told at once."""
    return text if text is None or text.isascii() else clean_text(text)


def clean_user(user_id: UserId) -> JsonValue:
    """Return a user's id as a number, text or nothing; a callback may have answered with anything, whatever its type.

    An object or a list would not fit into the field that both stores have for it, and the record would be lost.
    """
    if user_id is None:
        return None
    kind = type(user_id)
    if kind is int and -(2**63) <= user_id < 2**63:  # type: ignore[operator] # kind says so
        return user_id
    if kind is str:
        return carried(user_id)  # type: ignore[arg-type] # kind says so
    cleaned = clean_record({"": user_id})[""]
    return cleaned if cleaned is None or type(cleaned) is str or type(cleaned) is int else str(cleaned)


def _ordered(fields: Mapping[str, object]) -> Record:
    """Return the fields cleaned, known keys in the documented order, the others sorted behind them."""
    cleaned = clean_record(fields)
    known: Record = {key: cleaned.pop(key) for key in _ORDER if key in cleaned}
    return {**known, **dict(sorted(cleaned.items()))}
