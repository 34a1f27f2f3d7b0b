"""How long data streams keep their documents: from the data stream API, or from the cluster where that is not there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from analyzers.store.elastic.answers import Json, JsonObject, a_list, a_text, an_object
from analyzers.store.elastic.connection import Connection, RequestError
from analyzers.store.elastic.streams import our_patterns

_NO_SUCH_API: Final = frozenset({400, 405})
"""What a server without the data stream module says: it takes ``_data_stream`` for an index's name."""


def lifecycles(connection: Connection) -> Mapping[str, JsonObject]:
    """Return the lifecycle of each data stream that has one, by the stream's name.

    The server of ``atalaia elasticsearch local`` lacks the data stream API; what the API would say is then read from
    the cluster's metadata.

    Raises:
        StoreError: When the cluster cannot answer.
    """
    try:
        answer = connection.call("GET", f"/_data_stream/{quote(our_patterns(), safe='*,')}", expand_wildcards="all")
    except RequestError as error:
        if error.status not in _NO_SUCH_API:
            raise
        return _from_metadata(connection)
    streams = [an_object(each, "data_stream") for each in a_list(answer.get("data_streams"), "data_streams")]
    return {a_text(each.get("name"), "name"): _lifecycle(each) for each in streams}


def _from_metadata(connection: Connection) -> Mapping[str, JsonObject]:
    answer = connection.call("GET", "/_cluster/state/metadata", filter_path="metadata.data_stream.data_stream")
    node: Json = answer
    for name in ("metadata", "data_stream", "data_stream"):
        node = an_object(node, name).get(name, {})
    return {name: _lifecycle(an_object(each, name)) for name, each in an_object(node, "data_stream").items()}


def _lifecycle(stream: JsonObject) -> JsonObject:
    return an_object(stream.get("lifecycle") or {}, "lifecycle")
