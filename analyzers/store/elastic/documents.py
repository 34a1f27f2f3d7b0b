"""Read documents in order of time from one point in time, a page at a time.

The server sorts by ``@timestamp`` and, within a millisecond, by place in its shards: sorting by ``_id`` needs a
structure in memory that is off by default. The documents of one millisecond are put in order on our side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby, islice
from typing import Final, cast

from analyzers.fields import TIMESTAMP
from analyzers.store.document import Document, JsonValue
from analyzers.store.elastic.answers import Json, JsonObject, a_count, a_list, a_text, an_object
from analyzers.store.elastic.backing import owners_of
from analyzers.store.elastic.compiler import query_filter
from analyzers.store.elastic.connection import Connection
from analyzers.store.elastic.mapping import check_mapping
from analyzers.store.elastic.search import Snapshot, snapshot
from analyzers.store.interface import StoreError
from analyzers.store.schema import Schema
from analyzers.store.selection import Place, Selection

MOST_HITS: Final = 1_000
"""Documents of one page."""

KEEP_ALIVE: Final = "10m"
"""How long the point in time outlives a page: whoever reads may take this long over it."""

_LEAST_HITS: Final = 100


def read_documents(connection: Connection, selection: Selection, schema: Schema) -> Iterator[Document]:
    """Yield the documents of a selection that can be asked for.

    They are of the moment when the first one is read.

    Raises:
        StoreError: When the cluster cannot answer, or maps a field of the selection otherwise than our templates do.
    """
    window = selection.reach
    if window is None or selection.limit == 0:
        return
    with snapshot(connection, selection.stream, KEEP_ALIVE) as events:
        if not events.shards:
            return
        check_mapping(connection, selection.counted, schema)
        wanted = query_filter(replace(selection, window=window).counted, schema)
        owners = owners_of(connection, selection.stream)
        yield from islice(_in_order(_hits(events, wanted, selection), owners, selection), selection.limit)


def _in_order(hits: Iterator[JsonObject], owners: Mapping[str, str], selection: Selection) -> Iterator[Document]:
    """Put the documents of each millisecond in order, and leave out those before the place to begin after."""
    for instant, alike in groupby(hits, _instant):
        placed = [(Place(instant, each.id, each.stream), each) for each in (_document(hit, owners) for hit in alike)]
        placed.sort(key=lambda each: each[0], reverse=selection.newest_first)
        yield from (document for place, document in placed if selection.beyond(place))


def _hits(events: Snapshot, wanted: JsonObject, selection: Selection) -> Iterator[JsonObject]:
    order = "desc" if selection.newest_first else "asc"
    limit = selection.limit
    size = MOST_HITS if limit is None else min(max(limit, _LEAST_HITS), MOST_HITS)
    body: dict[str, Json] = {
        "size": size,
        "track_total_hits": False,
        "query": wanted,
        "sort": [{TIMESTAMP: {"order": order}}, {"_shard_doc": {"order": "asc"}}],
    }
    while True:
        found = an_object(events.search(body).get("hits"), "hits")
        hits = [an_object(hit, "hit") for hit in a_list(found.get("hits"), "hits")]
        yield from hits
        if len(hits) < size:
            return
        body["search_after"] = _sort_of(hits[-1])


def _sort_of(hit: JsonObject) -> list[Json]:
    return a_list(hit.get("sort"), "sort")


def _instant(hit: JsonObject) -> int:
    return a_count(_sort_of(hit)[0], "sort")


def _document(hit: JsonObject, owners: Mapping[str, str]) -> Document:
    index = a_text(hit.get("_index"), "_index")
    if index not in owners:
        raise StoreError(f"{index} belongs to no data stream", "reindex it into one, or name another stream")
    body = an_object(hit.get("_source"), "_source")
    return Document(owners[index], a_text(hit.get("_id"), "_id"), cast("Mapping[str, JsonValue]", body))
