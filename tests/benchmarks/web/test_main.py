"""The benchmark of the site, small: it measures every view of a real browser on a real server."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from benchmarks.store.ingesting import ingest
from benchmarks.web.drills import drill_downs
from benchmarks.web.main import VIEWS, measure, measure_drills


@pytest.mark.browser
def test_every_view_is_measured(browser: Browser, tmp_path: Path) -> None:
    """Over 10,000 events each view answers, and each has a time; how long is not for a test to say."""
    ingest(tmp_path / "store", 10_000)
    figures = list(measure(tmp_path / "store", browser, runs=1))
    assert [figure.name for figure in figures if figure.name in {name for name, *_ in VIEWS}] == [
        name for name, *_ in VIEWS
    ]
    assert all(figure.value > 0 for figure in figures)
    drills = {each.name: each for each in drill_downs() if each.span == "30 days"}
    wanted = [drills["all requests by network"], drills["one endpoint what is behind it"]]
    *each, slowest = measure_drills(tmp_path / "store", browser, wanted, runs=1)
    assert [figure.name for figure in each] == [f"30 days: {drill.name}" for drill in wanted]
    assert (slowest.value, slowest.reached) == max((figure.value, figure.reached) for figure in each)


def test_every_kind_of_drill_down_is_there() -> None:
    """Each dimension that the site offers, of requests and of statements, over an hour, a day and 30 days."""
    names = {each.name for each in drill_downs() if each.span == "a day"}
    by = ("endpoint", "user", "status", "status_class", "browser", "os", "version", "network", "client", "method")
    assert {f"all requests by {name}" for name in by} < names
    assert {
        f"one endpoint statements by {name}" for name in ("query_type", "endpoint", "statement", "database")
    } < names
    assert {each.span for each in drill_downs()} == {"an hour", "a day", "30 days"}
