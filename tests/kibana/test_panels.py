"""Every panel, control and saved search, asked of a real Elasticsearch that holds what the demonstration makes."""

from __future__ import annotations

import json

import pytest

from atalaia.kibana.objects import Json, JsonObject
from tests.kibana.conftest import Filled
from tests.kibana.kql import translated
from tests.kibana.lens import Range, Row, aggregations, is_asked, rows
from tests.kibana.saved_objects import (
    Layer,
    Panel,
    controls,
    mapping,
    nested,
    of_type,
    panels,
    references,
    sequence,
    text,
    whole,
)

PANELS = [
    (text(board["id"]), panel.index)
    for board in of_type("dashboard")
    for panel in panels(board)
    if panel.kind == "lens"
]
CONTROLS = [(text(board["id"]), name) for board in of_type("dashboard") for name in controls(board)]
SEARCHES = [text(search["id"]) for search in of_type("search")]
OF_THIS_MACHINE = "atalaia-host-metrics"
"""Not every machine has swap or a disk of its own, or lets a sampler count the files of others."""


def board_of(identifier: str) -> dict[str, Json]:
    """Return a dashboard."""
    (found,) = [each for each in of_type("dashboard") if each["id"] == identifier]
    return found


def panel_of(board: str, index: str) -> Panel:
    """Return a panel of a dashboard."""
    (found,) = [each for each in panels(board_of(board)) if each.index == index]
    return found


def conditions(board: dict[str, Json], panel: Panel, span: Range) -> JsonObject:
    """Return the query of a panel: its own, its dashboard's, the filters of both, and the time range."""
    state = mapping(panel.lens["state"])
    meta = mapping(mapping(board["attributes"])["kibanaSavedObjectMeta"])
    above = mapping(nested(meta["searchSourceJSON"]))
    required: list[Json] = [span.query()]
    forbidden: list[Json] = []
    required += [translated(text(mapping(query)["query"])) for query in (state["query"], above["query"])]
    for each in [*sequence(state["filters"]), *sequence(above["filter"])]:
        negated = mapping(mapping(each)["meta"])["negate"]
        (forbidden if negated else required).append(mapping(each)["query"])
    return {"bool": {"filter": required, "must_not": forbidden}}


def asked(filled: Filled, board: str, index: str, span: Range | None = None) -> list[tuple[Layer, list[Row]]]:
    """Send what a panel asks and return the rows of each layer."""
    panel = panel_of(board, index)
    found = []
    for layer in filter(is_asked, panel.layers()):
        over = span or filled.span(layer.view)
        body: JsonObject = {"size": 0, "track_total_hits": True, "query": conditions(board_of(board), panel, over)}
        answer = filled.search(layer.view, body | {"aggs": aggregations(layer, over)})
        total = mapping(mapping(answer["hits"])["total"])["value"]
        found.append((layer, rows(layer, mapping(answer.get("aggregations", {})) | {"doc_count": total})))
    return found


def shown(layer: Layer) -> list[str]:
    """Return the metrics that a layer shows: not the parts of formulas."""
    parts = {text(part) for column in layer.columns.values() for part in sequence(column.get("references", []))}
    return [name for name, column in layer.columns.items() if not column["isBucketed"] and name not in parts]


@pytest.mark.parametrize(("board", "index"), PANELS)
def test_a_panel_has_something_to_show(filled: Filled, board: str, index: str) -> None:
    """Its own aggregation returns rows, and each of its metrics has a number in one of them."""
    layers = asked(filled, board, index)
    assert layers
    for layer, found in layers:
        assert found or all(lacks(filled, layer, name) for name in shown(layer)), layer.id
        empty = [name for name in shown(layer) if all(row[name] is None for row in found)]
        assert [name for name in empty if not lacks(filled, layer, name)] == [], (layer.id, found[:3])


def lacks(filled: Filled, layer: Layer, name: str) -> bool:
    """Tell whether this machine has nothing that a metric could tell of: no document has its field."""
    field = layer.columns[name].get("sourceField")
    if layer.view != OF_THIS_MACHINE or field is None:
        return False
    answer = filled.search(layer.view, {"size": 0, "query": {"exists": {"field": field}}})
    return mapping(mapping(answer["hits"])["total"])["value"] == 0


@pytest.mark.parametrize(("board", "name"), CONTROLS)
def test_a_control_offers_something(filled: Filled, board: str, name: str) -> None:
    """The values of its field are there to choose from."""
    control = mapping(controls(board_of(board))[name]["explicitInput"])
    view, field = text(control["dataViewId"]), text(control["fieldName"])
    body: JsonObject = {"size": 0, "aggs": {"values": {"terms": {"field": field}}}}
    answer = mapping(mapping(filled.search(view, body)["aggregations"])["values"])
    assert sequence(answer["buckets"]), field


@pytest.mark.parametrize("identifier", SEARCHES)
def test_a_search_finds_something(filled: Filled, identifier: str) -> None:
    """Its query has hits, sorted as it says."""
    (search,) = [each for each in of_type("search") if each["id"] == identifier]
    (view,) = [each.id for each in references(search) if each.type == "index-pattern"]
    attributes = mapping(search["attributes"])
    source = mapping(nested(mapping(attributes["kibanaSavedObjectMeta"])["searchSourceJSON"]))
    order: list[Json] = [{text(sequence(each)[0]): sequence(each)[1]} for each in sequence(attributes["sort"])]
    query = translated(text(mapping(source["query"])["query"]))
    answer = filled.search(view, {"size": 5, "query": query, "sort": order})
    hits = [mapping(each) for each in sequence(mapping(answer["hits"])["hits"])]
    assert hits
    times = [whole(sequence(hit["sort"])[0]) for hit in hits]
    assert times == sorted(times, reverse="desc" in json.dumps(order))
