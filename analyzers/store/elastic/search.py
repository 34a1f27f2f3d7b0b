"""Run a query: parts of one point in time, each paged until it is complete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import quote

from analyzers.fields import TIMESTAMP
from analyzers.store.elastic.answers import Json, JsonObject, a_count, a_list, a_number, a_text, an_object
from analyzers.store.elastic.connection import NOT_FOUND, Connection, RequestError
from analyzers.store.interface import StoreError

GroupKey: TypeAlias = tuple[tuple[str, Json], ...]
"""The key of a composite bucket as a value."""

_KEEP_ALIVE: Final = "1m"
WEIGHED: Final[JsonObject] = {"filter": {"match_all": {}}}
"""Its ``doc_count`` is the sum of the weights, where the total of the hits is the number of documents."""

_REACH: Final[JsonObject] = {
    "first": {"min": {"field": TIMESTAMP}},
    "last": {"max": {"field": TIMESTAMP}},
    "weight": WEIGHED,
}


@dataclass(frozen=True, slots=True)
class Reach:
    """What a filter selects.

    Attributes:
        count: How many documents; at least one.
        weight: How many events they stand for.
        first: The first one's instant, in milliseconds since 1970.
        last: The last one's.
    """

    count: int
    weight: int
    first: int
    last: int


@dataclass(slots=True)
class Snapshot:
    """A point in time of a stream: all its requests see the same events, whatever is written meanwhile.

    Attributes:
        connection: The way to Elasticsearch.
        shards: How many shards it spans; 0 when the stream does not exist.
        id: Elasticsearch's name for it.
        keep_alive: How long it outlives a request.
    """

    connection: Connection
    shards: int
    id: str
    keep_alive: str = _KEEP_ALIVE

    def search(self, body: JsonObject) -> JsonObject:
        """Search it.

        Raises:
            StoreError: When any shard fails: an answer from the others would be a wrong answer.
        """
        pit: JsonObject = {"id": self.id, "keep_alive": self.keep_alive}
        answer = self.connection.call(
            "POST",
            "/_search",
            {**body, "pit": pit},
            allow_partial_search_results="false",
        )
        if answer.get("timed_out") is True:
            raise StoreError(f"{self.connection.url} ran out of time", "narrow the window")
        self.id = a_text(answer.get("pit_id"), "pit_id")
        return answer

    def reach(self, wanted: JsonObject) -> Reach | None:
        """Return how much a filter selects and over which span; ``None`` when it selects none."""
        answer = self.search({"size": 0, "track_total_hits": True, "query": wanted, "aggs": _REACH})
        count = total_of(answer)
        if count == 0:
            return None
        ends = aggregations_of(answer)
        first, last = (a_number(an_object(ends.get(name), name).get("value"), name) for name in ("first", "last"))
        return Reach(count, weight_of(ends, "weight"), int(first), int(last))

    def groups(self, wanted: JsonObject, composite: JsonObject, aggregations: JsonObject) -> Iterator[JsonObject]:
        """Yield every bucket of a composite aggregation, page by page until there is none left."""
        after: JsonObject = {}
        while True:
            group: dict[str, Json] = {"composite": {**composite, **after}}
            if aggregations:
                group["aggs"] = aggregations
            answer = self.search({"size": 0, "track_total_hits": False, "query": wanted, "aggs": {"groups": group}})
            found = an_object(an_object(answer.get("aggregations"), "aggregations").get("groups"), "groups")
            for bucket in a_list(found.get("buckets"), "buckets"):
                yield an_object(bucket, "bucket")
            if "after_key" not in found:
                return
            after = {"after": found["after_key"]}


@contextmanager
def snapshot(connection: Connection, stream: str, keep_alive: str = _KEEP_ALIVE) -> Iterator[Snapshot]:
    """Open a point in time of a stream or a pattern of streams, and close it at the end."""
    path = f"/{quote(stream, safe='*,')}/_pit"
    answer = connection.call("POST", path, keep_alive=keep_alive, ignore_unavailable="true")
    shards = a_count(an_object(answer.get("_shards"), "_shards").get("total"), "total")
    opened = Snapshot(connection, shards, a_text(answer.get("id"), "id"), keep_alive)
    try:
        yield opened
    finally:
        _close(opened)


def _close(opened: Snapshot) -> None:
    try:
        opened.connection.call("DELETE", "/_pit", {"id": opened.id})
    except RequestError as error:
        if error.status != NOT_FOUND:  # it has expired: whoever read took longer over a page than it is kept
            raise


def known_key(key: JsonObject) -> GroupKey:
    """Return the key of a composite bucket as a value."""
    return tuple(sorted(key.items(), key=lambda item: item[0]))


def split_key(bucket: JsonObject, name: str) -> tuple[GroupKey, Json]:
    """Return the key of a composite bucket without one of its sources, and the value of that."""
    key = dict(an_object(bucket.get("key"), "key"))
    value = key.pop(name)
    return known_key(key), value


def total_of(answer: JsonObject) -> int:
    """Return the exact number of hits of a search that tracked it."""
    hits = an_object(answer.get("hits"), "hits")
    return a_count(an_object(hits.get("total"), "total").get("value"), "total")


def weight_of(aggregations: JsonObject, name: str) -> int:
    """Return how many events the documents of a bucket stand for."""
    return a_count(an_object(aggregations.get(name), name).get("doc_count"), name)


def aggregations_of(answer: JsonObject) -> Mapping[str, Json]:
    """Return the aggregations of a search; none when it had none to compute."""
    found = answer.get("aggregations")
    return an_object(found, "aggregations") if found is not None else {}
