"""What the compiler writes otherwise than Kibana saves it, put right: each step says what it is and touches no more.

- The filter of a metric that is no formula is lost in the compiler without a word, and a count of errors would be one
  of everything: it is put back from the source.
- A reduced time range belongs to its column; the compiler writes it below the column's ``params``, where Kibana does
  not look, and the panel would show the whole range.
- A column of the type ``math`` refers to the columns that its expression names; the compiler names all helpers.
- A least or greatest of nothing is nothing by itself; the compiler's ``emptyAsNull`` would make a zero nothing, too.
- A panel with a saved search names its reference ``panel_<panel>``; only the dashboard's list has the panel before it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TypeAlias

from atalaia.kibana.objects import Json, JsonObject, SavedObject
from logging_lib.errors import AtalaiaError
from tests.kibana.saved_objects import mapping, sequence, text

JsonColumns: TypeAlias = "dict[str, JsonObject]"


def mended(dashboard: SavedObject, source: JsonObject) -> SavedObject:
    """Return a dashboard as Kibana would have saved it.

    Args:
        dashboard: What the compiler wrote.
        source: The dashboard as its YAML has it.

    Raises:
        AtalaiaError: A filter of the source belongs to no column.
    """
    filters = dict(_filters(source))
    body: JsonObject = json.loads(json.dumps(dashboard.body))
    attributes = mapping(body["attributes"])
    panels = [mapping(each) for each in sequence(json.loads(text(attributes["panelsJSON"])))]
    for panel in panels:
        _mend_search(panel)
        for column in _columns(panel).values():
            _mend_range(column)
            _mend_math(column)
            _mend_zero(column)
        for name, column in _columns(panel).items():
            if name in filters:
                column["filter"] = {"language": "kuery", "query": filters.pop(name)}
    if filters:
        raise AtalaiaError(f"{dashboard.name}: no column for the filters of {sorted(filters)}", "see what was compiled")
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


def _mend_zero(column: JsonObject) -> None:
    if column["operationType"] in {"min", "max"}:
        mapping(column["params"]).pop("emptyAsNull", None)


def _named(node: Json) -> Iterator[str]:
    """Yield the columns that an expression names, in its order."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for each in sequence(node["args"]):
            yield from _named(each)


def _filters(node: Json) -> Iterator[tuple[str, str]]:
    """Yield the id and the filter of each metric of a source that has one."""
    if isinstance(node, dict):
        if "filter" in node:
            yield text(node["id"]), text(mapping(node["filter"])["kql"])
        node = [*node.values()]
    for each in node if isinstance(node, list) else []:
        yield from _filters(each)


def _columns(panel: JsonObject) -> JsonColumns:
    """Return the columns of all layers by their ids, which are different within a dashboard."""
    found: JsonColumns = {}
    if panel["type"] == "lens":
        state = mapping(mapping(mapping(mapping(panel["embeddableConfig"])["attributes"])["state"])["datasourceStates"])
        for layer in mapping(mapping(state["formBased"])["layers"]).values():
            found |= {name: mapping(each) for name, each in mapping(mapping(layer)["columns"]).items()}
    return found
