"""From an endpoint to a single request, in a real browser: each click is a narrower question in the address."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.end_to_end.web.agreed import add_statements
from tests.end_to_end.web.browsing import OpenPage, follow, serving
from tests.end_to_end.web.filled import HOSTILE, fill

pytestmark = pytest.mark.browser

DAY = "window=24h"
"""Longer than the traffic is old, so that time that goes by changes no number."""
TICKETS = "/api/chamados"


@pytest.fixture(scope="module")
def filled_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the store of the site's tests, with slow statements beside the requests."""
    store = tmp_path_factory.mktemp("drill") / "data"
    fill(store)
    add_statements(store)
    return store


@pytest.fixture(scope="module")
def site(filled_store: Path) -> Iterator[str]:
    """Return the address of a site that shows it."""
    with serving(filled_store) as (url, _):
        yield url


def asked(page: Page) -> dict[str, list[str]]:
    """Return what the page's address asks."""
    return parse_qs(urlsplit(page.url).query)


def row_of(page: Page, table: str, name: str) -> Locator:
    """Return the row of a table whose link has a text."""
    return page.locator(f"#{table} tbody tr").filter(has=page.get_by_role("link", name=name, exact=True))


def texts(row: Locator) -> list[str]:
    """Return what the cells of a row say."""
    return [each.strip() for each in row.locator("th, td").all_inner_texts()]


def test_endpoints_are_sorted_by_the_address(site: str, open_page: OpenPage) -> None:
    """Twelve of the sixty minutes have one error, all of one endpoint: sorted by errors it is first, and last again."""
    page = open_page(f"{site}/endpoints?{DAY}").page
    follow(page.locator("th a", has_text="Errors"))
    assert asked(page)["sort"] == ["errors"]
    first = page.locator("#endpoints tbody tr").first
    assert texts(first)[0] == TICKETS
    assert [texts(first)[place] for place in (2, 4, 5)] == ["120", "12", "10.00"]
    expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "descending")
    follow(page.locator("th a", has_text="Errors"))
    expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "ascending")
    assert texts(page.locator("#endpoints tbody tr").last)[0] == TICKETS
    page.go_back()
    expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "descending")
    assert texts(page.locator("#endpoints tbody tr").first)[0] == TICKETS


def test_few_rows_leave_the_rest_in_one(site: str, open_page: OpenPage) -> None:
    """Of ten endpoints two have rows; the eight others are measured together, and a link shows them."""
    page = open_page(f"{site}/endpoints?{DAY}&top=2").page
    assert texts(page.locator("#endpoints tr.rest"))[0] == "8 other endpoints"
    assert [texts(page.locator("#endpoints tr.rest"))[place] for place in (2, 4)] == ["126", "0"]
    follow(page.get_by_role("link", name="8 other endpoints"))
    expect(page.locator("#endpoints tbody tr")).to_have_count(10)


def test_clicks_add_filters_and_back_takes_them_away(site: str, open_page: OpenPage) -> None:
    """From the endpoint to its failed ones, to a user; a chip is removed; the browser's back button goes back."""
    watched = open_page(f"{site}/endpoints?{DAY}")
    page = watched.page
    follow(page.get_by_role("link", name=TICKETS, exact=True))
    assert urlsplit(page.url).path == "/drill"
    assert asked(page)["where"] == [f"http.route = {TICKETS}"]
    follow(row_of(page, "groups", "500").get_by_role("link", name="500", exact=True))
    assert asked(page)["where"] == [f"http.route = {TICKETS}", "http.response.status_code = 500"]
    expect(page.locator("#figure-requests .value")).to_have_text("12")
    follow(page.get_by_role("link", name="User", exact=True))
    assert texts(row_of(page, "groups", "0"))[1] == "12"
    follow(page.get_by_label("Remove the filter http.response.status_code = 500"))
    expect(page.locator("#figure-requests .value")).to_have_text("120")
    page.go_back()
    expect(page.locator("#figure-requests .value")).to_have_text("12")
    watched.assert_clean()


