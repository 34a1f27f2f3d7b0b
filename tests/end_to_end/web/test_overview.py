"""The overview in a real browser: numbers worked out by hand, and new ones without a reload."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.cli import run_atalaia
from tests.end_to_end.paths import REQUEST_CONF
from tests.end_to_end.web.browsing import OpenPage, serving

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=\"owned('live')\">"
PATIENCE = 30_000


def ingest(store: Path, name: str, requests: int, errors: int, endpoint: str) -> None:
    """Have another process store requests of this moment; the first ones of them failed."""
    now = datetime.now(tz=UTC).isoformat().replace("+00:00", "Z")
    record = {"timestamp": now, "level": "INFO", "service": "ti-osn", "endpoint": endpoint, "user_id": 1}
    record |= {"response_time": 0.25, "user_agent": "-", "ip_address": "192.168.1.1"}
    lines = [json.dumps(record | {"status_code": 500 if number < errors else 200}) for number in range(requests)]
    log = store.parent / name
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    run_atalaia("ingest", str(log), "--pipeline", str(REQUEST_CONF), "--store", str(store))


def expect_figure(page: Page, name: str, *texts: str) -> None:
    """Wait until a figure shows each of the texts."""
    for text in texts:
        expect(page.locator(f"#figure-{name}")).to_contain_text(text, timeout=PATIENCE)


def test_numbers_change_without_a_reload(open_page: OpenPage, tmp_path: Path) -> None:
    """Empty, then 40 requests with 1 error (2.5 %: met), then 60 with 11 (18.33 %: missed), on one page load."""
    store = tmp_path / "data"
    with serving(store) as (url, process):
        watched = open_page(url + "/")
        page = watched.page
        expect(page.get_by_text("No data yet")).to_be_visible()
        page.evaluate("window.loadedOnce = true")
        ingest(store, "first.ndjson", 40, 1, "/api/chamados")
        expect_figure(page, "error_rate", "2.50\u00a0%", "1 of 40 requests", "met")
        expect_figure(page, "requests", "0.133/s", "40 requests")
        expect_figure(page, "p95", "0.250\u00a0s", "40 of 40 requests measured")
        page.locator("#figure-error_rate a").focus()
        ingest(store, "second.ndjson", 20, 10, HOSTILE)
        expect_figure(page, "error_rate", "18.333\u00a0%", "11 of 60 requests", "missed")
        assert page.evaluate("document.activeElement.closest('.tile').id") == "figure-error_rate"
        endpoints = page.locator("#top_endpoints tbody tr")
        expect(endpoints).to_have_count(2, timeout=PATIENCE)
        expect(endpoints.nth(1).locator("td").first).to_have_text(HOSTILE)
        assert page.evaluate("window.loadedOnce") is True
        watched.assert_clean()
        process.kill()
        expect(page.locator("#banner")).to_contain_text("cannot be reached", timeout=PATIENCE)
        expect(page.locator("#figure-error_rate")).to_contain_text("11 of 60 requests")


def test_a_hidden_page_asks_for_nothing(site: str, open_page: OpenPage) -> None:
    """In a hidden tab no request is sent; when it is seen again, one is at once."""
    page = open_page("about:blank").page
    page.clock.install()
    page.goto(site + "/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_response(re.compile("/$"), timeout=PATIENCE):
        page.clock.run_for(5_000)
    page.evaluate("Object.defineProperty(document, 'hidden', {get: () => window.away, configurable: true})")
    page.evaluate("window.away = true; document.dispatchEvent(new Event('visibilitychange'))")
    page.clock.run_for(60_000)
    before = len(asked)
    page.clock.run_for(60_000)
    assert len(asked) == before
    with page.expect_request(re.compile("/$"), timeout=PATIENCE):
        page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")


def test_every_number_leads_on(site: str, open_page: OpenPage) -> None:
    """The error rate leads to the failed requests, an endpoint to its drill-down with the filter in the address."""
    page = open_page(site + "/?window=1h").page
    failed = page.locator("#figure-error_rate a").get_attribute("href") or ""
    assert failed.startswith("/logs?")
    assert "where=http.response.status_code+%3E%3D+500" in failed
    page.get_by_role("link", name="/relatorios").first.click()
    expect(page).to_have_url(re.compile(r"/drill\?.*where=http.route\+%3D\+%2Frelatorios"))


def test_the_keyboard_is_enough(site: str, open_page: OpenPage) -> None:
    """Tab offers to skip; ? lists the keys; / goes to the filter, which Enter sends; g and a letter open a page."""
    watched = open_page(site + "/")
    page = watched.page
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    watched.assert_accessible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("status_code >= 500")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"where=status_code"))
    chip = page.get_by_role("link", name="Remove the filter status_code >= 500")
    expect(chip).to_be_visible()
    chip.press("Enter")
    expect(page).not_to_have_url(re.compile(r"where=status_code"))
    page.wait_for_load_state()  # before it, no script listens to keys
    page.keyboard.press("g")
    page.keyboard.press("e")
    expect(page).to_have_url(re.compile("/endpoints"))
    watched.assert_clean()


def test_everything_can_be_reached_by_tab(site: str, open_page: OpenPage) -> None:
    """Tab goes through every link and button that is seen, once round, and each shows that it has the focus."""
    page = open_page(site + "/").page
    count = (
        '[...document.querySelectorAll(\'a[href]:not([tabindex="-1"]), button, input, summary, [tabindex="0"]\')]'
        ".filter((each) => each.checkVisibility() && each.type !== 'hidden').length"
    )
    focused = "[document.activeElement.outerHTML.slice(0, 200), getComputedStyle(document.activeElement).outlineStyle]"
    seen = []
    for _ in range(page.evaluate(count)):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(focused))
    assert all(outline != "none" for _, outline in seen), [each for each in seen if each[1] == "none"]
    assert any("top_endpoints" in html for html, _ in seen)


def test_the_points_of_a_chart_are_one_stop(site: str, open_page: OpenPage) -> None:
    """Tab enters a chart at one point; the arrows go from point to point, and Enter opens its minute."""
    page = open_page(site + "/").page
    points = page.locator("#requests_over_time svg a")
    assert points.count() > 50
    assert page.locator("#requests_over_time svg a:not([tabindex='-1'])").count() == 1
    points.first.focus()
    page.keyboard.press("ArrowRight")
    expect(points.nth(1)).to_be_focused()
    page.keyboard.press("End")
    expect(points.last).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/drill\?.*from="))
