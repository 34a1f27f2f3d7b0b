"""Charts as they are seen: SVG that tells its values, leads on and keeps hostile text as text, and PNG."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from itertools import pairwise
from unicodedata import category
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analyzers.analysis import Unit
from analyzers.charts import PRINT, draw_png, draw_svg, key_of
from analyzers.charts.definition import Bar, Chart, HeatMap, Limit, Mark, Ranking
from analyzers.language import message
from logging_lib.errors import AtalaiaError
from tests.analyzers.charts.chart_data import an_hour_of, by_day, style

_SVG = "{http://www.w3.org/2000/svg}"
_HOSTILE = """</svg><script>alert("1")</script>'];x=[`${1}` & é"""
_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def drawn(chart: Chart, language: str = "en", *, width: int = 640, has_links: bool = True) -> ET.Element:
    """Return a chart's drawing for the web."""
    text = draw_svg(chart, "A chart", style(language, width=width, has_links=has_links))
    return ET.fromstring(text)  # noqa: S314  # our own drawing


def texts(svg: ET.Element) -> list[str]:
    """Return what stands in a drawing, in order."""
    return [element.text or "" for element in svg.iter(f"{_SVG}text")]


def titles(svg: ET.Element) -> list[str]:
    """Return what the marks say."""
    return [element.text or "" for element in svg.iter(f"{_SVG}title")]


def test_each_bucket_says_its_values_and_leads_on() -> None:
    """One link a day, in order, that names the day and every value; nothing else is told to a screen reader."""
    svg = drawn(by_day({"p50": [0.1, 0.25], "p95": [0.5, None]}))
    links = list(svg.iter(f"{_SVG}a"))
    assert [link.get("href") for link in links] == ["/day?n=0&x=1", "/day?n=1&x=1"]
    assert titles(svg) == [
        "Mon, Mar 4, 2024: p50 0.100\u00a0s, p95 0.500\u00a0s",
        "Tue, Mar 5, 2024: p50 0.250\u00a0s, p95 unmeasured",
    ]
    assert [link.get("aria-label") for link in links] == titles(svg)
    assert (svg.get("role"), svg.get("aria-label")) == ("group", "A chart")
    assert not [each for each in svg.iter() if each.get("aria-roledescription")]


def test_without_links_it_is_a_picture() -> None:
    """Paper leads nowhere: no anchor, the same titles."""
    svg = drawn(by_day({"p50": [0.1, 0.25]}), has_links=False)
    assert not list(svg.iter(f"{_SVG}a"))
    assert len(titles(svg)) == 2
    assert svg.get("role") == "img"


def test_words_and_numbers_are_the_languages() -> None:
    """Days, decimals and the unit's title in Portuguese."""
    svg = drawn(by_day({"p50": [0.1, 0.25], "p95": [0.5, 0.6]}), "pt_BR")
    assert {"seg. 4", "ter. 5", "0,2", "response time, s"} <= set(texts(svg))
    assert titles(svg)[0] == "seg., 4 de mar. de 2024: p50 0,100\u00a0s, p95 0,500\u00a0s"


def test_a_gap_breaks_the_line_and_is_hatched() -> None:
    """Three measured days, one not, one measured: two strokes, and a hatch from the third to the fourth midnight."""
    svg = drawn(by_day({"p95": [0.1, 0.2, 0.3, None, 0.4]}))
    lines = [path.get("d", "") for path in svg.iter(f"{_SVG}path") if path.get("stroke") == "var(--accent)"]
    assert [line.count("L") for line in lines if line] == [2, 0]
    (hatch,) = [path for path in svg.iter(f"{_SVG}path") if "url(#unmeasured" in (path.get("fill") or "")]
    left, width = map(float, re.findall(r"^M([\d.]+),0h([\d.]+)v160", hatch.get("d", ""))[0])
    assert left == pytest.approx(3 * width, rel=1e-6)
    pattern = next(svg.iter(f"{_SVG}pattern"))
    assert hatch.get("fill") == f"url(#{pattern.get('id')})"


def test_a_day_of_23_hours_is_narrower() -> None:
    """March 10, 2024 in New York: its bucket is 23/24 of the day before."""
    svg = drawn(by_day({"p95": [0.1] * 7}), has_links=False)
    marks = [path for path in svg.iter(f"{_SVG}path") if path.find(f"{_SVG}title") is not None]
    widths = [float(re.findall(r"h([\d.]+)v", mark.get("d", ""))[0]) for mark in marks]
    assert widths[6] / widths[5] == pytest.approx(23 / 24, rel=1e-3)


