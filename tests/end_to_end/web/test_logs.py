"""The log explorer in a real browser: search, fields, filters, pages, live lines, trails; and nothing hostile runs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.end_to_end.web.browsing import OpenPage, Scheme, follow, serving
from tests.end_to_end.web.filled import fill
from tests.end_to_end.web.log_lines import TRACE, fill_lines

_WRITER: Final = """
import sys
from datetime import UTC, datetime, timedelta
from analyzers.store.open import open_store
from tests.end_to_end.web.log_lines import said
with open_store(sys.argv[1], writable=True) as store:
    ago = timedelta(seconds=int(sys.argv[3]))
    store.append([said(sys.argv[2], datetime.now(tz=UTC) - ago, f"live {sys.argv[2]}")])
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with lines of all kinds."""
    place = tmp_path_factory.mktemp("logs") / "data"
    fill(place)
    fill_lines(place)
    return place


@pytest.fixture(scope="module")
def explorer(store: Path) -> Iterator[str]:
    """Return the address of a site that shows it."""
    with serving(store) as (url, _):
        yield url


def _write(store: Path, key: str, seconds_ago: int = 0) -> None:
    """Have another process write a line."""
    subprocess.run([sys.executable, "-c", _WRITER, str(store), key, str(seconds_ago)], check=True)


def test_a_search_finds_lines_of_every_kind(explorer: str, open_page: OpenPage) -> None:
    """Words in any field, whatever the case; one kind alone by its box; a form's fields become filters to take out."""
    watched = open_page(f"{explorer}/logs")
    page = watched.page
    page.keyboard.press("/")
    page.keyboard.type("RELATORIOS -login")
    page.keyboard.press("Enter")
    rows = page.locator("#lines .line")
    expect(page.locator("#lines")).to_contain_text("SELECT * FROM relatorios")
    expect(page.locator("#lines")).to_contain_text("/api/relatorios/7")
    page.get_by_label("Requests").uncheck()
    page.get_by_label("Application events").uncheck()
    page.get_by_role("button", name="Search").click()
    expect(rows).to_have_count(1)
    assert "stream=statement" in page.url
    page.goto(f"{explorer}/logs")
    page.get_by_label("Status").fill("5xx")
    page.get_by_label("Endpoint", exact=True).fill("relat")
    page.get_by_role("button", name="Search").click()
    expect(rows).to_have_count(1)
    expect(page.locator(".chips li")).to_have_count(2)
    follow(page.get_by_role("link", name="Remove the filter http.route ~ relat"))
    expect(page.locator(".chips li")).to_have_count(1)
    expect(rows).not_to_have_count(1)
    watched.assert_clean()


def test_a_line_opens_to_its_fields_and_they_filter(explorer: str, open_page: OpenPage) -> None:
    """By the keyboard: j, Enter; control characters are written out; a value excludes, and the address says so."""
    watched = open_page(f"{explorer}/logs?q=exhausted")
    page = watched.page
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    fields = page.locator("table.fields")
    expect(fields).to_contain_text("TimeoutError: pool exhausted\\x1b[31m\\u202e")
    copied = json.loads(page.locator("pre.json").text_content() or "")
    assert copied["error"]["message"] == "pool exhausted"
    watched.assert_accessible()
    follow(page.get_by_role("link", name="Only lines without user.id 77"))
    expect(page.locator("#content .none")).to_be_visible()
    assert "where=not+user.id+%3D+77" in page.url
    watched.assert_clean()


def test_pages_hold_every_line_once(explorer: str, open_page: OpenPage) -> None:
    """250 lines in three pages, back again, and nothing twice or missing; the place is in the address."""
    page = open_page(f"{explorer}/logs?q=paginated").page
    seen: list[str] = []
    while True:
        seen += page.locator("#lines .line .text").all_text_contents()
        older = page.get_by_role("link", name="Older lines")
        if older.count() == 0:
            break
        follow(older)
    assert seen == [f"paginated line {number}" for number in range(250)]
    follow(page.get_by_role("link", name="Newer lines").first)
    expect(page.locator("#lines .line .text").first).to_have_text("paginated line 100")
    assert "before=" in page.url


