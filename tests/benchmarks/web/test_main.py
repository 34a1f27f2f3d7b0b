"""The benchmark of the site, small: it measures every view of a real browser on a real server."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from benchmarks.store.ingesting import ingest
from benchmarks.web.main import VIEWS, measure

pytestmark = pytest.mark.browser


def test_every_view_is_measured(browser: Browser, tmp_path: Path) -> None:
    """Over 10,000 events each view answers, and each has a time; how long is not for a test to say."""
    ingest(tmp_path / "store", 10_000)
    figures = list(measure(tmp_path / "store", browser, runs=1))
    assert [figure.name for figure in figures if figure.name in {name for name, *_ in VIEWS}] == [
        name for name, *_ in VIEWS
    ]
    assert all(figure.value > 0 for figure in figures)
