"""Look up values of groups by their places, which events take as many of as they weigh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from analyzers.store.elastic.answers import Json, JsonObject, a_count
from analyzers.store.elastic.brackets import Bracket, Sought
from analyzers.store.elastic.compiler import Part
from analyzers.store.elastic.search import GroupKey, Snapshot, split_key
from analyzers.store.interface import StoreError
from analyzers.store.schema import Schema

_CELL: Final = "cell"
_PAGE: Final = 10_000


def values_at(
    events: Snapshot, part: Part, schema: Schema, sought: Mapping[GroupKey, Sequence[Sought]]
) -> Mapping[tuple[GroupKey, Sought], float]:
    """Look up the values that groups of a part have at some places.

    A bracket is read once for all groups, its cells in ascending order.

    Raises:
        StoreError: When a group has fewer values than were counted.
    """
    found: dict[tuple[GroupKey, Sought], float] = {}
    for bracket in dict.fromkeys(each.bracket for several in sought.values() for each in several):
        wanted = {key: [each for each in several if each.bracket == bracket] for key, several in sought.items()}
        taken = dict.fromkeys(wanted, 0)
        for key, cell, bucket in _cells(events, part, schema, bracket):
            before = taken.get(key, 0)
            taken[key] = before + a_count(bucket.get("doc_count"), "doc_count")
            for each in wanted.get(key, ()):
                if before < each.place <= taken[key]:
                    found[key, each] = bracket.value(cell, bucket)
    if any((key, each) not in found for key, several in sought.items() for each in several):
        raise StoreError("a group has fewer values than were counted", "ask again")
    return found


def _cells(
    events: Snapshot, part: Part, schema: Schema, bracket: Bracket
) -> Iterator[tuple[GroupKey, Json, JsonObject]]:
    inside: JsonObject = {"bool": {"filter": [part.filter, bracket.filter(schema)]}}
    composite: JsonObject = {"size": _PAGE, "sources": [*part.sources, {_CELL: bracket.source()}]}
    for bucket in events.groups(inside, composite, bracket.ends()):
        yield *split_key(bucket, _CELL), bucket
