"""What is written to a store: documents, and where they came from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self, TypeAlias, cast

import orjson

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"


class Document:
    """One event as it is stored. A value: it is not changed once it is made.

    Args:
        stream: The data stream it belongs to, e.g. ``logs-web.request-production``.
        id: The ``_id``; two documents of one stream with the same id are one event.
        body: The nested ECS document; ``@timestamp`` is RFC 3339 text in UTC.
    """

    __slots__ = ("_body", "_source", "id", "stream")

    def __init__(self, stream: str, id: str, body: Mapping[str, JsonValue]) -> None:  # noqa: A002 - Elasticsearch's word
        self.stream = stream
        self.id = id
        self._body: Mapping[str, JsonValue] | None = body
        self._source: bytes | None = None

    @classmethod
    def encoded(cls, stream: str, identity: str, source: bytes) -> Self:
        """Make a document of its body as a JSON object; it is decoded only when it is asked for.

        Args:
            stream: The data stream.
            identity: The ``_id``.
            source: The body in UTF-8, with no integer beyond 64 bits.
        """
        document = cls(stream, identity, {})
        document._body, document._source = None, source
        return document

    @property
    def body(self) -> Mapping[str, JsonValue]:
        """The nested document."""
        if self._body is None:
            self._body = self.decoded()
        return self._body

    def decoded(self) -> Mapping[str, JsonValue]:
        """Return the nested document without keeping it, which spares memory when each is looked at once."""
        if self._body is not None:
            return self._body
        return cast("Mapping[str, JsonValue]", orjson.loads(self._source or b"{}"))

    @property
    def source(self) -> bytes:
        """The body as JSON in UTF-8, as stores keep it."""
        if self._source is None:
            self._source = _encoded(self._body or {})
        return self._source

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Document):
            return NotImplemented
        return (self.stream, self.id, self.body) == (other.stream, other.id, other.body)

    __hash__ = None  # type: ignore[assignment] # a body has none

    def __repr__(self) -> str:
        return f"Document(stream={self.stream!r}, id={self.id!r}, body={self.body!r})"


def _encoded(body: Mapping[str, JsonValue]) -> bytes:
    try:
        return orjson.dumps(dict(body))
    except TypeError:  # an integer beyond 64 bits
        return json.dumps(dict(body), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class SourcePosition:
    """How far a source has been read: everything before ``offset`` is in the batch or in an earlier one.

    Attributes:
        source: The identity of the source (for a file: device, inode and first-line fingerprint).
        offset: The first byte not yet read.
    """

    source: str
    offset: int


@dataclass(frozen=True, slots=True)
class Rejection:
    """A document the store did not take, and why, in words."""

    document: Document
    reason: str


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What became of one batch: ``stored + duplicates + len(rejected)`` is its size."""

    stored: int
    duplicates: int
    rejected: tuple[Rejection, ...] = ()
