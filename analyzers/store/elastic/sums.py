"""Weighted sums out of Elasticsearch, whose metrics take no heed of weights.

The events of one weight are summed by the server, and the sums are put together here: so whole numbers stay exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum
from typing import Final

from analyzers.fields import SAMPLE_WEIGHT, TIMESTAMP
from analyzers.store.elastic.answers import Json, JsonObject, a_count, a_number, an_object
from analyzers.store.elastic.compiler import Part
from analyzers.store.elastic.search import GroupKey, Snapshot, split_key
from analyzers.store.interface import StoreError
from analyzers.store.schema import INTEGRAL, FieldSpec

EXACT: Final = 2**53
"""Up to here a double holds every whole number; Elasticsearch's metrics are doubles."""

_WEIGHT: Final = "weight"
_DOCUMENTS: Final = "documents"
_PAGE: Final = 5_000


@dataclass(slots=True)
class Total:
    """A field's values in one group, each as often as its event's weight says.

    Attributes:
        spec: The field.
        count: How many values.
        sums: The sums of the values of one weight each, times that weight.
    """

    spec: FieldSpec
    count: int = 0
    sums: list[float] = field(default_factory=list)

    @property
    def sum(self) -> float:
        """All values together; whole numbers exactly."""
        return sum(self.sums) if self.spec.type in INTEGRAL else fsum(self.sums)

    def add(self, weight: int, stats: JsonObject) -> None:
        """Take the values of the events of one weight.

        Raises:
            StoreError: When their sum is too large to be exact.
        """
        count = a_count(stats.get("count"), "count")
        if count == 0:
            return
        found = a_number(stats.get("sum"), "sum")
        if self.spec.type in INTEGRAL:
            if abs(found) >= EXACT:
                raise inexact(self.spec)
            found = int(found)
        self.count += weight * count
        self.sums.append(weight * found)


def inexact(summed: FieldSpec) -> StoreError:
    """Return what is said of a sum that Elasticsearch cannot make exactly."""
    return StoreError(
        f"the sum of {summed.name} is beyond 2**53, where Elasticsearch's sums are no longer exact",
        "narrow the window or group it",
    )


def totals(events: Snapshot, part: Part, fields: Sequence[FieldSpec]) -> Mapping[GroupKey, Mapping[str, Total]]:
    """Return the sums of fields in each group of a part, by the fields' names.

    Raises:
        StoreError: When a sum is too large to be exact, or an index does not map the weights.
    """
    if not fields:
        return {}
    sources: list[Json] = [*part.sources, {_WEIGHT: {"terms": {"field": SAMPLE_WEIGHT, "missing_bucket": True}}}]
    aggregations: dict[str, Json] = {each.name: {"stats": {"field": each.name}} for each in fields}
    aggregations[_DOCUMENTS] = {"value_count": {"field": TIMESTAMP}}
    found: dict[GroupKey, dict[str, Total]] = {}
    for bucket in events.groups(part.filter, {"size": _PAGE, "sources": sources}, aggregations):
        key, kept = split_key(bucket, _WEIGHT)
        weight = 1 if kept is None else a_count(kept, SAMPLE_WEIGHT)
        _check(bucket, weight)
        group = found.setdefault(key, {each.name: Total(each) for each in fields})
        for name, total in group.items():
            total.add(weight, an_object(bucket.get(name), name))
    return found


def _check(bucket: JsonObject, weight: int) -> None:
    """Make sure that the server counts as our field says."""
    documents = a_count(an_object(bucket.get(_DOCUMENTS), _DOCUMENTS).get("value"), _DOCUMENTS)
    if a_count(bucket.get("doc_count"), "doc_count") != weight * documents:
        raise StoreError(
            f"an event's _doc_count is not its {SAMPLE_WEIGHT}, or a backing index does not map the latter",
            "run 'atalaia elasticsearch setup --rollover'; then reindex the stream, or delete it and ingest again",
        )
