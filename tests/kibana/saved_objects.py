"""Read the committed saved objects into small typed records. Written against Kibana's format, not the compiler's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

ROOT = Path(__file__).resolve().parents[2]
KIBANA = ROOT / "kibana"


def mapping(value: Json) -> dict[str, Json]:
    """Return a JSON object, or fail: the format demands one here."""
    assert isinstance(value, dict), value
    return value


def sequence(value: Json) -> list[Json]:
    """Return a JSON array, or fail."""
    assert isinstance(value, list), value
    return value


def text(value: Json) -> str:
    """Return a JSON string, or fail."""
    assert isinstance(value, str), value
    return value


def whole(value: Json) -> int:
    """Return a JSON integer, or fail."""
    assert isinstance(value, int), value
    assert not isinstance(value, bool), value
    return value


def number(value: Json) -> float:
    """Return a JSON number, or fail."""
    assert isinstance(value, (int, float)), value
    return float(value)


def nested(value: Json) -> Json:
    """Return what is kept as JSON text inside JSON."""
    decoded: Json = json.loads(text(value))
    return decoded


@dataclass(frozen=True)
class Reference:
    """A pointer from one saved object to another, by a name its owner looks it up with."""

    name: str
    type: str
    id: str


def references(owner: dict[str, Json]) -> list[Reference]:
    """Return the references of a saved object or of a by-value panel."""
    found = [mapping(item) for item in sequence(owner["references"])]
    return [Reference(text(item["name"]), text(item["type"]), text(item["id"])) for item in found]


@dataclass(frozen=True)
class Layer:
    """A layer of a Lens panel: what is computed (columns), in which order, of which data view."""

    id: str
    view: str
    columns: dict[str, dict[str, Json]]
    order: list[str]


@dataclass(frozen=True)
class Panel:
    """A panel of a dashboard and its place on the grid."""

    index: str
    x: int
    y: int
    width: int
    height: int
    kind: str
    body: dict[str, Json]

    @property
    def lens(self) -> dict[str, Json]:
        """The by-value Lens attributes."""
        return mapping(mapping(self.body["embeddableConfig"])["attributes"])

    def layers(self) -> Iterator[Layer]:
        """Yield the form-based layers."""
        if self.kind != "lens":
            return
        views = {each.name: each.id for each in references(self.lens)}
        state = mapping(mapping(self.lens["state"])["datasourceStates"])
        for identifier, layer in mapping(mapping(state["formBased"])["layers"]).items():
            columns = {key: mapping(column) for key, column in mapping(mapping(layer)["columns"]).items()}
            view = views[f"indexpattern-datasource-layer-{identifier}"]
            yield Layer(identifier, view, columns, [text(name) for name in sequence(mapping(layer)["columnOrder"])])

    @property
    def title(self) -> str:
        """What stands above it."""
        return text(self.lens["title"] if self.kind == "lens" else mapping(self.body["embeddableConfig"])["title"])


def saved_objects() -> list[dict[str, Json]]:
    """Return every committed saved object."""
    files = sorted((KIBANA / "saved_objects").glob("*.ndjson"))
    assert files, "no saved objects are committed"
    return [mapping(json.loads(line)) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def of_type(kind: str) -> list[dict[str, Json]]:
    """Return the saved objects of a type."""
    return [item for item in saved_objects() if item["type"] == kind]


def panels(dashboard: dict[str, Json]) -> list[Panel]:
    """Return the panels of a dashboard."""
    return [_panel(mapping(item)) for item in sequence(nested(mapping(dashboard["attributes"])["panelsJSON"]))]


def _panel(body: dict[str, Json]) -> Panel:
    grid = mapping(body["gridData"])
    assert grid["i"] == body["panelIndex"], "the grid entry and the panel must name each other"
    x, y, width, height = (whole(grid[key]) for key in ("x", "y", "w", "h"))
    return Panel(text(body["panelIndex"]), x, y, width, height, text(body["type"]), body)


def controls(dashboard: dict[str, Json]) -> dict[str, dict[str, Json]]:
    """Return the controls of a dashboard by their id."""
    group = mapping(mapping(dashboard["attributes"])["controlGroupInput"])
    return {key: mapping(value) for key, value in mapping(nested(group["panelsJSON"])).items()}
