"""Reports in a real browser: chosen, read, taken away."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.end_to_end.web.browsing import OpenPage, Scheme

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_a_report_is_chosen_read_and_taken_away(
    site: str, open_page: OpenPage, tmp_path: Path, width: int, scheme: Scheme
) -> None:
    """From the choice by the form to the report of today so far, its charts, and the same as one kept page."""
    watched = open_page(f"{site}/reports", width=width, scheme=scheme)
    today = datetime.now(tz=UTC).date().isoformat()
    form = watched.page.locator("#daily form")
    form.locator("input[name=period]").fill(today)
    form.get_by_role("button").click()
    expect(watched.page).to_have_url(f"{site}/reports/daily/{today}")
    expect(watched.page.locator("#verdict")).to_be_visible()
    watched.page.wait_for_load_state()
    assert watched.page.locator("figure svg:visible").count() >= 2
    watched.assert_fits()
    watched.assert_accessible()
    with watched.page.expect_download() as download:
        watched.page.locator("#downloads a", has_text="HTML").click()
    path = tmp_path / "report.html"
    download.value.save_as(path)
    assert download.value.suggested_filename == f"daily-{today}.html"
    assert "<script" not in path.read_text(encoding="utf-8")
    watched.assert_clean()
