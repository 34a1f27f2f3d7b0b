"""What is different between a file of saved objects and a Kibana: object by object, place by place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from atalaia.kibana.objects import Json, JsonObject, SavedObject, by_name, normalised, opened

FORMS: Final = ("coreMigrationVersion", "typeMigrationVersion")
"""Which form an object is written in: a newer Kibana rewrites it, which is nobody's change."""
_IDENTIFYING: Final = ("panelIndex", "name", "eventId", "id", "columnId", "layerId", "forAccessor")
_SHORT: Final = 60


class State(StrEnum):
    """What there is of an object."""

    EQUAL = "as in the file"
    CHANGED = "changed in Kibana"
    MISSING = "not in Kibana"


@dataclass(frozen=True, slots=True)
class Comparison:
    """An object of the file beside Kibana's.

    Attributes:
        item: As the file has it.
        state: What there is of it.
        changes: Each place that differs, with the file's value and Kibana's.
    """

    item: SavedObject
    state: State
    changes: tuple[str, ...] = ()


def compare(file: Sequence[SavedObject], found: Sequence[SavedObject]) -> list[Comparison]:
    """Compare the objects of a file with those that a Kibana has, in the file's order."""
    there = by_name(found)
    return [_compared(each, there.get((each.type, each.id))) for each in file]


def _compared(item: SavedObject, other: SavedObject | None) -> Comparison:
    if other is None:
        return Comparison(item, State.MISSING)
    changes = tuple(_differences("", _plain(item), _plain(other)))
    return Comparison(item, State.CHANGED if changes else State.EQUAL, changes)


def _plain(item: SavedObject) -> JsonObject:
    return {key: value for key, value in opened(normalised(item)).items() if key not in FORMS}


def _differences(place: str, one: Json, other: Json) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}):
            below = f"{place}.{key}" if place else key
            yield from _differences(below, one.get(key), other.get(key))
    elif isinstance(one, list) and isinstance(other, list):
        named, others = _named(one), _named(other)
        for key in dict.fromkeys((*named, *others)):
            yield from _differences(f"{place}[{key}]", named.get(key), others.get(key))
    elif one != other:
        yield f"{place}: {_shown(one)} → {_shown(other)}"


def _named(items: list[Json]) -> dict[str, Json]:
    """Return the items of a list by what identifies them, so that one that moved is not many that changed."""
    for name in _IDENTIFYING:
        keys = [each.get(name) for each in items if isinstance(each, dict)]
        if len(keys) == len(items) and len({str(each) for each in keys}) == len(keys) and None not in keys:
            return dict(zip(map(str, keys), items, strict=True))
    return {str(position): each for position, each in enumerate(items)}


def _shown(value: Json) -> str:
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"
