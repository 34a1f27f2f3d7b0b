"""What a field of the installed templates is, read from the JSON files that the set-up job installs."""

from __future__ import annotations

import json
from pathlib import Path

from tests.kibana.saved_objects import ROOT, Json, mapping, text

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


def mapped_fields() -> dict[str, str]:
    """Return the fields of the web.request streams with their types, aliases resolved."""
    template = _read(TEMPLATES / "index_templates" / "atalaia-logs-web.request.json")
    composed = template["composed_of"]
    assert isinstance(composed, list)
    found: dict[str, str] = {}
    for name in composed:
        component = _read(TEMPLATES / "component_templates" / f"{text(name)}.json")
        found |= flattened(mapping(mapping(mapping(component["template"])["mappings"])["properties"]))
    return {
        name: found[kind.removeprefix("alias:")] if kind.startswith("alias:") else kind for name, kind in found.items()
    }


def index_patterns() -> list[Json]:
    """Return the patterns of streams that the index template covers."""
    patterns = _read(TEMPLATES / "index_templates" / "atalaia-logs-web.request.json")["index_patterns"]
    assert isinstance(patterns, list)
    return patterns


def _read(path: Path) -> dict[str, Json]:
    return mapping(json.loads(path.read_text(encoding="utf-8")))
