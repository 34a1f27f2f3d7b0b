"""What is written to a store: documents, and where they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"


@dataclass(frozen=True, slots=True)
class Document:
    """One event as it is stored.

    Attributes:
        stream: The data stream it belongs to, e.g. ``logs-web.request-production``.
        id: The ``_id``; two documents of one stream with the same id are one event.
        body: The nested ECS document; ``@timestamp`` is RFC 3339 text in UTC.
    """

    stream: str
    id: str
    body: Mapping[str, JsonValue]


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
