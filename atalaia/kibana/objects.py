"""Saved objects as lines of JSON: read, and written so that equal objects are equal bytes.

Kibana keeps some attributes as JSON text inside the JSON, and each object says who changed it and when. What is written
here has neither user nor instant nor a cluster's own counters, and its keys in order, so that two exports of the same
objects are the same file and a difference is what somebody changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, cast

from logging_lib.errors import AtalaiaError

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
JsonObject: TypeAlias = "dict[str, Json]"

KEPT: Final = ("attributes", "coreMigrationVersion", "id", "references", "type", "typeMigrationVersion")
"""What an object is. The rest tells of one cluster: created and updated (by whom, when), version, managed, space."""

JSON_TEXT: Final = frozenset(
    {
        "fieldAttrs",
        "fieldFormatMap",
        "fields",
        "ignoreParentSettingsJSON",
        "layerListJSON",
        "mapStateJSON",
        "optionsJSON",
        "panelsJSON",
        "runtimeFieldMap",
        "searchSourceJSON",
        "sourceFilters",
        "typeMeta",
        "uiStateJSON",
        "visState",
    }
)
"""The attributes that Kibana keeps as JSON text."""

ORDER: Final = ("tag", "index-pattern", "search", "lens", "dashboard")
"""What is referred to comes before what refers to it."""


class SavedObjectError(AtalaiaError):
    """A file of saved objects that is none."""


@dataclass(frozen=True, slots=True)
class SavedObject:
    """One saved object.

    Attributes:
        type: Such as ``dashboard``.
        id: Its id, which its address shows.
        body: The whole object, as Kibana's API has it.
    """

    type: str
    id: str
    body: JsonObject

    @property
    def name(self) -> str:
        """How it is called in messages: ``dashboard atalaia-sla``."""
        return f"{self.type} {self.id}"

    def references(self) -> list[tuple[str, str]]:
        """Return type and id of each object that it refers to."""
        found = [each for each in _list(self.body.get("references")) if isinstance(each, dict)]
        return [(str(each.get("type")), str(each.get("id"))) for each in found]


def read_objects(text: str, where: str) -> list[SavedObject]:
    """Read newline-delimited JSON as Kibana exports it; the export's own summary at its end is left out.

    Args:
        text: The lines.
        where: What they are, for messages.

    Raises:
        SavedObjectError: A line is no saved object, or there is none at all.
    """
    # Not splitlines(): a title may hold a line separator of Unicode, which ends no line of JSON.
    lines = enumerate(text.split("\n"), 1)
    found = [_read(line, f"{where}, line {number}") for number, line in lines if line.strip()]
    objects = [each for each in found if each is not None]
    if not objects:
        raise SavedObjectError(
            f"{where} has no saved objects", "name a file that Kibana or 'atalaia kibana export' made"
        )
    return objects


def _read(line: str, where: str) -> SavedObject | None:
    try:
        body: Json = json.loads(line)
    except ValueError as error:
        raise SavedObjectError(f"{where} is not JSON: {error}", "export the objects again") from error
    if isinstance(body, dict) and "exportedCount" in body:
        return None
    if not isinstance(body, dict) or not isinstance(body.get("type"), str) or not isinstance(body.get("id"), str):
        raise SavedObjectError(f"{where} is no saved object: it lacks a type or an id", "export the objects again")
    return SavedObject(str(body["type"]), str(body["id"]), body)


def normalised(item: SavedObject) -> SavedObject:
    """Return an object with nothing of one cluster, its JSON texts written anew and its references in order."""
    body: JsonObject = {key: item.body[key] for key in KEPT if key in item.body}
    body["attributes"] = _rewritten(body.get("attributes", {}))
    references = [each for each in _list(body.get("references")) if isinstance(each, dict)]
    body["references"] = [*sorted(references, key=_compact)]
    return SavedObject(item.type, item.id, body)


def opened(item: SavedObject) -> JsonObject:
    """Return the body with each JSON text as the value that it holds, to compare or to show what is inside."""
    return cast("JsonObject", _opened(item.body))


def as_lines(objects: Iterable[SavedObject]) -> str:
    """Write objects, normalised and in order, as newline-delimited JSON."""
    ordered = sorted((normalised(each) for each in objects), key=_place)
    return "".join(f"{_compact(each.body)}\n" for each in ordered)


def _place(item: SavedObject) -> tuple[int, str, str]:
    return (ORDER.index(item.type) if item.type in ORDER else len(ORDER), item.type, item.id)


def _rewritten(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _rewritten_text(each) if key in JSON_TEXT else _rewritten(each) for key, each in value.items()}
    return [_rewritten(each) for each in value] if isinstance(value, list) else value


def _rewritten_text(value: Json) -> Json:
    parsed = _parsed(value)
    return _rewritten(value) if parsed is None else _compact(_rewritten(parsed))


def _opened(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _opened_text(each) if key in JSON_TEXT else _opened(each) for key, each in value.items()}
    return [_opened(each) for each in value] if isinstance(value, list) else value


def _opened_text(value: Json) -> Json:
    parsed = _parsed(value)
    return _opened(value if parsed is None else parsed)


def _parsed(value: Json) -> Json:
    """Return what a JSON text holds; ``None`` for anything else, such as a text that only looks like one."""
    if not isinstance(value, str):
        return None
    try:
        parsed: Json = json.loads(value)
    except ValueError:
        return None
    return parsed


def _compact(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def by_name(objects: Iterable[SavedObject]) -> Mapping[tuple[str, str], SavedObject]:
    """Return objects by type and id."""
    return {(each.type, each.id): each for each in objects}
