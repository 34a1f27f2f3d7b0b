"""The saved objects as a whole: versions, ids, references, and that they were built from the committed sources."""

from __future__ import annotations

import json
import re

import pytest

from tests.kibana.mapping import data_views, fields_of, streams
from tests.kibana.saved_objects import (
    Panel,
    Reference,
    controls,
    mapping,
    nested,
    of_type,
    panels,
    references,
    saved_objects,
    sequence,
    text,
)

MIGRATION_VERSION = {
    "dashboard": "10.2.0",
    "lens": "8.9.0",
    "search": "10.2.0",
    "index-pattern": "8.0.0",
    "tag": "8.0.0",
}
"""The newest version of each type that every Kibana from 8.8 on knows; a newer one is refused by older servers."""

READABLE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(X\d+)?")
"""A part of a formula has the formula's id, an X and a number, as Kibana names it."""
UUID_OR_HASH = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-|[0-9a-f]{16}")


def test_both_versions_are_stated() -> None:
    """Without them every old migration runs on import; newer ones than the server's are refused."""
    for item in saved_objects():
        assert item["coreMigrationVersion"] == "8.8.0"
        assert item["typeMigrationVersion"] == MIGRATION_VERSION[text(item["type"])]


def test_ids_are_fixed_and_readable() -> None:
    """A second import replaces the first, and a person sees in a link what it leads to."""
    identifiers = [(item["type"], text(item["id"])) for item in saved_objects()]
    assert len(set(identifiers)) == len(identifiers)
    for dashboard in of_type("dashboard"):
        names = [*(panel.index for panel in panels(dashboard)), *controls(dashboard)]
        names += [layer.id for panel in panels(dashboard) for layer in panel.layers()]
        names += [column for panel in panels(dashboard) for layer in panel.layers() for column in layer.columns]
        for name in [*names, *(identifier for _, identifier in identifiers)]:
            assert READABLE.fullmatch(name), name
            assert not UUID_OR_HASH.search(name), name


@pytest.mark.parametrize("key", ["created_by", "updated_by", "created_at", "updated_at", "version", "namespaces"])
def test_no_object_says_who_or_when(key: str) -> None:
    """Users, instants, spaces and a cluster's own counters mean nothing to whoever imports the file."""
    assert [item["id"] for item in saved_objects() if key in item] == []


def test_no_host_is_named() -> None:
    """Nothing in the objects points outside the cluster they are imported to."""
    for item in saved_objects():
        assert re.findall(r"https?://|localhost|\b\d+\.\d+\.\d+\.\d+\b", json.dumps(item)) == []


def test_every_reference_leads_to_a_committed_object() -> None:
    """The import refuses only missing data views; any other broken reference would come in silently."""
    known = {(item["type"], item["id"]) for item in saved_objects()}
    for item in saved_objects():
        assert [found for found in references(item) if (found.type, found.id) not in known] == []


def links_of(panel: Panel) -> list[str]:
    """Return the names under which a panel with links looks up where they lead."""
    links = sequence(mapping(mapping(panel.body["embeddableConfig"])["attributes"])["links"])
    return [text(mapping(each)["destinationRefName"]) for each in links]


def drilldowns_of(panel: Panel) -> list[str]:
    """Return the names under which the drill-downs of a panel look up where they lead."""
    enhancements = mapping(mapping(panel.body["embeddableConfig"])["enhancements"])
    events = sequence(mapping(enhancements.get("dynamicActions", {"events": []}))["events"])
    return [
        f"drilldown:{text(mapping(mapping(event)['action'])['factoryId'])}:{text(mapping(event)['eventId'])}:dashboardId"
        for event in events
    ]


def names_wanted(panel: Panel) -> set[str]:
    """Return the names by which a panel looks something up, but for its layers."""
    if panel.kind == "links":
        return set(links_of(panel))
    return {text(panel.body["panelRefName"])} if panel.kind == "search" else set(drilldowns_of(panel))


def test_references_stand_where_kibana_looks_for_them() -> None:
    """A layer's in the panel and on the dashboard (else it is dropped without a word); no name that nothing uses."""
    for dashboard in of_type("dashboard"):
        expected = {f"controlGroup_{name}:optionsListDataView" for name in controls(dashboard)}
        for panel in panels(dashboard):
            inner = {f"indexpattern-datasource-layer-{layer.id}" for layer in panel.layers()}
            if panel.kind == "lens":
                assert {reference.name for reference in references(panel.lens)} == inner
            expected |= {f"{panel.index}:{name}" for name in inner | names_wanted(panel)}
        expected |= {f"tag-ref-{each.id}" for each in references(dashboard) if each.type == "tag"}
        names = [each.name for each in references(dashboard)]
        assert sorted(names) == sorted(expected)


def test_both_places_of_a_reference_say_the_same() -> None:
    """The dashboard's copy of a layer's reference leads to the panel's own data view."""
    for dashboard in of_type("dashboard"):
        known = {each.name: each for each in references(dashboard)}
        for panel in panels(dashboard):
            for inner in references(panel.lens) if panel.kind == "lens" else []:
                assert known[f"{panel.index}:{inner.name}"] == Reference(
                    f"{panel.index}:{inner.name}", inner.type, inner.id
                )
        for name, control in controls(dashboard).items():
            asked = text(mapping(control["explicitInput"])["dataViewId"])
            assert known[f"controlGroup_{name}:optionsListDataView"].id == asked


def test_there_is_a_data_view_for_every_stream() -> None:
    """What the dashboards look at is what the templates describe, by the time field that every event has."""
    titles = data_views()
    assert {title for title in titles.values() if "," not in title} == set(streams())
    assert set(titles["atalaia-logs"].split(",")) == {each for each in streams() if each.startswith("logs-")}
    for view in of_type("index-pattern"):
        attributes = mapping(view["attributes"])
        assert attributes["timeFieldName"] == "@timestamp"
        for key in ("fields", "fieldAttrs", "fieldFormatMap", "runtimeFieldMap", "sourceFilters"):
            nested(attributes[key])


def test_a_data_view_describes_fields_that_it_has() -> None:
    """A misspelt field would be described nowhere; none is computed by a script, which would be slow."""
    for view in of_type("index-pattern"):
        attributes = mapping(view["attributes"])
        described = set(mapping(nested(attributes["fieldAttrs"]))) | set(mapping(nested(attributes["fieldFormatMap"])))
        assert described - set(fields_of(text(view["id"]))) == set()
        assert nested(attributes["runtimeFieldMap"]) == {}


def test_searches_show_fields_that_their_data_view_has() -> None:
    """The columns exist, the query names what exists, and the reference is where Discover looks for it."""
    for search in of_type("search"):
        attributes = mapping(search["attributes"])
        (view,) = [each for each in references(search) if each.type == "index-pattern"]
        assert view.name == "kibanaSavedObjectMeta.searchSourceJSON.index"
        source = mapping(nested(mapping(attributes["kibanaSavedObjectMeta"])["searchSourceJSON"]))
        assert source["indexRefName"] == view.name
        names = re.findall(r"([@\w.]+)\s*(?::|<=|>=|<|>)", text(mapping(source["query"])["query"]))
        known = fields_of(view.id)
        assert [name for name in [*names, *map(text, sequence(attributes["columns"]))] if name not in known] == []