def test_a_bar_narrows_the_window_by_mouse_and_by_key(site: str, open_page: OpenPage) -> None:
    """The last hour of the chart becomes the window, cut by minutes; Enter does what a click does."""
    page = open_page(f"{site}/drill?{DAY}").page
    bars = page.locator("#requests_over_time svg a")
    href = bars.last.get_attribute("href")
    assert href is not None
    bars.last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/drill?*from=*")
    assert parse_qs(urlsplit(href).query)["from"] == asked(page)["from"]
    assert "window" not in asked(page)
    expect(page.locator(".choices a[aria-current]", has_text="minute")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(f"{site}/drill?{DAY}")


def test_numbers_lead_to_the_log_lines(site: str, open_page: OpenPage) -> None:
    """The errors of an endpoint lead to exactly those twelve lines, and an example to the trail of its request."""
    watched = open_page(f"{site}/drill?{DAY}")
    page = watched.page
    follow(row_of(page, "groups", TICKETS).get_by_role("link", name="12", exact=True))
    assert urlsplit(page.url).path == "/logs"
    found = asked(page)
    assert found["where"] == [f"http.route = {TICKETS}", "http.response.status_code >= 500"]
    assert "window" not in found
    expect(page.locator("main")).to_contain_text("12 lines")
    page.go_back()
    follow(page.locator("#examples tbody a").first)
    assert urlsplit(page.url).path.startswith("/requests/r")
    expect(page.locator("main")).to_contain_text(TICKETS)
    watched.assert_clean()


@pytest.mark.parametrize("by", ["endpoint", "user_agent.original"])
def test_names_from_logs_stay_text(site: str, open_page: OpenPage, by: str) -> None:
    """Every hostile name is seen as it was written, and a click on one asks for just its request."""
    watched = open_page(f"{site}/drill?{DAY}&by={by}")
    for text in HOSTILE:
        expect(watched.page.get_by_role("link", name=text, exact=True).first).to_be_visible()
    follow(watched.page.locator("#groups").get_by_role("link", name=HOSTILE[0], exact=True))
    expect(watched.page.locator("#figure-requests .value")).to_have_text("1")
    watched.assert_clean()


def test_slow_statements_by_type_and_endpoint(site: str, open_page: OpenPage) -> None:
    """Three SELECT of 2 s take 6 s, one UPDATE 5 s; a type leads to its shapes, which are text."""
    watched = open_page(f"{site}/statements?{DAY}")
    page = watched.page
    expect(page.locator("#verdict")).to_contain_text("4 slow statements took 11.0 s together")
    assert texts(row_of(page, "statements", "SELECT"))[1:4] == ["3", "0", "6.00"]
    follow(page.get_by_role("link", name="SELECT", exact=True))
    assert asked(page)["sql"] == ["sql.operation = SELECT"]
    assert texts(page.locator("#statements tbody tr").first)[0] == "SELECT <i>chamados</i> $1"
    page.goto(f"{site}/statements?{DAY}&where=status_code+%3E%3D+500&by=endpoint")
    expect(page.locator("#verdict")).to_contain_text("says nothing of statements")
    assert texts(row_of(page, "statements", TICKETS))[1] == "4"
    watched.assert_clean()


def test_what_is_behind_it_names_the_endpoint(site: str, open_page: OpenPage) -> None:
    """All twelve errors are of one endpoint: it stands out, and without it there is none; the finding leads there."""
    page = open_page(f"{site}/drill?{DAY}").page
    follow(page.locator("#explain"))
    assert urlsplit(page.url).path == "/explain"
    row = texts(page.locator("#findings tbody tr").first)
    assert row[:3] == [f"endpoint {TICKETS}", "12", "100.00"]
    assert row[6] == "0.00"
    follow(page.get_by_role("link", name=f"endpoint {TICKETS}", exact=True))
    assert asked(page)["where"] == [f"http.route = {TICKETS}"]


@pytest.mark.parametrize("path", ["/statements", "/explain", "/drill?by=user&window=7d&heat=requests"])
@pytest.mark.parametrize(("width", "locale"), [(1280, "en-US"), (360, "pt-BR")])
def test_the_pages_beside_can_be_used_by_everybody(
    site: str, open_page: OpenPage, path: str, width: int, locale: str
) -> None:
    """Nothing serious for axe, no sideways scrolling, no complaint, in both languages."""
    watched = open_page(site + path, width=width, locale=locale)
    watched.assert_fits()
    watched.assert_clean()
    watched.assert_accessible()


def test_nothing_recorded_is_unmeasured(site: str, open_page: OpenPage) -> None:
    """A day before the traffic has no rate and no percentile: unmeasured, never zero."""
    page = open_page(f"{site}/drill?from=2001-01-01&to=2001-01-02").page
    expect(page.locator("#verdict .state")).to_have_text("unmeasured")
    expect(page.locator("#figure-error_rate .value")).to_have_text("unmeasured")
    expect(page.locator("#figure-requests .value")).to_have_text("unmeasured")