def test_limits_and_maintenance_are_drawn() -> None:
    """The limit is a dashed line with its number; maintenance is a shade; the caption says what they mean."""
    limit = Limit(0.5, message("limit"))
    chart = by_day({"p95": [0.1, None]}, limits=(limit,), excluded=(an_hour_of(4, 3),))
    svg = drawn(chart)
    assert "limit: 0.500\u00a0s" in texts(svg)
    (line,) = [each for each in svg.iter(f"{_SVG}line") if each.get("stroke") == "var(--missed)"]
    assert line.get("stroke-dasharray")
    (shade,) = [each for each in svg.iter(f"{_SVG}path") if each.get("fill") == "var(--line)"]
    assert shade.get("opacity") == "0.45"
    assert [said.text for said in key_of(chart)] == [
        "Hatched: nothing was measured.",
        "Shaded: maintenance, which does not count.",
    ]


def test_the_words_of_a_limit_at_the_top_stay_off_the_title() -> None:
    """A limit above everything: its words stand below its line, not on the title of the axis."""
    svg = drawn(by_day({"p95": [0.1, 0.2]}, limits=(Limit(2.0, message("limit")),)))
    heights = {each.text: each.get("transform", "") for each in svg.iter(f"{_SVG}text")}
    place = re.findall(r",(-?[\d.]+)\)", heights["limit: 2.00\u00a0s"])
    assert float(place[0]) > 0


def test_nothing_measured_at_all_is_one_hatch_without_numbers() -> None:
    """No axis claims a zero where there is no value."""
    svg = drawn(by_day({"p95": [None, None, None]}))
    assert sum("unmeasured" in (path.get("fill") or "") for path in svg.iter(f"{_SVG}path")) == 1
    assert "0" not in texts(svg)


def test_series_are_told_apart_without_colour() -> None:
    """Three lines: three dashes, three shades, and a name beside each; the names do not overlap."""
    svg = drawn(by_day({"p50": [0.1, 0.1], "p95": [0.11, 0.101], "p99": [0.11, 0.102]}))
    lines = [path for path in svg.iter(f"{_SVG}path") if path.get("stroke-width") == "2" and "L" in path.get("d", "")]
    assert len({line.get("stroke-dasharray") for line in lines}) == 3
    assert len({line.get("stroke") for line in lines}) == 3
    names = [each for each in svg.iter(f"{_SVG}text") if each.text in {"p50", "p95", "p99"}]
    heights = sorted(float(re.findall(r",([\d.]+)\)", each.get("transform", ""))[0]) for each in names)
    assert all(below - above >= 12 for above, below in pairwise(heights))


def test_bars_stand_on_one_another_from_zero() -> None:
    """1 and 2 requests: the axis begins at zero and holds the 3 that both make."""
    svg = drawn(by_day({"2xx": [1, 1], "5xx": [2, 2]}, Unit.COUNT, mark=Mark.BAR))
    assert {"0", "3"} <= set(texts(svg))


def test_a_ratio_is_shown_in_percent_and_may_begin_above_zero() -> None:
    """Availability near its objective is told apart, and no axis goes beyond 100 %."""
    svg = drawn(by_day({"ok": [0.9992, 0.9999]}, Unit.RATIO, limits=(Limit(0.999, message("objective")),)))
    numbers = [float(text) for text in texts(svg) if re.fullmatch(r"[\d.]+", text)]
    assert min(numbers) > 90
    assert max(numbers) == 100
    assert "objective: 99.90\u00a0%" in texts(svg)


def test_bytes_are_counted_in_the_unit_of_the_greatest() -> None:
    """0.5 and 3 GiB: the axis is in GiB with round numbers, the hover says each in its own unit."""
    svg = drawn(by_day({"disk": [2**29, 3 * 2**30]}, Unit.BYTES))
    assert {"response time, GiB", "0", "3"} <= set(texts(svg))
    assert [title.split(": ")[1] for title in titles(svg)] == ["disk 512\u00a0MiB", "disk 3.00\u00a0GiB"]


def test_a_ranking_keeps_its_order_and_hatches_what_is_unmeasured() -> None:
    """Names and numbers of each; a bar leads on."""
    bars = (Bar("/a", 2.0, "/endpoint?route=%2Fa"), Bar("/b", 1.0), Bar("/c", None))
    svg = drawn(Ranking(Unit.SECONDS, message("p95"), bars))
    assert texts(svg) == ["p95", "/a", "/b", "/c", "2.00\u00a0s", "1.00\u00a0s", "unmeasured"]
    assert titles(svg) == ["/a: 2.00\u00a0s", "/b: 1.00\u00a0s", "/c: unmeasured"]
    assert [link.get("href") for link in svg.iter(f"{_SVG}a")] == ["/endpoint?route=%2Fa"]
    assert sum("unmeasured" in (path.get("fill") or "") for path in svg.iter(f"{_SVG}path")) == 1


def test_a_bar_may_have_a_name_in_words() -> None:
    """Requests that no endpoint served are named in the reader's language, in the text and for a mouse."""
    svg = drawn(Ranking(Unit.SECONDS, message("p95"), (Bar(message("(no endpoint)"), 1.0),)), "pt_BR")
    assert texts(svg)[1] == "(sem endpoint)"
    assert titles(svg) == ["(sem endpoint): 1,00\u00a0s"]


