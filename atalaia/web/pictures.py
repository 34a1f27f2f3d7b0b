"""Charts within pages."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from analyzers.blocks import Picture
from analyzers.charts import NARROW, WEB, WIDE, Style, draw_svg, key_of
from analyzers.language import Language

WIDTHS: Final = {"tile": 400, "wide": WIDE, "narrow": NARROW}
"""CSS pixels: ``tile`` for charts side by side, of which each has the width of a telephone."""

_PASSED: Final = '<a tabindex="-1" '


def picture(block: Picture, language: Language, width: str = "tile") -> Markup:
    """Return a chart as inline SVG, whose points lead where the definition says.

    Args:
        block: The chart.
        language: Whose words.
        width: One of :data:`WIDTHS`; the page scales it to the place it has.
    """
    drawn = draw_svg(block.chart, language.say(block.title), Style(language, WEB, WIDTHS[width], has_links=True))
    return Markup(_one_stop(drawn))  # noqa: S704  # drawn by us; all that comes from logs is text in it (analyzers.charts.drawing)


def _one_stop(svg: str) -> str:
    """Make the links of a chart one stop of the Tab key: ``site.js`` goes from one to the next by arrows."""
    first, link, rest = svg.partition("<a ")
    return f"{first}{link}{rest.replace('<a ', _PASSED)}"


def captions(block: Picture, language: Language) -> tuple[str, ...]:
    """Return what stands below a chart: what its hatches and shades mean, and its note."""
    notes = (*key_of(block.chart), *(() if block.note is None else (block.note,)))
    return tuple(language.say(each) for each in notes)
