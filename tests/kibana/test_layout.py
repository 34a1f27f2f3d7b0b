"""The dashboards at first sight: which there are, where their panels lie, and how they lead to each other."""

from __future__ import annotations

import itertools

import yaml

from tests.kibana.saved_objects import KIBANA, ROOT, Panel, mapping, of_type, panels, sequence, text

GRID_COLUMNS = 48


def every_panel() -> list[Panel]:
    """Return the panels of all dashboards."""
    return [panel for dashboard in of_type("dashboard") for panel in panels(dashboard)]


def test_there_is_a_dashboard_for_each_question() -> None:
    """Operations, endpoints, SLA and budget, infrastructure and database, security."""
    assert {board["id"] for board in of_type("dashboard")} == {
        f"atalaia-{name}" for name in ("operations", "endpoints", "sla", "infrastructure", "database", "security")
    }


def test_panels_lie_on_the_grid() -> None:
    """The grid is 48 columns wide; a panel that sticks out is moved by Kibana to wherever it fits."""
    for panel in every_panel():
        assert panel.x >= 0, panel.index
        assert panel.y >= 0, panel.index
        assert panel.width > 0, panel.index
        assert panel.height > 0, panel.index
        assert panel.x + panel.width <= GRID_COLUMNS, panel.index


def test_panels_do_not_overlap() -> None:
    """Overlapping panels are pushed apart on load, and the saved layout is lost."""
    for dashboard in of_type("dashboard"):
        for one, other in itertools.combinations(panels(dashboard), 2):
            apart_across = one.x + one.width <= other.x or other.x + other.width <= one.x
            apart_down = one.y + one.height <= other.y or other.y + other.height <= one.y
            assert apart_across or apart_down, (one.index, other.index)


def test_rows_are_filled() -> None:
    """No hole in the layout: the panels' areas add up to the bounding box."""
    for dashboard in of_type("dashboard"):
        found = panels(dashboard)
        area = sum(panel.width * panel.height for panel in found)
        assert area == GRID_COLUMNS * max(panel.y + panel.height for panel in found), dashboard["id"]


def test_what_the_source_lists_is_what_was_built() -> None:
    """The compiled dashboards have the panels, titles and places of the YAML source: nothing was lost on the way."""
    sources = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in (KIBANA / "dashboards").glob("*.yaml")]
    written = {
        (board["id"], item["id"], item["title"], *item["position"].values(), *item["size"].values())
        for source in sources
        for board in source["dashboards"]
        for item in board["panels"]
    }
    found = {
        (board["id"], item.index, item.title, item.x, item.y, item.width, item.height)
        for board in of_type("dashboard")
        for item in panels(board)
    }
    assert found == written


def test_dashboards_lead_to_each_other() -> None:
    """Every dashboard links to all of them, by the ids they have."""
    everything = {board["id"] for board in of_type("dashboard")}
    for dashboard in of_type("dashboard"):
        pointed = [mapping(each) for each in sequence(dashboard["references"])]
        assert {each["id"] for each in pointed if text(each["name"]).startswith("links:link_")} == everything


def test_the_documentation_says_what_each_panel_answers() -> None:
    """Every dashboard has its chapter in ``docs/kibana.md``, and every panel its line there."""
    chapters = (ROOT / "docs" / "kibana.md").read_text(encoding="utf-8").split("### ")[1:]
    documented = {chapter.splitlines()[0]: chapter for chapter in chapters}
    for dashboard in of_type("dashboard"):
        chapter = documented[text(mapping(dashboard["attributes"])["title"])]
        titles = [panel.title for panel in panels(dashboard) if panel.kind != "links"]
        assert [title for title in titles if title not in chapter] == []
