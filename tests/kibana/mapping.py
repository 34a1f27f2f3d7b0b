"""What a field of the installed templates is, read from the JSON files that the set-up job installs."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from tests.kibana.saved_objects import ROOT, Json, mapping, of_type, sequence, text

TEMPLATES = ROOT / "elasticsearch"


def flattened(properties: dict[str, Json], prefix: str = "") -> dict[str, str]:
    """Return dotted field name -> type; an alias has the type of its target, marked by the caller."""
    found: dict[str, str] = {}
    for name, value in properties.items():
        field = mapping(value)
        if "properties" in field:
            found |= flattened(mapping(field["properties"]), f"{prefix}{name}.")
        else:
            found[prefix + name] = f"alias:{text(field['path'])}" if field["type"] == "alias" else text(field["type"])
    return found


@cache
def streams() -> dict[str, dict[str, str]]:
    """Return pattern of data streams -> their fields with the types, aliases resolved."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted((TEMPLATES / "index_templates").glob("*.json")):
        template = _read(path)
        fields: dict[str, str] = {}
        for name in sequence(template["composed_of"]):
            component = _read(TEMPLATES / "component_templates" / f"{text(name)}.json")
            fields |= flattened(mapping(mapping(mapping(component["template"])["mappings"])["properties"]))
        resolved = {name: fields[kind.removeprefix("alias:")] for name, kind in fields.items() if "alias:" in kind}
        found |= {text(pattern): fields | resolved for pattern in sequence(template["index_patterns"])}
    return found


@cache
def data_views() -> dict[str, str]:
    """Return the id of each data view -> the pattern of what it shows."""
    return {text(view["id"]): text(mapping(view["attributes"])["title"]) for view in of_type("index-pattern")}


@cache
def fields_of(view: str) -> dict[str, str]:
    """Return the mapped fields of what a data view shows, with their types."""
    found: dict[str, str] = {}
    for pattern in data_views()[view].split(","):
        found |= streams()[pattern]
    return found


def _read(path: Path) -> dict[str, Json]:
    return mapping(json.loads(path.read_text(encoding="utf-8")))