def test_a_ranking_of_nothing_is_drawn() -> None:
    """A month without requests has no endpoint: the drawing has no mark, and no screen reader is told of one."""
    svg = drawn(Ranking(Unit.SECONDS, message("Total response time"), ()))
    assert (texts(svg), titles(svg)) == (["Total response time"], [])
    assert not [each for each in svg.iter() if each.get("role") == "graphics-symbol"]


def test_a_heat_map_says_each_hour() -> None:
    """168 cells, Monday first; the one without a value is hatched."""
    values = tuple(tuple(None if (day, hour) == (2, 3) else float(hour) for hour in range(24)) for day in range(7))
    svg = drawn(HeatMap(Unit.COUNT, message("requests"), values), "pt_BR")
    said = titles(svg)
    assert len(said) == 168
    assert (said[0], said[25], said[51]) == (
        "segunda-feira, 00:00\u201301:00: 0",
        "terça-feira, 01:00\u201302:00: 1",
        "quarta-feira, 03:00\u201304:00: não medido",
    )
    assert sum("unmeasured" in (path.get("fill") or "") for path in svg.iter(f"{_SVG}path")) == 1


def test_hostile_names_stay_text() -> None:
    """Names of routes and series that are markup or code come out letter by letter, in titles and texts."""
    ranking = drawn(Ranking(Unit.COUNT, message(_HOSTILE.replace("{", "{{").replace("}", "}}")), (Bar(_HOSTILE, 1),)))
    assert titles(ranking) == [f"{_HOSTILE}: 1"]
    assert _HOSTILE in texts(ranking)
    name = _HOSTILE.replace("{", "{{").replace("}", "}}")
    lines = drawn(by_day({name: [1, 2], "other": [1, 2]}))
    assert _HOSTILE in titles(lines)[0]
    for svg in (ranking, lines):
        assert not list(svg.iter(f"{_SVG}script"))


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=30))
@example("\x00\x1b[31m\x7f\ud800\ufffe\u202e\u2066\x9b")
def test_any_name_can_be_drawn(name: str) -> None:
    """Whatever a log holds: the drawing is well formed; what XML cannot hold, commands or turns text is replaced."""
    (said,) = titles(drawn(Ranking(Unit.COUNT, message("requests"), (Bar(name, 1),))))
    kept = [character for character in name if category(character) not in {"Cc", "Cs"} and character not in _TURNING]
    assert all(character in said for character in kept if character not in "\ufffe\uffff")
    assert not set(_TURNING) & set(said)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "https://evil.test/", "//evil.test", "/\\evil.test", "data:x"])
def test_a_link_off_the_site_is_refused(link: str) -> None:
    """A chart leads to pages of its own site only."""
    with pytest.raises(AtalaiaError, match="leads off the site"):
        drawn(Ranking(Unit.COUNT, message("requests"), (Bar("a", 1, link),)))


@pytest.mark.parametrize("width", [320, 640, 900])
def test_it_is_as_wide_as_asked(width: int) -> None:
    """In CSS pixels, whatever the names take."""
    long = by_day({"a rather long name of a series": [1, 2], "b": [1, 2]}, Unit.COUNT)
    assert drawn(long, width=width).get("width") == str(width)
    assert drawn(Ranking(Unit.COUNT, message("requests"), (Bar("a", 1),)), width=width).get("width") == str(width)


def test_two_drawings_of_a_page_do_not_share_a_hatch() -> None:
    """The same chart in two widths: where one is not displayed, its pattern is not either."""
    chart = by_day({"p95": [0.1, None]})
    names = {next(drawn(chart, width=width).iter(f"{_SVG}pattern")).get("id") for width in (320, 640)}
    assert len(names) == 2


def test_nothing_big_is_loaded_before_the_first_chart() -> None:
    """Whoever imports the package and draws nothing waits for nothing; the first chart loads it."""
    program = (
        "import sys\n"
        "from analyzers.charts import draw_svg\n"
        "from analyzers.charts.definition import Bar, Ranking\n"
        "from analyzers.language import message\n"
        "from analyzers.units import Unit\n"
        "from tests.analyzers.charts.chart_data import style\n"
        "print('vl_convert' in sys.modules)\n"
        "draw_svg(Ranking(Unit.COUNT, message('requests'), (Bar('a', 1),)), 'A chart', style())\n"
        "print('vl_convert' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["False", "True"]


def test_a_png_is_a_picture_on_white() -> None:
    """Twice as many pixels as asked for, for sharp screens; it is a PNG by its signature and header."""
    png = draw_png(by_day({"p95": [0.1, None]}), style(palette=PRINT, width=300))
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">I", png[16:20]) == (600,)
