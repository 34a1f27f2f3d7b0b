"""One ``_bulk`` request: what goes into it, and what its answer says of each document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

import orjson

from analyzers.store.document import Document
from analyzers.store.elastic.answers import JsonObject, a_count, a_list, an_object
from analyzers.store.elastic.connection import BUSY, LostAnswerError
from analyzers.store.elastic.reasons import reason_of

BATCH_BYTES: Final = 8 * 2**20
"""The most a ``_bulk`` request holds, unless one document alone is larger. Elasticsearch advises 5 to 15 MB."""

_CREATED: Final = 201
_MALFORMED: Final = 400
_CONFLICT: Final = 409
_FIRST_ERROR: Final = 400
_BLAMELESS: Final = frozenset({"index_closed_exception", "validation_exception"})
"""What 400 is not the document's fault with: a closed index, a cluster that has all the shards it may have."""

_NO_MORE_SHARDS: Final = "Validation Failed:"
"""How the reason begins where such a cluster names another type."""


@dataclass(frozen=True, slots=True)
class Line:
    """A document as it is sent.

    Attributes:
        position: Its index in the batch.
        document: The document.
        bytes: The action and the source, each with its line end.
    """

    position: int
    document: Document
    bytes: bytes


class Fate(Enum):
    """What became of one document of a request."""

    CREATED = auto()
    KNOWN = auto()
    """``op_type=create``: this ``_id`` is there already."""
    REJECTED = auto()
    """The mapping does not take it."""
    BUSY = auto()
    """It was not written; it may be sent again."""
    FAILED = auto()
    """It was not written, for a reason that is no fault of the document."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the answer says of one document.

    Attributes:
        fate: What became of it.
        status: The item's status.
        reason: The server's reason; empty when it was written.
    """

    fate: Fate
    status: int
    reason: str


def line_of(position: int, document: Document, source: bytes) -> Line:
    """Return a document as ``_bulk`` takes it."""
    action = {"create": {"_index": document.stream, "_id": document.id}}
    return Line(position, document, b"%s\n%s\n" % (orjson.dumps(action), source))


def requests_of(lines: Iterable[Line], limit: Callable[[], int]) -> Iterator[list[Line]]:
    """Yield the lines of one request after the other; only one request's lines are held at a time.

    Args:
        lines: The lines, read as they are needed.
        limit: The most bytes of a request, unless one line alone is larger; asked anew for each line.
    """
    request: list[Line] = []
    size = 0
    for line in lines:
        if request and size + len(line.bytes) > limit():
            yield request
            request, size = [], 0
        request.append(line)
        size += len(line.bytes)
    if request:
        yield request


def verdicts(answer: JsonObject, request: Sequence[Line], url: str) -> list[Verdict]:
    """Return what an answer says of each line of its request.

    Raises:
        LostAnswerError: When it speaks of fewer or more documents than were sent.
        StoreError: When it is not what Elasticsearch sends.
    """
    items = a_list(answer.get("items"), "items")
    if len(items) != len(request):
        raise LostAnswerError(f"{url} answered {len(items)} of {len(request)} items", "send the batch again")
    return [_verdict(an_object(an_object(item, "item").get("create"), "create")) for item in items]


def _verdict(outcome: JsonObject) -> Verdict:
    status = a_count(outcome.get("status"), "status")
    if status < _FIRST_ERROR:
        return Verdict(_fate(status), status, "")
    error = an_object(outcome.get("error"), "error")
    reason = reason_of(error)
    blameless = error.get("type") in _BLAMELESS or reason.startswith(_NO_MORE_SHARDS)
    return Verdict(Fate.FAILED if status == _MALFORMED and blameless else _fate(status), status, reason)


def _fate(status: int) -> Fate:
    if status in BUSY:
        return Fate.BUSY
    return {_CREATED: Fate.CREATED, _CONFLICT: Fate.KNOWN, _MALFORMED: Fate.REJECTED}.get(status, Fate.FAILED)
