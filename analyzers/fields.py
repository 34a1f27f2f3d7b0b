"""Names of stored fields (ECS 9) and the documented names a person may type instead.

The types of the fields are not here: they stand in ``elasticsearch/component_templates``, the one source of the
mapping, and are read from there by ``analyzers.store.schema``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

TIMESTAMP: Final = "@timestamp"
LOG_LEVEL: Final = "log.level"
SERVICE_NAME: Final = "service.name"
HTTP_ROUTE: Final = "http.route"
REQUEST_METHOD: Final = "http.request.method"
STATUS_CODE: Final = "http.response.status_code"
RESPONSE_TIME: Final = "response_time"
EVENT_DURATION: Final = "event.duration"
EVENT_ID: Final = "event.id"
USER_ID: Final = "user.id"
CLIENT_IP: Final = "client.ip"
CLIENT_ADDRESS: Final = "client.address"
SAMPLE_WEIGHT: Final = "sample_weight"
"""How many requests an event stands for; absent where it stands for itself alone."""
DOC_COUNT: Final = "_doc_count"
"""Elasticsearch's own name for the same number: with it the server's counts are those of requests."""
DB_TIME: Final = "db_time"
TEMPLATE_TIME: Final = "template_time"
LATER_FIELDS: Final = frozenset(
    {
        SAMPLE_WEIGHT,
        TEMPLATE_TIME,
        "template",
        "postgresql.database.interval.blocks.hit",
        "postgresql.database.interval.blocks.read",
    }
)
"""Added to the mapping when streams existed already: an index without one is older, and no event in it has it."""
MOST_WEIGHT: Final = 1_000_000
"""The greatest weight that a store takes."""

REQUEST_STREAM: Final = "logs-web.request-*"
"""The request events of every environment."""

ALIASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "endpoint": HTTP_ROUTE,
        "status_code": STATUS_CODE,
        "user_id": USER_ID,
        "ip_address": CLIENT_IP,
        "level": LOG_LEVEL,
        "service": SERVICE_NAME,
    },
)
"""Documented record name -> stored name. ``service`` cannot be an alias in the mapping (``service.*`` is an object
there); the command line accepts it all the same."""


def stored_name(name: str) -> str:
    """Return the stored field name for a name a person typed: an alias resolved, anything else unchanged."""
    return ALIASES.get(name, name)
