"""Series of several kinds in one chart."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from analyzers.charts import draw_svg
from analyzers.charts.definition import Mark
from tests.analyzers.charts.chart_data import by_day, style

_SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("names", [("p95", "requests"), ("requests", "p95")])
def test_lines_are_drawn_over_bars(names: tuple[str, str]) -> None:
    """Whichever comes first in the chart: what is drawn later covers what was drawn before."""
    values = {"p95": [1.0, 2.0], "requests": [2.0, 1.0]}
    chart = by_day({name: values[name] for name in names})
    series = tuple(replace(each, mark=Mark.BAR) if each.name.text == "requests" else each for each in chart.series)
    svg = ET.fromstring(draw_svg(replace(chart, series=series), "A chart", style()))  # noqa: S314  # our own drawing
    drawn = [
        kind
        for group in svg.iter(f"{_SVG}g")
        for kind in ("mark-rect", "mark-line")
        if kind in group.get("class", "") and any(each.get("fill") or each.get("stroke-width") == "2" for each in group)
    ]
    assert drawn.index("mark-rect") < drawn.index("mark-line")
