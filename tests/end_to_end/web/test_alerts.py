"""Alerts in a real browser: acknowledge, silence, end the silence; by keyboard, narrow, accessible."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from analyzers.alerts.alert import identify
from tests.atalaia.web.alert_states import HOSTILE, standing
from tests.end_to_end.cli import run_atalaia
from tests.end_to_end.web.browsing import OpenPage, serving

pytestmark = pytest.mark.browser


def test_an_alert_is_looked_after(open_page: OpenPage, tmp_path: Path) -> None:
    """Two windows: one acknowledges and silences, the other comes too late; the command line sees the same."""
    state = tmp_path / "alerts.sqlite"
    standing(state, datetime.now(tz=UTC))
    with serving(tmp_path / "data", "--state", str(state)) as (url, _):
        first, second = open_page(f"{url}/alerts"), open_page(f"{url}/alerts", width=360, scheme="dark")
        second.assert_fits()
        second.assert_accessible()
        for page, name in ((first.page, "ana"), (second.page, "rui")):
            card = page.locator(f"#alert-{identify('errors', {})}")
            card.get_by_text("Acknowledge errors").focus()
            page.keyboard.press("Enter")
            card.get_by_label("Your name").first.fill(name)
            card.get_by_label("Comment").press("Enter")
        expect(first.page.locator("#done")).to_contain_text("Acknowledged")
        expect(second.page.locator("#refused")).to_contain_text("ana has acknowledged it meanwhile")
        second.assert_accessible()

        page = first.page
        card = page.locator("article.alert").nth(1)
        card.get_by_text("Silence", exact=False).first.click()
        card.get_by_label("Reason").fill(HOSTILE)
        card.get_by_label("Your name").last.fill("ana")
        card.get_by_role("button", name="Silence").click()
        expect(page.locator(".silence")).to_contain_text(HOSTILE)
        first.assert_accessible()
        listed = run_atalaia("alerts", "silence", "--list", "--state", str(state)).stdout
        assert "onerror" in listed
        page.get_by_role("button", name="End it now").click()
        expect(page.locator("#done")).to_contain_text("The silence has ended")
        expect(page.locator(".silence")).to_have_count(0)
        first.assert_clean()
        assert not second.sentinels
