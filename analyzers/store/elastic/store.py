"""The Elasticsearch store: data streams in a cluster, queries as aggregations."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

from analyzers.store.answering import answer_query
from analyzers.store.checks import check_query, check_stream
from analyzers.store.document import Document, WriteResult
from analyzers.store.elastic.backing import filled_streams
from analyzers.store.elastic.compiler import query_filter
from analyzers.store.elastic.connection import Connection, Credentials
from analyzers.store.elastic.documents import read_documents
from analyzers.store.elastic.groups import rows, window_of
from analyzers.store.elastic.mapping import check_mapping, check_timestamp
from analyzers.store.elastic.patience import Patience, request_seconds_of
from analyzers.store.elastic.predicates import ANYTHING
from analyzers.store.elastic.presence import known_ids
from analyzers.store.elastic.search import snapshot
from analyzers.store.elastic.templates import ensure_templates
from analyzers.store.elastic.writer import BulkWriter
from analyzers.store.query import Query, Window
from analyzers.store.result import Result
from analyzers.store.selection import Selection


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
            request_seconds = request_seconds_of(os.environ)
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
        schema = check_query(query)
        with snapshot(self._connection, query.stream) as events:
            if events.shards:
                check_mapping(self._connection, query, schema)
            reach = events.reach(query_filter(query, schema)) if events.shards else None
            return answer_query(query, lambda asked: rows(asked, schema, events, reach))

    def extent(self, stream: str) -> Window | None:
        """Return the least window of whole milliseconds that holds every event of the stream.

        Raises:
            QueryError: When there can be no such stream.
            StoreError: When the cluster cannot answer, or maps ``@timestamp`` otherwise than our templates do.
        """
        check_stream(stream)
        with snapshot(self._connection, stream) as events:
            if events.shards:
                check_timestamp(self._connection, stream)
            reach = events.reach(ANYTHING) if events.shards else None
        return None if reach is None else window_of(reach)

    def documents(self, selection: Selection) -> Iterator[Document]:
        """Yield the documents of a selection in its order.

        Raises:
            QueryError: When the selection cannot be asked for.
            StoreError: When the cluster cannot answer, or maps a field of it otherwise than our templates do.
        """
        return read_documents(self._connection, selection, check_query(selection.counted))

    def streams(self) -> tuple[str, ...]:
        """Return the names of the data streams of our templates that have an event, sorted.

        Raises:
            StoreError: When the cluster cannot answer.
        """
        return filled_streams(self._connection)

    def known(self, stream: str, ids: Sequence[str]) -> frozenset[str]:
        """Return those ids that a data stream has, in whichever of its backing indices.

        Raises:
            StoreError: When the cluster cannot answer.
        """
        return known_ids(self._connection, stream, ids)

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
