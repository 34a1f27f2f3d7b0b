"""The page of a report, as a browser and a reader meet it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from analyzers.analysis import State
from analyzers.language import Language
from analyzers.reports.rendering import render_html
from tests.analyzers.reports.rendering.report_data import HOSTILE, report


@pytest.fixture(scope="module")
def page_text(english: Language) -> str:
    """The page in English."""
    return render_html(report(), english)


def test_the_page_is_self_contained(page_text: str) -> None:
    """No script, no link, and nothing is fetched: the only addresses are XML namespaces."""
    assert "<script" not in page_text
    assert "<a " not in page_text
    assert set(re.findall(r"https?://[^\"' )<]+", page_text)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_the_order_is_verdict_numbers_charts_advice(page_text: str) -> None:
    """The judgement stands before the numbers, those before the charts, and those before what to do."""
    said = (
        "availability missed: 99.87\u00a0% of 99.90\u00a0%",
        "The week in numbers",
        "<figure>",
        "CREATE INDEX CONCURRENTLY tickets_status",
        "About these numbers",
    )
    places = [page_text.index(text) for text in said]
    assert places == sorted(places)


def test_numbers_stand_at_the_right_with_their_unit_above(page_text: str) -> None:
    """The heading has the unit, the cell the bare number with three digits, thousands grouped."""
    assert '<th scope="col" class="number">Error rate, %</th>' in page_text
    assert '<th scope="col" class="number">p95, s</th>' in page_text
    assert re.search(r'<td class="number ">\s*11,999\s*</td>\s*<td class="number ">\s*0.12\s*</td>', page_text)


def test_changes_say_how_sure_they_are(page_text: str) -> None:
    """Percent for times, points for rates, a word for the direction, and the test's p."""
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page_text))
    assert "Error rate 1,215 of 98,765 requests 1.23 % ✕ missed 0.61 %" in text
    for said in ("-13.6 % better p = 0.031", "+0.62 pp worse p < 0.001", "+1.8 % may be chance p = 0.600"):
        assert said.replace("<", "&lt;") in text
    assert text.count("Mann-Whitney") == 1


@pytest.mark.parametrize("state", list(State))
def test_three_states_have_three_looks(english: Language, state: State) -> None:
    """Each has a word and a sign of its own beside its colour."""
    sign, word = {"met": ("✓", "met"), "missed": ("✕", "missed"), "unmeasured": ("▨", "unmeasured")}[state]
    verdict = render_html(report(state=state), english).split('<div class="verdict')[1].split("<p")[0]
    assert sign in verdict
    assert re.search(rf"</span> {word}</span>", verdict)


def test_what_is_empty_says_so(page_text: str) -> None:
    """A table without rows and an advice without rules are sentences, not empty frames."""
    assert "No request failed." in page_text
    assert "Nothing else was found." in page_text


def test_characters_that_xml_cannot_hold_are_replaced(english: Language) -> None:
    """A name with control characters leaves a page that every parser reads."""
    page = render_html(replace(report(), store="a\x00b\x1b[31m"), english)
    assert "a\ufffdb\ufffd[31m" in page


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_in_a_browser(browser: Browser, tmp_path: Path, page_text: str, width: int, scheme: str) -> None:
    """It fits 360 px, shows one drawing of each chart in the scheme's colours, and runs nothing."""
    path = tmp_path / "report.html"
    path.write_text(page_text, encoding="utf-8")
    page = browser.new_page(
        viewport={"width": width, "height": 800}, color_scheme="dark" if scheme == "dark" else "light"
    )
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator("figure svg:visible").count() == 4
    accent = "rgb(108, 176, 255)" if scheme == "dark" else "rgb(11, 99, 206)"
    line = page.locator("figure svg:visible path[stroke='var(--accent)'][stroke-width='2']").first
    assert line.evaluate("each => getComputedStyle(each).stroke") == accent
    assert page.locator("tbody th", has_text=HOSTILE).inner_text() == HOSTILE
    assert complaints == []
    page.close()
