"""The report's page, as a browser and a reader meet it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from analyzers.reports import WeeklyReport, render_html, weekly_report
from analyzers.reports.charts import error_chart, latency_chart, request_chart
from analyzers.store.memory.store import MemoryStore
from logging_lib.errors import AtalaiaError
from tests.analyzers.reports.weeks_data import WEEK, ZONE, two_weeks

LABELS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@pytest.fixture(scope="module")
def report() -> WeeklyReport:
    """The report of week 13."""
    return weekly_report(MemoryStore(two_weeks()), WEEK, ZONE)


@pytest.fixture(scope="module")
def page_text(report: WeeklyReport) -> str:
    """Its page."""
    return render_html(report)


def test_the_page_is_self_contained(page_text: str) -> None:
    """No script, and nothing is fetched: the only addresses are XML namespaces."""
    assert "<script" not in page_text
    assert set(re.findall(r"https?://[^\"' )<]+", page_text)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_hostile_text_is_text(page_text: str) -> None:
    """A route that is a script is shown, not run."""
    assert "/x/&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;" in page_text


def test_the_verdict_comes_first(page_text: str) -> None:
    """The judgement stands before the numbers, and those before the charts."""
    places = [page_text.index(text) for text in ("availability missed: 96.18 %", "The week in numbers", "<figure>")]
    assert places == sorted(places)


def test_numbers_follow_the_locale(report: WeeklyReport) -> None:
    """Brazil writes a comma; an unknown locale is refused."""
    assert "96,183\u00a0%" in render_html(report, "pt-BR")
    with pytest.raises(AtalaiaError, match="no locale"):
        render_html(report, "xx")


def test_thresholds_are_drawn(report: WeeklyReport) -> None:
    """The charts name the limits they are judged by."""
    assert "limit 2 s" in latency_chart(report, LABELS).wide
    assert "limit 1 %" in error_chart(report, LABELS).narrow


def test_gaps_are_gaps(report: WeeklyReport) -> None:
    """Two silent days are two hatched bands, and cut the error line in two; the silent hours are in five spans."""
    svg = error_chart(report, LABELS).wide
    assert svg.count('fill="url(#unmeasured)"') == 2
    lines = [each.get("d", "") for each in ET.fromstring(svg).iter() if each.get("aria-roledescription") == "line mark"]  # noqa: S314  # our own drawing
    assert [line.count("M") for line in lines] == [2]
    assert request_chart(report, LABELS).wide.count('fill="url(#unmeasured)"') == 5


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_in_a_browser(browser: Browser, tmp_path: Path, page_text: str, width: int, scheme: str) -> None:
    """It fits 360 px, shows one drawing of each chart, in colours of the scheme, and complains of nothing."""
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
    assert page.locator("figure svg:visible").count() == 3
    line = page.locator("figure svg:visible [aria-roledescription='line mark']").last
    accent = "rgb(108, 176, 255)" if scheme == "dark" else "rgb(11, 99, 206)"
    assert line.evaluate("each => getComputedStyle(each).stroke") == accent
    assert complaints == []
    page.close()
