"""Which data stream a backing index belongs to, and which streams have an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from analyzers.store.elastic.answers import Json, a_text, an_object
from analyzers.store.elastic.connection import Connection
from analyzers.store.elastic.predicates import ANYTHING
from analyzers.store.elastic.search import snapshot
from analyzers.store.elastic.streams import data_streams, our_names, our_patterns

_PAGE: Final = 1_000


def owners_of(connection: Connection, pattern: str) -> Mapping[str, str]:
    """Return the backing indices of the data streams that a pattern means, each with its stream's name.

    Raises:
        StoreError: When the cluster cannot answer, for one for want of the right ``view_index_metadata``.
    """
    answer = connection.call("GET", f"/_resolve/index/{quote(pattern, safe='*,')}", ignore_unavailable="true")
    return {index: name for name, indices in data_streams(answer).items() for index in indices}


def filled_streams(connection: Connection) -> tuple[str, ...]:
    """Return the names of the data streams of our templates that have an event, sorted.

    Raises:
        StoreError: When the cluster cannot answer.
    """
    streams = our_names(connection).streams
    if not streams:
        return ()
    with snapshot(connection, our_patterns()) as events:
        composite: Mapping[str, Json] = {"size": _PAGE, "sources": [{"index": {"terms": {"field": "_index"}}}]}
        groups = events.groups(ANYTHING, composite, {})
        filled = {a_text(an_object(each.get("key"), "key").get("index"), "index") for each in groups}
    return tuple(sorted(stream for stream, indices in streams.items() if not filled.isdisjoint(indices)))
