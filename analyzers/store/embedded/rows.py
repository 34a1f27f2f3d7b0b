"""The rows of a segment as the documents that were written."""

from __future__ import annotations

from typing import cast

import pyarrow as pa

from analyzers.store.document import Document
from analyzers.store.embedded.columns import ID, SOURCE
from analyzers.store.embedded.records import Segment


def document_columns(segment: Segment) -> tuple[str, ...]:
    """Return the columns of a segment that :func:`documents_of` reads."""
    del segment  # whatever fields it has, its documents are whole
    return (ID, SOURCE)


def documents_of(table: pa.Table, stream: str) -> list[Document]:
    """Return the rows of a table as documents, in the table's order.

    Args:
        table: The columns that :func:`document_columns` names, as the segment has them.
        stream: The data stream they belong to.
    """
    ids = cast("list[str]", table.column(ID).to_pylist())
    sources = cast("list[str]", table.column(SOURCE).to_pylist())
    return [Document.encoded(stream, identity, source.encode()) for identity, source in zip(ids, sources, strict=True)]
