"""Write documents: ``_bulk`` with ``create`` and ``_id``, tried again until each document has its verdict."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final
from urllib.parse import quote

from analyzers.store.document import Document, Rejection, WriteResult
from analyzers.store.elastic.bulk import BATCH_BYTES, Fate, Line, Verdict, line_of, requests_of, verdicts
from analyzers.store.elastic.connection import AGAIN, GATEWAY, TOO_LARGE, Connection, LostAnswerError, RequestError
from analyzers.store.elastic.credit import Credit
from analyzers.store.elastic.patience import Budget, Patience
from analyzers.store.elastic.streams import StreamGuard
from analyzers.store.interface import StoreError
from analyzers.store.query import QueryError
from analyzers.store.schema import load_schema
from analyzers.store.validation import refusal

_LOGGER: Final = logging.getLogger("atalaia.elasticsearch")
_SEND_AGAIN: Final = "send the batch again later: what was written of it will be known by its ids"


@dataclass(slots=True)
class _Tally:
    stored: int = 0
    duplicates: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    streams: set[str] = field(default_factory=set)


class BulkWriter:
    """Writes batches to one cluster.

    **What is tried again**, with waits that grow and within the patience: whole requests that are answered by 429, 502,
    503 or 504, that are not answered in time or at all, or whose answer cannot be read; and single documents that are
    answered by 429 or 503, alone. This is safe: a document is created under its ``_id`` or not at all. A request that
    is too large (413) is sent in halves, and later requests are no larger than what the server took.

    **What is counted**: a document that was created is ``stored``; one that was there (409) is a ``duplicate``. When
    an earlier attempt may have been carried out though its answer did not say so (all cases above but 429 and 503 of a
    single document, and 429 of a request), a 409 most likely speaks of our own attempt: such a document counts as
    ``stored``, once for its id. So ``stored`` is exact for new documents, whatever happens to the answers; documents
    that were in the cluster before and whose first answer was lost are counted as ``stored``, too. The sum is always
    the batch.

    **Memory**: the documents of one request are held as bytes, at most some three times :data:`bulk.BATCH_BYTES` or the
    largest document; nothing is kept on the caller's documents.

    Args:
        connection: The way to Elasticsearch.
        patience: How long to go on trying.

    Attributes:
        guard: Refuses streams that are not ours.
    """

    def __init__(self, connection: Connection, patience: Patience) -> None:
        self._connection = connection
        self._patience = patience
        self._limit = BATCH_BYTES
        self.guard = StreamGuard(connection)

    def write(self, documents: Sequence[Document]) -> WriteResult:
        """Write a batch and make it visible to searches.

        Each touched stream is refreshed once, after the whole batch: a query that follows sees every event.
        ``wait_for`` would hold each batch back for up to the refresh interval (1 s), and a refresh for each ``_bulk``
        would cut more segments than one for each batch.

        Raises:
            StoreError: When the patience ends or the batch is refused as a whole. Documents already written stay;
                sending the batch again counts them as duplicates.
        """
        return _Writing(self._connection, self, Budget(self._patience), documents).run()

    @property
    def limit(self) -> int:
        """The most bytes of a request, as far as the server has let us know."""
        return self._limit

    def lower_limit(self, size: int) -> None:
        """Note that the server took no request of this many bytes."""
        self._limit = max(min(self._limit, size // 2), 1)


@dataclass(frozen=True, slots=True)
class _Pending:
    """What is still to be sent of a request.

    Attributes:
        lines: The documents.
        credit: Which ids the whole request has been credited with.
        lost: Whether an earlier attempt may have been carried out without an answer that said so.
    """

    lines: list[Line]
    credit: Credit
    lost: bool = False


class _Writing:
    """One batch on its way."""

    def __init__(
        self, connection: Connection, writer: BulkWriter, budget: Budget, documents: Sequence[Document]
    ) -> None:
        self._connection = connection
        self._writer = writer
        self._budget = budget
        self._documents = documents
        self._tally = _Tally()

    def run(self) -> WriteResult:
        """Write all of it."""
        for request in requests_of(self._lines(), lambda: self._writer.limit):
            self._settle(request)
        streams = sorted(self._tally.streams)
        self._patiently(lambda: self._writer.guard.check(streams))
        for stream in streams:
            self._patiently(partial(self._refresh, stream))
        return WriteResult(self._tally.stored, self._tally.duplicates, tuple(self._tally.rejected))

    def _lines(self) -> Iterator[Line]:
        for position, document in enumerate(self._documents):
            # A document keeps what was made of it, its bytes or its fields; a copy of it keeps them for this line only.
            passing = copy(document)
            if (reason := _refusal(passing)) is not None:
                self._tally.rejected.append(Rejection(document, reason))
                continue
            if document.stream not in self._tally.streams:
                self._admit(document.stream)
            yield line_of(position, document, passing.source)

    def _admit(self, stream: str) -> None:
        """Check a stream before its first document of this batch is sent."""
        self._patiently(lambda: self._writer.guard.check([stream]))
        self._tally.streams.add(stream)

    def _settle(self, request: list[Line]) -> None:
        """Send a request until each of its documents has a verdict."""
        pending = [_Pending(request, Credit(self._documents, request, self._tally.rejected))]
        while pending:
            current = pending.pop()
            begun = self._budget.begin()
            try:
                answer = self._connection.bulk(b"".join(line.bytes for line in current.lines))
                found = verdicts(answer, current.lines, self._connection.url)
            except RequestError as error:
                pending += reversed(self._after_refusal(current, error, begun))
            except LostAnswerError as error:
                self._pause(error, begun, None)
                pending.append(replace(current, lost=True))
            else:
                pending += self._after_answer(current, found, begun)

    def _after_refusal(self, current: _Pending, error: RequestError, begun: float) -> list[_Pending]:
        """Return what is to be sent after a whole request was refused, in order."""
        if error.status == TOO_LARGE:
            return self._halves(current, error)
        if error.status not in AGAIN:
            raise error
        self._pause(error, begun, error.retry_after)
        return [replace(current, lost=current.lost or error.status in GATEWAY)]

    def _halves(self, current: _Pending, error: RequestError) -> list[_Pending]:
        """Split a request that is too large; a document that is too large alone will never be taken."""
        lines, size = current.lines, sum(len(line.bytes) for line in current.lines)
        if len(lines) == 1:
            reason = f"its {size:,} bytes are more than {self._connection.url} takes in one request (413)"
            self._tally.rejected.append(Rejection(lines[0].document, reason))
            return []
        self._writer.lower_limit(size)
        _LOGGER.info("%s; %d documents go in halves", error.message, len(lines))
        middle = len(lines) // 2
        return [replace(current, lines=lines[:middle]), replace(current, lines=lines[middle:])]

    def _after_answer(self, current: _Pending, found: Sequence[Verdict], begun: float) -> list[_Pending]:
        """Count what has a verdict and return what is to be sent again."""
        again = [line for line, verdict in zip(current.lines, found, strict=True) if verdict.fate is Fate.BUSY]
        for line, verdict in zip(current.lines, found, strict=True):
            if verdict.fate is not Fate.BUSY:
                self._count(line.document, verdict, current)
        if not again:
            return []
        if len(again) < len(current.lines):
            self._budget.progressed()
        reason = next(verdict.reason for verdict in found if verdict.fate is Fate.BUSY)
        self._pause(StoreError(f"{self._connection.url} has no room for {len(again)} documents: {reason}"), begun, None)
        return [replace(current, lines=again)]

    def _count(self, document: Document, verdict: Verdict, current: _Pending) -> None:
        match verdict.fate:
            case Fate.CREATED:
                current.credit.created(document)
                self._tally.stored += 1
            case Fate.KNOWN if current.lost and current.credit.claims(document):
                self._tally.stored += 1
            case Fate.KNOWN:
                self._tally.duplicates += 1
            case Fate.REJECTED:
                self._tally.rejected.append(Rejection(document, verdict.reason))
            case _:
                raise StoreError(
                    f"{self._connection.url} cannot write to {document.stream} ({verdict.status}): "
                    f"{verdict.reason or 'no reason given'}",
                    "see 'atalaia elasticsearch status' and the cluster's log",
                )

    def _refresh(self, stream: str) -> None:
        """Make a stream's new documents visible. One all of whose documents were refused does not exist."""
        self._connection.call("POST", f"/{quote(stream)}/_refresh", ignore_unavailable="true")

    def _patiently(self, ask: Callable[[], None]) -> None:
        """Do something that may be done twice, until it succeeds or the patience ends."""
        while True:
            begun = self._budget.begin()
            try:
                return ask()
            except RequestError as error:
                if error.status not in AGAIN:
                    raise
                self._pause(error, begun, error.retry_after)
            except LostAnswerError as error:
                self._pause(error, begun, None)

    def _pause(self, error: StoreError, begun: float, retry_after: str | None) -> None:
        """Wait before the next attempt.

        Raises:
            StoreError: When the patience is at its end.
        """
        _LOGGER.info("%s; it is tried again", error.message)
        if not self._budget.pause(begun, retry_after):
            raise StoreError(f"gave up writing: {error.message}", _SEND_AGAIN) from error


def _refusal(document: Document) -> str | None:
    """Return why the document is not sent, by the rule that all stores share."""
    try:
        return refusal(document, load_schema(document.stream))
    except QueryError as error:
        return str(error)
