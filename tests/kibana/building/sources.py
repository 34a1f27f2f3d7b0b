"""Data views, saved searches and tags from their YAML sources: small enough to need no compiler."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import yaml

from atalaia.kibana.objects import Json, JsonObject, SavedObject
from tests.kibana.saved_objects import mapping, sequence, text

CORE: str = "8.8.0"
DATA_VIEW_FIELD = "kibanaSavedObjectMeta.searchSourceJSON.index"


def data_views(file: Path) -> Iterator[SavedObject]:
    """Yield an object of type ``index-pattern`` for each entry."""
    for entry in _entries(file):
        fields = {name: mapping(each) for name, each in mapping(entry.get("fields", {})).items()}
        described: JsonObject = {
            name: {"customDescription": each["description"]} for name, each in fields.items() if "description" in each
        }
        formats: JsonObject = {name: {"id": each["format"]} for name, each in fields.items() if "format" in each}
        attributes: JsonObject = {
            "allowNoIndex": True,
            "fieldAttrs": json.dumps(described),
            "fieldFormatMap": json.dumps(formats),
            "fields": "[]",
            "name": entry["name"],
            "runtimeFieldMap": "{}",
            "sourceFilters": "[]",
            "timeFieldName": "@timestamp",
            "title": entry["title"],
        }
        yield _object("index-pattern", "8.0.0", text(entry["id"]), attributes, [])


def searches(file: Path) -> Iterator[SavedObject]:
    """Yield an object of type ``search`` for each entry, sorted by time, newest first unless it says otherwise."""
    for entry in _entries(file):
        source: JsonObject = {
            "filter": [],
            "highlightAll": True,
            "indexRefName": DATA_VIEW_FIELD,
            "query": {"language": "kuery", "query": entry["query"]},
            "version": True,
        }
        attributes: JsonObject = {
            "columns": entry["columns"],
            "description": entry["description"],
            "grid": {},
            "hideChart": False,
            "isTextBasedQuery": False,
            "kibanaSavedObjectMeta": {"searchSourceJSON": json.dumps(source)},
            "sort": [["@timestamp", entry.get("sort", "desc")]],
            "timeRestore": False,
            "title": entry["title"],
        }
        reference: JsonObject = {"id": entry["data_view"], "name": DATA_VIEW_FIELD, "type": "index-pattern"}
        yield _object("search", "10.2.0", text(entry["id"]), attributes, [reference])


def tags(file: Path) -> Iterator[tuple[SavedObject, list[str]]]:
    """Yield each tag and the ids of what has it."""
    for entry in _entries(file):
        attributes: JsonObject = {key: entry[key] for key in ("name", "color", "description")}
        yield (
            _object("tag", "8.0.0", text(entry["id"]), attributes, []),
            [text(each) for each in sequence(entry["objects"])],
        )


def _entries(file: Path) -> list[dict[str, Json]]:
    loaded: Json = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [mapping(each) for each in sequence(loaded)]


def _object(kind: str, version: str, identifier: str, attributes: JsonObject, references: list[Json]) -> SavedObject:
    body: JsonObject = {
        "attributes": attributes,
        "coreMigrationVersion": CORE,
        "id": identifier,
        "references": references,
        "type": kind,
        "typeMigrationVersion": version,
    }
    return SavedObject(kind, identifier, body)
