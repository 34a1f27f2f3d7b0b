"""The live page in a real browser: numbers worked out by hand, and new ones without a reload."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.end_to_end.cli import run_atalaia
from tests.end_to_end.paths import REQUEST_CONF
from tests.end_to_end.web.browsing import serving

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=\"document.title='owned'\">"


def ingest(store: Path, name: str, requests: int, errors: int, endpoint: str) -> None:
    """Have another process store requests of this moment; the first ones of them failed."""
    now = datetime.now(tz=UTC).isoformat().replace("+00:00", "Z")
    record = {"timestamp": now, "level": "INFO", "service": "ti-osn", "endpoint": endpoint, "user_id": 1}
    record |= {"response_time": 0.25, "user_agent": "-", "ip_address": "192.168.1.1"}
    lines = [json.dumps(record | {"status_code": 500 if number < errors else 200}) for number in range(requests)]
    log = store.parent / name
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    run_atalaia("ingest", str(log), "--pipeline", str(REQUEST_CONF), "--store", str(store))


def expect_tile(page: Page, name: str, *texts: str) -> None:
    """Wait until a tile shows each of the texts."""
    for text in texts:
        expect(page.locator(f"#tile-{name}")).to_contain_text(text, timeout=20_000)


def test_numbers_change_without_a_reload(browser: Browser, tmp_path: Path) -> None:
    """Empty, then 40 requests with 1 error (2.5 %: met), then 60 with 11 (18.33 %: critical), on one page load."""
    store = tmp_path / "data"
    with serving(store) as (url, _):
        page = browser.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url + "/live")
        expect(page.get_by_text("No data yet")).to_be_visible()
        page.evaluate("window.loadedOnce = true")
        ingest(store, "first.ndjson", 40, 1, "/api/chamados")
        expect_tile(page, "errors", "2.50 %", "1 of 40 requests", "met")
        expect_tile(page, "requests", "0.133", "40 requests in 5 min")
        expect_tile(page, "p95", "0.250 s", "40 of 40 requests measured")
        ingest(store, "second.ndjson", 20, 10, HOSTILE)
        expect_tile(page, "errors", "18.3 %", "11 of 60 requests", "missed: critical")
        expect(page.locator("#endpoints tr")).to_have_count(2)
        expect(page.locator("#endpoints tr").nth(1).locator("td").first).to_have_text(HOSTILE)
        expect(page.locator("#verdict")).to_contain_text("18.33 % (11 of 60 requests)")
        assert page.evaluate("window.loadedOnce") is True
        assert page.title() == "Atalaia live"
        assert complaints == []
        page.close()


def test_an_unreachable_server_is_said(browser: Browser, tmp_path: Path) -> None:
    """When the server goes, a banner says so; the numbers stay and are dated."""
    with serving(tmp_path / "data") as (url, process):
        page = browser.new_page()
        page.goto(url + "/live")
        expect(page.locator("#tile-cpu")).to_be_visible()
        expect(page.locator("#banner")).to_be_hidden()
        process.kill()
        expect(page.locator("#banner")).to_contain_text("cannot be reached", timeout=20_000)
        page.close()


def test_a_phone_needs_no_sideways_scrolling(browser: Browser, tmp_path: Path) -> None:
    """At 360 pixels, dark, the page is as wide as the screen, and the charts name their numbers."""
    store = tmp_path / "data"
    ingest(store, "first.ndjson", 40, 1, "/api/" + "chamados-" * 30)
    with serving(store) as (url, _):
        page = browser.new_page(viewport={"width": 360, "height": 740}, color_scheme="dark")
        page.goto(url + "/live")
        expect(page.get_by_role("img", name="Error rate by minute: lowest 2.50, highest 2.50 %")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        page.close()
