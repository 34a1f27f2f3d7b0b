"""The agreement in a real browser: the verdict, what it rests on, the burn-down, and a report that can be verified."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.cli import run_atalaia
from tests.end_to_end.web.agreed import NOON, REASON, write_contract
from tests.end_to_end.web.browsing import OpenPage, follow, serving
from tests.end_to_end.web.filled import fill

pytestmark = pytest.mark.browser


MONTH = "period=2024-01"


@pytest.fixture(scope="module")
def filled_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with an hour of requests of a month that is over."""
    store = tmp_path_factory.mktemp("sla") / "data"
    fill(store, NOON)
    return store


@pytest.fixture(scope="module")
def agreed(filled_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a site with a contract."""
    path = tmp_path_factory.mktemp("agreed") / "sla.toml"
    write_contract(path)
    with serving(filled_store, "--contract", str(path)) as (url, _):
        yield url


def cells(page: Page, table: str, row: int = 0) -> list[str]:
    """Return what a row of a table says."""
    return [each.strip() for each in page.locator(f"#{table} tbody tr").nth(row).locator("td").all_inner_texts()]


def test_the_verdict_comes_first_and_rests_on_counts(agreed: str, open_page: OpenPage) -> None:
    """Twelve of 366 requests failed where none may; of the endpoint 12 of 120 did, where 60 may."""
    page = open_page(f"{agreed}/sla?{MONTH}").page
    expect(page.locator("h1")).to_contain_text("January 2024")
    first = page.locator("#verdict li").first
    expect(first.locator(".state")).to_have_text("missed")
    expect(first).to_contain_text("availability missed, 96.72")
    rows = {each[0]: each for each in (cells(page, "objectives", row) for row in range(2))}
    assert rows["availability"][2:8] == ["missed", "354", "366", "96.72", "12", "0"]
    assert rows["tickets"][2:8] == ["met", "108", "120", "90.00", "12", "60"]
    expect(page.locator("#contract")).to_contain_text("Hash")


def test_the_budget_leads_to_what_spent_it(agreed: str, open_page: OpenPage) -> None:
    """The step of the burn-down leads to the failed requests of that time, of the contract's service."""
    page = open_page(f"{agreed}/sla?objective=availability&period=2024-01-15").page
    hrefs = [each.get_attribute("href") for each in page.locator("#budget-availability-day svg a").all()]
    steps = [parse_qs(urlsplit(each).query) for each in hrefs if each]
    assert steps
    assert all(each["where"] == ["service.name = ti-osn", "http.response.status_code >= 500"] for each in steps)
    expect(page.locator("#objective-availability-day")).to_contain_text("12 spent")


def test_exclusions_have_a_reason_and_an_approver(agreed: str, open_page: OpenPage) -> None:
    """They are listed and their text stays text."""
    watched = open_page(f"{agreed}/sla?{MONTH}")
    expect(watched.page.locator("#excluded")).to_contain_text(REASON)
    expect(watched.page.locator("#excluded")).to_contain_text("Ana Souza")
    watched.assert_clean()


def test_the_report_can_be_verified(agreed: str, open_page: OpenPage, filled_store: Path, tmp_path: Path) -> None:
    """What the page offers to download is derived again from the store, every number equal."""
    page = open_page(f"{agreed}/sla?{MONTH}").page
    with page.expect_download() as download:
        page.locator("#download").click()
    report = tmp_path / "report.json"
    download.value.save_as(report)
    assert download.value.suggested_filename == "sla-2024-01.json"
    run_atalaia("verify", str(report), "--store", str(filled_store))


def test_another_period_is_looked_at_without_a_promise(agreed: str, open_page: OpenPage) -> None:
    """No objective is judged by the year: that is said, there is no report, and the month before is a click away."""
    page = open_page(f"{agreed}/sla?{MONTH}").page
    follow(page.get_by_role("link", name="Year", exact=True))
    expect(page.locator("#altered")).to_be_visible()
    expect(page.locator("#download")).to_have_count(0)
    page.go_back()
    expect(page.locator("#altered")).to_have_count(0)
    follow(page.locator("a[rel=prev]"))
    expect(page.locator("#verdict li .state").first).to_have_text("unmeasured")


def test_what_is_behind_a_missed_objective(agreed: str, open_page: OpenPage) -> None:
    """The page names the endpoint that all failures are of."""
    page = open_page(f"{agreed}/sla?{MONTH}").page
    follow(page.locator("#objective-availability-month a", has_text="What is behind it"))
    assert urlsplit(page.url).path == "/sla/explain"
    expect(page.locator("#objective-availability-month")).to_contain_text("endpoint /api/chamados")


def test_without_a_contract_the_page_says_how_to_begin(site: str, open_page: OpenPage) -> None:
    """What is built in applies, and the command that makes a contract is named."""
    page = open_page(f"{site}/sla?{MONTH}").page
    expect(page.locator("#default")).to_contain_text("atalaia example sla.toml")
    expect(page.locator("#verdict li")).to_have_count(3)


@pytest.mark.parametrize("path", [f"/sla?{MONTH}&as_of=now&route=/login", f"/sla/explain?{MONTH}", "/sla?per=contract"])
@pytest.mark.parametrize(("width", "locale"), [(1280, "en-US"), (360, "pt-BR")])
def test_the_pages_of_the_agreement_can_be_used_by_everybody(
    agreed: str, open_page: OpenPage, path: str, width: int, locale: str
) -> None:
    """Nothing serious for axe, no sideways scrolling, no complaint, in both languages."""
    watched = open_page(agreed + path, width=width, locale=locale)
    watched.assert_fits()
    watched.assert_clean()
    watched.assert_accessible()
