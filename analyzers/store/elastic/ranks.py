"""Look up one value of a group by its rank, exactly, where a histogram cannot hold the group's values."""

from __future__ import annotations

from typing import Final

from analyzers.store.elastic.answers import Json, JsonObject, a_list, a_number, an_object
from analyzers.store.elastic.percentiles import Rank
from analyzers.store.elastic.search import Snapshot
from analyzers.store.interface import StoreError

_PAGE: Final = 10_000
"""Elasticsearch's ``index.max_result_window``."""


def value_at(snapshot: Snapshot, wanted: JsonObject, rank: Rank) -> int | float:
    """Return the value at a rank among those a filter selects.

    Pages through the sorted values from the nearer end: the cost grows with the distance from it, at most half of the
    group. It is for the rare group with values beyond what a histogram holds, a negative duration or one of years.

    Raises:
        StoreError: When the group has fewer values than the rank says.
    """
    ascending = rank.position <= rank.size - rank.position + 1
    left = rank.position if ascending else rank.size - rank.position + 1
    name = rank.field.name
    query: JsonObject = {"bool": {"filter": [wanted, {"exists": {"field": name}}]}}
    after: JsonObject = {}
    while True:
        answer = snapshot.search(
            {
                "size": min(left, _PAGE),
                "track_total_hits": False,
                "_source": False,
                "query": query,
                "sort": [{name: {"order": "asc" if ascending else "desc"}}],
                **after,
            },
        )
        hits = a_list(an_object(answer.get("hits"), "hits").get("hits"), "hits")
        if not hits:
            raise StoreError(f"{name} has fewer values than were counted", "ask again")
        last: list[Json] = a_list(an_object(hits[-1], "hit").get("sort"), "sort")
        left -= len(hits)
        if left <= 0:
            return a_number(last[0], name)
        after = {"search_after": last}
