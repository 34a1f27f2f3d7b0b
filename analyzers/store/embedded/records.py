"""What the commit log says, as it stands in its files.

Models, because they are read from a disk: every field is checked before it is believed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, PlainSerializer

CONFIG = ConfigDict(extra="forbid", frozen=True)


@lru_cache(maxsize=256)
def _layout(columns: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    return MappingProxyType(dict(columns))


def _shared(columns: Mapping[str, str]) -> Mapping[str, str]:
    """Return one object for all equal layouts: thousands of segments have a handful of them."""
    return _layout(tuple(columns.items()))


Columns = Annotated[Mapping[str, str], AfterValidator(_shared), PlainSerializer(dict)]


class Piece(BaseModel):
    """A range of a segment's bytes that can be judged by itself: a row group, or the footer, which comes last.

    Attributes:
        end: The first byte after it; it begins where the one before ends, the first at 0.
        checksum: XXH3 (64 bits) of its bytes, as 16 hexadecimal digits.
    """

    model_config = CONFIG

    end: int
    checksum: str


class Segment(BaseModel):
    """One Parquet file: events of one stream and one UTC day, in order of time.

    Attributes:
        stream: The data stream.
        path: Relative to the store's directory.
        rows: How many events.
        size: Bytes of the file.
        pieces: Its checksums.
        first: The least ``@timestamp``, in milliseconds since 1970.
        last: The greatest.
        least_id: The least ``_id`` by code point.
        greatest_id: The greatest.
        written: When its newest event was committed, in milliseconds since 1970.
        columns: The stored fields it has a column for, with their types.
        footer: A copy of its last piece, without which nothing of it can be read: zstd in base64.
    """

    model_config = CONFIG

    stream: str
    path: str
    rows: int
    size: int
    pieces: tuple[Piece, ...]
    first: int
    last: int
    least_id: str
    greatest_id: str
    written: int
    columns: Columns
    footer: str


class Loss(BaseModel):
    """Events that the store had and has no longer because the disk damaged them. It is never forgotten.

    Attributes:
        stream: Their data stream.
        path: The damaged segment, relative to the store's directory.
        kept: Where the damaged file is kept now, relative to the store's directory; ``None`` when it was gone.
        rows: How many events are lost; those that could be read are in a segment of their own.
        first: No lost event is before this, in milliseconds since 1970.
        last: None is after this.
        reason: What was wrong, in words.
        noticed: When it was set aside, in milliseconds since 1970.
        restored: When somebody said that they have been stored again, in milliseconds since 1970; ``None`` until then.
    """

    model_config = CONFIG

    stream: str
    path: str
    kept: str | None
    rows: int
    first: int
    last: int
    reason: str
    noticed: int
    restored: int | None = None


class Commit(BaseModel):
    """One change of the store; all of it holds, or none.

    Attributes:
        number: From 1, without a gap.
        committed_at: When.
        added: Segments that belong to the store from here on.
        removed: Paths of segments that do no longer: merged into others, expired, or set aside.
        positions: Sources and the offsets up to which they have been read.
        losses: What was found to be lost.
        restored: Paths of the losses whose events have been stored again.
    """

    model_config = CONFIG

    number: int
    committed_at: AwareDatetime
    added: tuple[Segment, ...] = ()
    removed: tuple[str, ...] = ()
    positions: Mapping[str, int] = MappingProxyType({})
    losses: tuple[Loss, ...] = ()
    restored: tuple[str, ...] = ()


class Checkpoint(BaseModel):
    """All that the commits up to one number say together; with it they need not be read again.

    Attributes:
        number: The last of these commits.
        committed_at: When that was.
        segments: All segments of the store.
        positions: All sources.
        losses: All losses.
    """

    model_config = CONFIG

    number: int
    committed_at: AwareDatetime
    segments: tuple[Segment, ...]
    positions: Mapping[str, int]
    losses: tuple[Loss, ...]
