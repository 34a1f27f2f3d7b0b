"""Which ids a data stream already has, in whichever of its backing indices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from analyzers.store.elastic.answers import a_list, a_text, an_object
from analyzers.store.elastic.connection import Connection

_MOST: Final = 1_000
"""Ids of one request. One id may be found once in each backing index, and a search answers with 10,000 hits at most."""


def known_ids(connection: Connection, stream: str, ids: Sequence[str]) -> frozenset[str]:
    """Return those ids that a data stream has.

    ``create`` refuses an id only where it is in the index that is written to: after a rollover it has to be looked up.

    Raises:
        StoreError: When the cluster cannot answer.
    """
    found: set[str] = set()
    for start in range(0, len(ids), _MOST):
        left = sorted({*ids[start : start + _MOST]})
        while left:
            hits = _search(connection, stream, left)
            found.update(hits)
            left = [identity for identity in left if identity not in found] if len(hits) == _MOST else []
    return frozenset(found)


def _search(connection: Connection, stream: str, ids: Sequence[str]) -> list[str]:
    answer = connection.call(
        "POST",
        f"/{quote(stream)}/_search",
        {"size": _MOST, "track_total_hits": False, "_source": False, "query": {"ids": {"values": list(ids)}}},
        ignore_unavailable="true",
        allow_partial_search_results="false",
    )
    hits = a_list(an_object(answer.get("hits"), "hits").get("hits"), "hits")
    return [a_text(an_object(hit, "hit").get("_id"), "_id") for hit in hits]
