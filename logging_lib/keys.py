"""The keys of the documented record, in their order."""

from __future__ import annotations

from typing import Final

DOCUMENTED_KEYS: Final = (
    "timestamp",
    "level",
    "service",
    "endpoint",
    "user_id",
    "response_time",
    "status_code",
    "user_agent",
    "ip_address",
)
"""Present in every request record, in this order."""

OPTIONAL_KEYS: Final = (
    "event_id",
    "event",
    "request_id",
    "trace_id",
    "span_id",
    "method",
    "path",
    "query",
    "request_bytes",
    "response_bytes",
    "environment",
    "version",
    "host",
    "logger",
    "error_type",
    "error_message",
    "stack_trace",
    "outcome",
    "db_time",
    "db_queries",
    "template_time",
    "template",
    "sample_weight",
)
"""Follow the documented keys in this order where they are present; an application's own fields come after, sorted."""

REQUEST_KEYS: Final = ("endpoint", "response_time")  # the pipeline tells a request's line by them
RESERVED_KEYS: Final = frozenset(
    {"timestamp", "level", "service", "event_id", "environment", "version", "host", "logger", *REQUEST_KEYS}
)
"""Written by the library alone; an application's field of that name is kept with an underscore behind it."""
