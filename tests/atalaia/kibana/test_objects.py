"""Saved objects as lines: read, normalised, and compared place by place."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from atalaia.kibana.comparing import State, compare
from atalaia.kibana.objects import Json, SavedObject, SavedObjectError, as_lines, normalised, read_objects

DASHBOARD = {
    "type": "dashboard",
    "id": "d",
    "version": "WzEsMV0=",
    "updated_at": "2026-01-01T00:00:00Z",
    "created_by": "u_ana",
    "namespaces": ["default"],
    "typeMigrationVersion": "10.2.0",
    "references": [{"type": "tag", "id": "t", "name": "b"}, {"type": "tag", "id": "t", "name": "a"}],
    "attributes": {"title": "x", "panelsJSON": '[{"panelIndex": "p", "gridData": {"w": 8, "h": 6}}]'},
}


def one(body: object) -> SavedObject:
    """Read an object back from a line."""
    (found,) = read_objects(json.dumps(body), "a test")
    return found


def changed(**attributes: Json) -> SavedObject:
    """Return the dashboard with other attributes."""
    return one({**DASHBOARD, "attributes": {**DASHBOARD["attributes"], **attributes}})  # type: ignore[dict-item]


def test_what_is_of_one_cluster_is_dropped() -> None:
    """Neither user nor instant, counter nor space stays; the nested text and the references are in order."""
    assert normalised(one(DASHBOARD)).body == {
        "type": "dashboard",
        "id": "d",
        "typeMigrationVersion": "10.2.0",
        "references": [{"type": "tag", "id": "t", "name": "a"}, {"type": "tag", "id": "t", "name": "b"}],
        "attributes": {"title": "x", "panelsJSON": '[{"gridData":{"h":6,"w":8},"panelIndex":"p"}]'},
    }


@example({"title": "a\u2028b\x85"})
@given(
    st.dictionaries(
        st.sampled_from(["title", "panelsJSON", "optionsJSON", "visState"]),
        st.text(max_size=8) | st.lists(st.integers() | st.text(max_size=4), max_size=3).map(json.dumps),
        max_size=3,
    )
)
def test_normalising_again_changes_nothing(attributes: dict[str, Json]) -> None:
    """Two exports of the same objects are the same bytes, whatever texts they hold."""
    once = as_lines([one({"type": "search", "id": "s", "attributes": attributes})])
    assert as_lines(read_objects(once, "a test")) == once


def test_what_is_referred_to_comes_first() -> None:
    """Tags, data views and searches stand before the dashboards."""
    kinds = ["dashboard", "search", "index-pattern", "tag", "map"]
    lines = as_lines(one({"type": kind, "id": "x"}) for kind in kinds).splitlines()
    assert [json.loads(line)["type"] for line in lines] == ["tag", "index-pattern", "search", "dashboard", "map"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "has no saved objects"), ("nonsense", "line 1 is not JSON"), ('{"type": "tag"}', "lacks a type or an id")],
)
def test_a_file_that_is_none_is_refused(text: str, said: str) -> None:
    """The message says what is wrong, and where."""
    with pytest.raises(SavedObjectError, match=said):
        read_objects(text, "file.ndjson")


def test_the_summary_of_an_export_is_no_object() -> None:
    """Kibana's own exports end with one."""
    text = json.dumps(DASHBOARD) + '\n{"exportedCount": 1, "missingRefCount": 0, "missingReferences": []}\n'
    assert [each.id for each in read_objects(text, "an export")] == ["d"]


def test_a_change_is_told_by_its_place() -> None:
    """A panel that was made wider and a new title, and nothing else; who did it and when is not compared."""
    wider = changed(title="y", panelsJSON='[{"panelIndex": "p", "gridData": {"h": 6, "w": 16}}]')
    (found,) = compare([one(DASHBOARD)], [wider])
    assert found.state is State.CHANGED
    assert found.changes == ("attributes.panelsJSON[p].gridData.w: 8 → 16", 'attributes.title: "x" → "y"')


def test_a_panel_that_moved_in_the_list_is_no_change() -> None:
    """Panels are known by their index; one that was added is one change."""
    panels = [{"panelIndex": "p", "n": 1}, {"panelIndex": "q", "n": 2}]
    before, turned = changed(panelsJSON=json.dumps(panels)), changed(panelsJSON=json.dumps(panels[::-1]))
    assert [each.state for each in compare([before], [turned])] == [State.EQUAL]
    more = changed(panelsJSON=json.dumps([{"panelIndex": "r", "n": 3}, *panels]))
    (found,) = compare([before], [more])
    assert found.changes == ('attributes.panelsJSON[r]: nothing → {"n": 3, "panelIndex": "r"}',)


def test_a_newer_form_alone_is_no_change() -> None:
    """A newer Kibana writes its own version into what it exports."""
    (found,) = compare([one(DASHBOARD)], [one({**DASHBOARD, "typeMigrationVersion": "10.3.0"})])
    assert found.state is State.EQUAL


def test_what_is_not_there_is_missing() -> None:
    """An object of the file that Kibana does not have."""
    assert [each.state for each in compare([one(DASHBOARD)], [])] == [State.MISSING]