def test_new_lines_come_by_themselves(explorer: str, store: Path, open_page: OpenPage) -> None:
    """Another process writes: its line appears, so does one that is late; none while paused, and then all of them."""
    watched = open_page(f"{explorer}/logs?tail=1&q=live")
    page = watched.page
    state = page.locator("#tail-state")
    expect(state).to_contain_text("Following")
    _write(store, "first")
    texts = page.locator("#lines .line .text")
    expect(texts).to_have_text(["live first"], timeout=30_000)
    _write(store, "late", 30)
    expect(texts).to_have_text(["live first", "live late"], timeout=30_000)
    page.keyboard.press("p")
    expect(state).to_have_text("Paused.")
    _write(store, "second")
    expect(texts).to_have_count(2)
    page.get_by_role("button", name="Resume").click()
    expect(texts).to_have_text(["live second", "live first", "live late"], timeout=30_000)
    watched.assert_clean()


def test_a_trail_shows_a_request_across_services(explorer: str, open_page: OpenPage) -> None:
    """The request, its statement by the request's id, the other service's event by the trace's, in order of start."""
    watched = open_page(f"{explorer}/requests/ev-1")
    page = watched.page
    rows = page.locator("table.trail tbody tr")
    expect(rows).to_have_count(3)
    offsets = [row.locator("td").first.text_content() for row in rows.all()]
    assert offsets == ["+0.0\u00a0s", "+0.100\u00a0s", "+0.300\u00a0s"]
    bars = page.locator("rect.bar")
    assert [(each.get_attribute("x"), each.get_attribute("width")) for each in bars.all()] == [
        ("0", "1000"),
        ("125", "625"),
        ("375", "6"),
    ]
    watched.assert_accessible()
    page.goto(f"{explorer}/trace/{TRACE}")
    expect(rows).to_have_count(2)
    page.goto(f"{explorer}/requests/nobody")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing bears this id")


def test_a_mistake_is_told_below_the_fields(explorer: str, open_page: OpenPage) -> None:
    """A condition that cannot be read is refused where it was typed, with the place; the rest of the form stays."""
    page = open_page(f"{explorer}/logs?q=pool&where=status_code+%3D+many").page
    expect(page.get_by_role("alert").filter(has_text="not a whole number")).to_contain_text("at character 15")
    expect(page.get_by_label("Search", exact=True)).to_have_value("pool")
    condition = page.get_by_label("Condition")
    expect(condition).to_have_value("status_code = many")
    condition.fill("status_code = 500")
    condition.press("Enter")
    expect(page.locator("#lines .line")).to_have_count(1)
    expect(page.locator(".chips li span")).to_have_text(["status_code = 500"])


def test_a_download_holds_what_is_shown(explorer: str, open_page: OpenPage) -> None:
    """One document a line, newest first, those of the search and no others."""
    page = open_page(f"{explorer}/logs?q=paginated").page
    with page.expect_download() as started:
        page.get_by_role("link", name="Download all (NDJSON)").click()
    documents = [json.loads(line) for line in Path(started.value.path()).read_text(encoding="utf-8").splitlines()]
    assert [each["message"] for each in documents] == [f"paginated line {number}" for number in range(250)]


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_hostile_and_long_lines_are_only_text(explorer: str, open_page: OpenPage, width: int, scheme: Scheme) -> None:
    """Markup, control characters, 50,000 letters: shown, never run, within the page's width; axe finds nothing."""
    watched = open_page(
        f"{explorer}/logs?window=15m&stream=event&where=event.id+in+(hostile,+long)", width=width, scheme=scheme
    )
    page = watched.page
    expect(page.locator("#lines")).to_contain_text("<script>owned('line')</script>\\x1b[2J\\x00")
    for summary in page.locator("#lines .line > details > summary").all():
        summary.click()
    expect(page.locator("table.fields")).to_have_count(2)
    expect(page.locator("#lines")).to_contain_text("30,000 more characters")
    watched.assert_fits()
    watched.assert_accessible()
    watched.assert_clean()


def test_it_speaks_portuguese(explorer: str, open_page: OpenPage) -> None:
    """By the browser's language."""
    page = open_page(f"{explorer}/logs", locale="pt-BR").page
    expect(page.get_by_role("link", name="Acompanhar ao vivo")).to_be_visible()


def test_another_window_has_other_lines(explorer: str, open_page: OpenPage) -> None:
    """What was two minutes ago is not in the hour before: the page says so, and what to do."""
    page = open_page(f"{explorer}/logs?q=exhausted&from=-3h&to=-2h").page
    expect(page.locator("#content .none")).to_contain_text("Choose a longer time")
