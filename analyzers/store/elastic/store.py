"""The Elasticsearch store: data streams in a cluster, queries as aggregations."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Final, Self

from analyzers.store.checks import check_query
from analyzers.store.document import Document, WriteResult
from analyzers.store.elastic.answers import JsonObject, a_count, an_object
from analyzers.store.elastic.compiler import Part, Plan, compile_query, query_filter
from analyzers.store.elastic.connection import REQUEST_SECONDS, Connection, Credentials
from analyzers.store.elastic.mapping import check_mapping
from analyzers.store.elastic.measures import Measures
from analyzers.store.elastic.patience import Patience, seconds_of
from analyzers.store.elastic.percentiles import Rank
from analyzers.store.elastic.predicates import ANYTHING
from analyzers.store.elastic.ranks import value_at
from analyzers.store.elastic.search import Reach, Snapshot, aggregations_of, snapshot, total_of
from analyzers.store.elastic.templates import ensure_templates
from analyzers.store.elastic.writer import BulkWriter
from analyzers.store.instants import from_millis
from analyzers.store.ordering import ordered
from analyzers.store.query import Query, QueryError, Window
from analyzers.store.result import Result, Row
from analyzers.store.schema import load_schema
from analyzers.store.validation import stream_refusal

_GROUPS_A_PAGE: Final = 2_000
_HISTOGRAMS_A_PAGE: Final = 200
"""A histogram takes some 100 kB of the server's heap for each group of a page."""

_SECOND: Final = 1_000


class ElasticStore:
    """A store in Elasticsearch 9. Satisfies :class:`analyzers.store.interface.Store`.

    Counts are exact; percentiles are nearest rank, their values within 0.1 %
    (:mod:`analyzers.store.elastic.percentiles`). A query sees every event whose ``append`` has returned, and all of
    one query's requests see the same events. One ``_id`` is one event within a backing index, so an event that is sent
    again after its stream rolled over is stored twice.

    Args:
        url: ``http(s)://[user:password@]host[:port][/prefix]``; several hosts of one cluster separated by commas.
        credentials: Who we are; from the environment by default (see :meth:`Credentials.from_environment`).
        patience: How long to go on writing to a cluster in trouble; from the environment by default (see
            :meth:`Patience.from_environment`).
        request_seconds: How long one request may take; by default ``ATALAIA_ES_REQUEST_SECONDS``, else 60.

    Raises:
        StoreError: When the address or the credentials cannot be used. The cluster itself is not contacted yet.
    """

    def __init__(
        self,
        url: str,
        *,
        credentials: Credentials | None = None,
        patience: Patience | None = None,
        request_seconds: float | None = None,
    ) -> None:
        credentials = credentials or Credentials.from_environment(os.environ)
        if request_seconds is None:
            request_seconds = seconds_of(os.environ, "ATALAIA_ES_REQUEST_SECONDS", REQUEST_SECONDS)
        self._connection = Connection(url, credentials, request_seconds=request_seconds)
        self._writer = BulkWriter(self._connection, patience or Patience.from_environment(os.environ))
        self._has_templates = False

    @property
    def url(self) -> str:
        """The address, without credentials."""
        return self._connection.url

    def append(self, documents: Sequence[Document]) -> WriteResult:
        """Write a batch; when this returns, what it counts as stored is durable and visible to queries.

        Raises:
            StoreError: When the cluster cannot take the batch; see :class:`analyzers.store.elastic.writer.BulkWriter`.
        """
        if not self._has_templates:
            ensure_templates(self._connection)
            self._has_templates = True
        return self._writer.write(documents)

    def query(self, query: Query) -> Result:
        """Answer a query.

        Raises:
            QueryError: When the query cannot be asked.
            StoreError: When the cluster cannot answer, or maps a field of the query otherwise than our templates do.
        """
        _check_stream(query.stream)
        schema = check_query(query)
        wanted = query_filter(query, schema)
        with snapshot(self._connection, query.stream) as events:
            if events.shards:
                check_mapping(self._connection, query, schema)
            reach = events.reach(wanted) if events.shards else None
            if reach is None:
                return Result(query, () if query.by else (Measures(query, schema, 0).empty(),))
            plan = compile_query(query, schema, _window(reach))
            return Result(query, ordered(query, _rows(plan, Measures(query, schema, reach.count), events)))

    def extent(self, stream: str) -> Window | None:
        """Return the least window of whole milliseconds that holds every event of the stream.

        Raises:
            QueryError: When there can be no such stream.
            StoreError: When the cluster cannot answer.
        """
        _check_stream(stream)
        load_schema(stream)
        with snapshot(self._connection, stream) as events:
            reach = events.reach(ANYTHING) if events.shards else None
        return None if reach is None else _window(reach)

    def close(self) -> None:
        """Close the connections."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _check_stream(stream: str) -> None:
    """Refuse what Elasticsearch would read as several streams, or as other ones: commas, inner stars, a minus."""
    reason = stream_refusal(f"{stream[:-1]}any" if stream.endswith("-*") else stream)
    if reason is not None:
        raise QueryError(reason, "name one data stream, or all environments of one as logs-web.request-*")


def _window(reach: Reach) -> Window:
    """Return the least window of whole seconds at its end that holds all that was reached."""
    return Window(from_millis(reach.first), from_millis((reach.last // _SECOND + 1) * _SECOND))


def _rows(plan: Plan, measures: Measures, events: Snapshot) -> Iterator[Row]:
    for part in plan.parts:
        for key, count, answer in _groups(part, measures, events):
            values = {
                name: value_at(events, plan.group_filter(part, key), value) if isinstance(value, Rank) else value
                for name, value in measures.read(count, answer).items()
            }
            yield {**plan.dimensions(part, key), **values}


def _groups(part: Part, measures: Measures, events: Snapshot) -> Iterator[tuple[JsonObject, int, JsonObject]]:
    """Yield the groups of a part: key, number of events, aggregations."""
    aggregations = measures.aggregations()
    if not part.sources:
        answer = events.search({"size": 0, "track_total_hits": True, "query": part.filter, "aggs": aggregations})
        if part.run is None or total_of(answer):
            yield {}, total_of(answer), aggregations_of(answer)
        return
    size = _HISTOGRAMS_A_PAGE if measures.has_percentiles else _GROUPS_A_PAGE
    for bucket in events.groups(part.filter, {"size": size, "sources": part.sources}, aggregations):
        yield an_object(bucket.get("key"), "key"), a_count(bucket.get("doc_count"), "doc_count"), bucket
