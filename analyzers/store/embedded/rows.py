"""The rows of a segment as the documents that were written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

import pyarrow as pa

from analyzers.store.document import Document
from analyzers.store.embedded.columns import ID, SOURCE


def documents_of(table: pa.Table, stream: str, columns: Mapping[str, str]) -> Iterator[Document]:
    """Yield the rows of a table as documents, in the table's order.

    Args:
        table: Rows of one segment, with all its columns.
        stream: The data stream they belong to.
        columns: How it holds each field, as its commit says.
    """
    del columns  # the source is whole
    ids = cast("list[str]", table.column(ID).to_pylist())
    sources = cast("list[str]", table.column(SOURCE).to_pylist())
    for identity, source in zip(ids, sources, strict=True):
        yield Document.encoded(stream, identity, source.encode())
