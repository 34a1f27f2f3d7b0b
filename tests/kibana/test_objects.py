"""The saved objects as a whole: versions, ids, references, and that they were built from the committed source."""

from __future__ import annotations

import hashlib
import json
import re

import pytest

from tests.kibana.mapping import index_patterns
from tests.kibana.saved_objects import (
    KIBANA,
    Reference,
    controls,
    mapping,
    nested,
    of_type,
    panels,
    references,
    saved_objects,
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

READABLE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
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


def test_layer_references_stand_in_the_panel_and_on_the_dashboard() -> None:
    """If either is missing, Kibana drops the layer without a word; a name that nothing uses is a left-over."""
    for dashboard in of_type("dashboard"):
        expected = {
            Reference(
                f"controlGroup_{name}:optionsListDataView",
                "index-pattern",
                text(mapping(control["explicitInput"])["dataViewId"]),
            )
            for name, control in controls(dashboard).items()
        }
        for panel in panels(dashboard):
            inner = references(panel.lens)
            layers = {f"indexpattern-datasource-layer-{layer.id}" for layer in panel.layers()}
            assert {reference.name for reference in inner} == layers
            expected |= {Reference(f"{panel.index}:{found.name}", found.type, found.id) for found in inner}
        assert sorted(references(dashboard), key=str) == sorted(expected, key=str)


def test_the_data_view_is_the_streams_of_the_index_template() -> None:
    """What the dashboards look at is what the templates describe, by the time field that every event has."""
    (view,) = of_type("index-pattern")
    attributes = mapping(view["attributes"])
    assert [attributes["title"]] == index_patterns()
    assert attributes["timeFieldName"] == "@timestamp"
    for key in ("fields", "fieldAttrs", "fieldFormatMap", "runtimeFieldMap", "sourceFilters"):
        nested(attributes[key])


def test_the_objects_were_built_from_the_committed_source() -> None:
    """``kibana/build`` records the checksum of each source; an edit without a rebuild shows here."""
    lines = (KIBANA / "saved_objects" / "sources.sha256").read_text(encoding="utf-8").splitlines()
    recorded = {path: checksum for checksum, path in (line.split("  ", 1) for line in lines)}
    sources = [*(KIBANA / "dashboards").glob("*.yaml"), *(KIBANA / "data_views").glob("*.json")]
    actual = {str(path.relative_to(KIBANA)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sources}
    assert recorded == actual, "run kibana/build and commit what it writes"
