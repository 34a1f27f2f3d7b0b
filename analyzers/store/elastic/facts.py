"""What a template or an index says, one fact at a time, without what Elasticsearch adds or writes in another way."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from analyzers.store.elastic.answers import Json, JsonObject, an_object


class Kind(StrEnum):
    """What a fact is about."""

    TEMPLATE = "template"
    SETTING = "setting"
    MAPPING = "mapping"
    FIELD = "field"
    LIFECYCLE = "lifecycle"


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """What a fact is about.

    Attributes:
        kind: Its kind.
        name: Its name: a field's, a setting's with ``index.`` in front, or of a part of a template or mapping.
    """

    kind: Kind
    name: str


Facts: TypeAlias = Mapping[Subject, Mapping[str, str]]
"""Subject to its parameters and their values. What has one value alone has it under ``value``."""

VALUE: Final = "value"
_NOT_OURS: Final = frozenset(
    {"_meta", "template", "created_date", "created_date_millis", "modified_date", "modified_date_millis"}
)
_TEMPLATE_DEFAULTS: Final = {
    "data_stream.hidden": "false",
    "data_stream.allow_custom_routing": "false",
    "deprecated": "false",
    "ignore_missing_component_templates": "[]",
}
_LIFECYCLE_DEFAULTS: Final = {"enabled": "true"}
_LIFECYCLE_DERIVED: Final = frozenset({"effective_retention", "retention_determined_by"})
_MAPPING_DERIVED: Final = frozenset({"_data_stream_timestamp"})
_FIELD_DEFAULTS: Final = {"index": "true", "doc_values": "true", "store": "false", "ignore_malformed": "false"}
_OBJECT: Final = "object"


def template_facts(body: JsonObject) -> Facts:
    """Return what a component or an index template says, as it is shipped or as the server returns it."""
    facts: dict[Subject, Mapping[str, str]] = {}
    for name, value in _flat({key: value for key, value in body.items() if key not in _NOT_OURS}, ""):
        if _TEMPLATE_DEFAULTS.get(name) != value:
            facts[Subject(Kind.TEMPLATE, name)] = {VALUE: value}
    inner = _part(body, "template")
    return {
        **facts,
        **setting_facts(_part(inner, "settings")),
        **mapping_facts(_part(inner, "mappings")),
        **lifecycle_facts(_part(inner, "lifecycle")),
    }


def setting_facts(settings: JsonObject) -> Facts:
    """Return index settings, nested or dotted, with or without ``index.`` in front."""
    return {
        Subject(Kind.SETTING, name if name.startswith("index.") else f"index.{name}"): {VALUE: value}
        for name, value in _flat(settings, "")
    }


def lifecycle_facts(lifecycle: JsonObject) -> Facts:
    """Return a data stream's lifecycle."""
    return {
        Subject(Kind.LIFECYCLE, name): {VALUE: value}
        for name, value in _flat(lifecycle, "")
        if name not in _LIFECYCLE_DERIVED and _LIFECYCLE_DEFAULTS.get(name) != value
    }


def mapping_facts(mapping: JsonObject) -> Facts:
    """Return the fields of a mapping with their parameters, and what holds for all of it."""
    facts: dict[Subject, Mapping[str, str]] = {
        Subject(Kind.MAPPING, name): {VALUE: _text(value)}
        for name, value in mapping.items()
        if name not in _MAPPING_DERIVED and name != "properties"
    }
    facts.update(_fields(_part(mapping, "properties"), ""))
    return facts


def _fields(properties: JsonObject, prefix: str) -> Iterator[tuple[Subject, Mapping[str, str]]]:
    for name, value in properties.items():
        node = an_object(value, name)
        parameters = {key: _text(each) for key, each in node.items() if key != "properties"}
        if "properties" in node:
            yield from _fields(_part(node, "properties"), f"{prefix}{name}.")
            if parameters.get("type") == _OBJECT:
                del parameters["type"]
        told = {key: each for key, each in parameters.items() if _FIELD_DEFAULTS.get(key) != each}
        if told:
            yield Subject(Kind.FIELD, f"{prefix}{name}"), told


def _part(body: JsonObject, name: str) -> JsonObject:
    value = body.get(name)
    return {} if value is None else an_object(value, name)


def _flat(value: JsonObject, prefix: str) -> Iterator[tuple[str, str]]:
    """Yield dotted names and values as text; an empty object is a value."""
    for name, child in value.items():
        if isinstance(child, Mapping):
            yield from _flat(child, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", _text(child)


def _text(value: Json) -> str:
    """Return a value as text: the server answers some numbers and booleans as text, and others not."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return json.dumps([_text(each) for each in value], ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
