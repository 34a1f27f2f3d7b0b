"""What the compiler writes otherwise than Kibana saves it, put right: each step says what it is and touches no more.

- A reduced time range belongs to its column; the compiler writes it below the column's ``params``, where Kibana does
  not look, and the panel would show the whole range.
- A column of the type ``math`` refers to the columns that its expression names; the compiler names all helpers.
- A panel with a saved search names its reference ``panel_<panel>``; only the dashboard's list has the panel before it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from atalaia.kibana.objects import Json, JsonObject, SavedObject
from tests.kibana.saved_objects import mapping, sequence, text


def mended(dashboard: SavedObject) -> SavedObject:
    """Return a dashboard as Kibana would have saved it."""
    body: JsonObject = json.loads(json.dumps(dashboard.body))
    attributes = mapping(body["attributes"])
    panels = [mapping(each) for each in sequence(json.loads(text(attributes["panelsJSON"])))]
    for panel in panels:
        _mend_search(panel)
        for column in _columns(panel):
            _mend_range(column)
            _mend_math(column)
    attributes["panelsJSON"] = json.dumps(panels)
    return SavedObject(dashboard.type, dashboard.id, body)


def tagged(item: SavedObject, tag: str) -> SavedObject:
    """Return an object with one more tag."""
    reference: JsonObject = {"id": tag, "name": f"tag-ref-{tag}", "type": "tag"}
    return SavedObject(item.type, item.id, item.body | {"references": [*sequence(item.body["references"]), reference]})


def _mend_search(panel: JsonObject) -> None:
    if panel["type"] == "search":
        panel["panelRefName"] = text(panel["panelRefName"]).removeprefix(f"{text(panel['panelIndex'])}:")


def _mend_range(column: JsonObject) -> None:
    parameters = mapping(column.get("params", {}))
    for name, kept in (("reducedTimeRange", "reducedTimeRange"), ("shift", "timeShift")):
        if name in parameters:
            column[kept] = parameters.pop(name)


def _mend_math(column: JsonObject) -> None:
    if column["operationType"] == "math":
        column["references"] = [*dict.fromkeys(_named(mapping(column["params"])["tinymathAst"]))]


def _named(node: Json) -> Iterator[str]:
    """Yield the columns that an expression names, in its order."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for each in sequence(node["args"]):
            yield from _named(each)


def _columns(panel: JsonObject) -> Iterator[JsonObject]:
    if panel["type"] == "lens":
        state = mapping(mapping(mapping(mapping(panel["embeddableConfig"])["attributes"])["state"])["datasourceStates"])
        for layer in mapping(mapping(state["formBased"])["layers"]).values():
            yield from (mapping(each) for each in mapping(mapping(layer)["columns"]).values())
