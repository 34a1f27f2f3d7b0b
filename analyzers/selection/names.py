"""What people call the dimensions that events are grouped by, beside the names of stored fields."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from analyzers.fields import CLIENT_IP, HTTP_ROUTE, REQUEST_METHOD, STATUS_CODE, USER_ID, stored_name
from analyzers.store.keys import field_of
from analyzers.store.query import Field, Key, Network, QueryError, StatusClass
from analyzers.store.schema import Schema

NAMES: Final[Mapping[str, tuple[Key, ...]]] = MappingProxyType(
    {
        "endpoint": (Field(HTTP_ROUTE), Field("sql.endpoint")),
        "user": (Field(USER_ID),),
        "status": (Field(STATUS_CODE),),
        "status_class": (StatusClass(),),
        "browser": (Field("user_agent.name"),),
        "os": (Field("user_agent.os.name"),),
        "version": (Field("service.version"),),
        "network": (Network(),),
        "client": (Field(CLIENT_IP),),
        "method": (Field(REQUEST_METHOD),),
        "query_type": (Field("sql.operation"),),
        "statement": (Field("sql.text"),),
        "database": (Field("sql.database"),),
    }
)
"""Name to what it means; where there are several, the first that a stream has."""

_DERIVED: Final = {Network().name: "network"}
"""What the columns of dimensions that are not stored are called, where that is not what people call them."""

_ELSEWHERE: Final = {
    "logs-web.request-*": "statements have it: 'atalaia queries'",
    "logs-sql.query-*": "requests have it: 'atalaia errors', 'atalaia latency'",
}


def parse_key(name: str, schema: Schema) -> Key:
    """Return the dimension that a person's name, a documented name or a stored one means.

    Raises:
        QueryError: When the stream has no such thing; the remedy names those that look like it.
    """
    name = _DERIVED.get(name, name)
    if name in NAMES:
        return _named(name, schema)
    if schema.aliases.get(name, stored_name(name)) in schema.fields:
        return Field(schema.field(name).name)
    known = list(dict.fromkeys((*names_in(schema), *schema.fields, *schema.aliases)))
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    remedy = (
        f"did you mean {', '.join(near)}?" if near else f"group by one of {', '.join(names_in(schema))}, or a field"
    )
    raise QueryError(f"{schema.stream} has no field or dimension {name!r}", remedy)


def names_in(schema: Schema) -> tuple[str, ...]:
    """Return the names that mean something in a stream."""
    return tuple(name for name, keys in NAMES.items() if any(field_of(key) in schema.fields for key in keys))


def _named(name: str, schema: Schema) -> Key:
    for key in NAMES[name]:
        if field_of(key) in schema.fields:
            return key
    remedy = _ELSEWHERE.get(schema.stream, f"group by one of {', '.join(names_in(schema))}")
    raise QueryError(f"{schema.stream} has no {name}", remedy)
