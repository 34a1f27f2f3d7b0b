"""Write documents: ``_bulk`` with ``create`` and ``_id``, each item's verdict taken one by one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from analyzers.store.document import Document, Rejection, WriteResult
from analyzers.store.elastic.answers import a_count, a_list, an_object
from analyzers.store.elastic.connection import BUSY, Connection, RequestError, reason_of
from analyzers.store.interface import StoreError
from analyzers.store.query import QueryError
from analyzers.store.schema import load_schema
from analyzers.store.validation import refusal

BATCH_BYTES: Final = 8 * 2**20
"""The most a ``_bulk`` request holds, unless one document alone is larger. Elasticsearch advises 5 to 15 MB."""

BACKOFF_SECONDS: Final = (0.2, 0.5, 1.0, 2.0, 5.0)
"""How long to wait before each new attempt when Elasticsearch is busy; then it is an error."""

_FIRST_ERROR: Final = 400


@dataclass(frozen=True, slots=True)
class _Line:
    document: Document
    bytes: bytes


@dataclass(slots=True)
class _Tally:
    stored: int = 0
    duplicates: int = 0
    rejected: list[Rejection] = field(default_factory=list)


def write(connection: Connection, documents: Sequence[Document], sleep: Callable[[float], None]) -> WriteResult:
    """Write a batch and make it visible to searches.

    Each touched stream is refreshed once, after the whole batch: a query that follows sees every event. ``wait_for``
    would hold each batch back for up to the refresh interval (1 s), and a refresh for each ``_bulk`` would cut more
    segments than one for each batch.

    Args:
        connection: The way to Elasticsearch.
        documents: The batch.
        sleep: Waits this many seconds between attempts.

    Raises:
        StoreError: When Elasticsearch stays busy or refuses the batch as a whole. Documents already written stay;
            sending the batch again counts them as duplicates.
    """
    tally = _Tally()
    accepted = [line for document in documents if (line := _checked(document, tally)) is not None]
    for batch in _batches(accepted):
        _write_batch(connection, batch, tally, sleep)
    for stream in sorted({line.document.stream for line in accepted}):
        _refresh(connection, stream)
    return WriteResult(tally.stored, tally.duplicates, tuple(tally.rejected))


def _checked(document: Document, tally: _Tally) -> _Line | None:
    """Return the document as it is sent; a refused one goes into the tally by the rule that all stores share."""
    try:
        reason = refusal(document, load_schema(document.stream))
    except QueryError as error:
        reason = str(error)
    if reason is not None:
        tally.rejected.append(Rejection(document, reason))
        return None
    action = {"create": {"_index": document.stream, "_id": document.id}}
    return _Line(document, b"%s\n%s\n" % (_dump(action), document.source))


def _dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _batches(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    batch: list[_Line] = []
    size = 0
    for line in lines:
        if batch and size + len(line.bytes) > BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line.bytes)
    if batch:
        yield batch


def _write_batch(
    connection: Connection,
    batch: list[_Line],
    tally: _Tally,
    sleep: Callable[[float], None],
) -> None:
    waits = iter(BACKOFF_SECONDS)
    while batch:
        batch, reason = _attempt(connection, batch, tally)
        if not batch:
            return
        wait = next(waits, None)
        if wait is None:
            raise StoreError(f"{connection.url} stays too busy to write: {reason}", "send the batch again later")
        sleep(wait)


def _attempt(connection: Connection, batch: list[_Line], tally: _Tally) -> tuple[list[_Line], str]:
    """Send a batch once; return the lines to send again, and why."""
    try:
        answer = connection.bulk(b"".join(line.bytes for line in batch))
    except RequestError as error:
        if error.status in BUSY:
            return batch, error.message
        raise
    items = a_list(answer.get("items"), "items")
    if len(items) != len(batch):
        raise StoreError(f"{connection.url} answered {len(items)} of {len(batch)} items", "send the batch again")
    again: list[_Line] = []
    last_reason = ""
    for line, item in zip(batch, items, strict=True):
        outcome = an_object(an_object(item, "item").get("create"), "create")
        status = a_count(outcome.get("status"), "status")
        reason = reason_of(an_object(outcome.get("error"), "error")) if status >= _FIRST_ERROR else ""
        if status in BUSY:
            again.append(line)
            last_reason = reason
        else:
            _count(connection, line.document, status, reason, tally)
    return again, last_reason


def _count(connection: Connection, document: Document, status: int, reason: str, tally: _Tally) -> None:
    match status:
        case 201:
            tally.stored += 1
        case 409:  # op_type create: this _id is there already
            tally.duplicates += 1
        case 400:
            tally.rejected.append(Rejection(document, reason))
        case _:
            raise StoreError(
                f"{connection.url} cannot write to {document.stream} ({status}): {reason or 'no reason given'}",
                "see the cluster's log",
            )


def _refresh(connection: Connection, stream: str) -> None:
    # A stream all of whose documents were refused by the server does not exist.
    connection.call("POST", f"/{quote(stream)}/_refresh", ignore_unavailable="true")
