"""Weights in segments: a column where there are some, none where there are none, and merges of both."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from analyzers.store.document import Document, JsonValue
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.embedded.verification import verified
from analyzers.store.query import Avg, Count, Percentile, Stored, Sum
from analyzers.store.selection import Selection
from tests.store_conformance.events import ALWAYS, ask, document, shown

_STREAM = "logs-web.request-test"
_AT = "2024-01-15T10:30:00.000Z"
_MEASURES = (Count(), Stored(), Sum("response_time"), Avg("response_time"), Percentile("response_time", 50))


def _event(identity: str, seconds: float, weight: int = 1) -> Document:
    fields: dict[str, JsonValue] = {"response_time": seconds, "event.id": identity}
    if weight > 1:
        fields |= {"sample_weight": weight, "_doc_count": weight}
    return document(_STREAM, identity, _AT, fields)


def _columns(root: Path, path: str) -> set[str]:
    return set(pq.ParquetFile(root / path).schema_arrow.names)


def test_only_segments_with_weights_have_the_column(tmp_path: Path) -> None:
    """In the file and in what the commit says of it; queries over the others are those of before."""
    with EmbeddedStore(tmp_path, writable=True) as store:
        store.append([_event("a", 1.0)])
        store.append([_event("b", 2.0), _event("c", 3.0, 5)])
        plain, weighted = store.segments
        assert "sample_weight" not in plain.columns
        assert "sample_weight" not in _columns(tmp_path, plain.path)
        assert weighted.columns["sample_weight"] == "long"
        assert "sample_weight" in _columns(tmp_path, weighted.path)
        # 1 and 2 once, 3 five times: 18 over 7; the fourth of seven is 3.
        assert shown(ask(store, _STREAM, *_MEASURES)) == [[7, 3, 18.0, 18 / 7, 3.0]]


def test_segments_with_and_without_weights_are_merged(tmp_path: Path) -> None:
    """The merged segment has the column and the same documents; two without it have none afterwards either."""
    with EmbeddedStore(tmp_path, writable=True) as store:
        store.append([_event("a", 1.0)])
        store.append([_event("b", 2.0)])
        store.maintenance.compact()
        assert [("sample_weight" in each.columns, each.rows) for each in store.segments] == [(False, 2)]
        store.append([_event("c", 3.0, 5)])
        before = list(store.documents(Selection(_STREAM, ALWAYS)))
        store.maintenance.compact()
        assert [("sample_weight" in each.columns, each.rows) for each in store.segments] == [(True, 3)]
        assert list(store.documents(Selection(_STREAM, ALWAYS))) == before
        assert shown(ask(store, _STREAM, *_MEASURES)) == [[7, 3, 18.0, 18 / 7, 3.0]]
    assert verified(tmp_path, deep=True).findings == ()
