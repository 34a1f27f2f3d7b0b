"""The colours of a place where charts are seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from analyzers.language import Language


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours, each as SVG takes it: ``#rrggbb``, or a CSS variable of the page.

    Attributes:
        paper: What is behind the chart.
        ink: Text and the darkest line.
        quiet: Titles of axes, and the faintest line.
        line: Rules, and the stripes over what is unmeasured.
        accent: The one colour of data.
        missed: Limits.
    """

    paper: str
    ink: str
    quiet: str
    line: str
    accent: str
    missed: str


WEB: Final = Palette("var(--paper)", "var(--ink)", "var(--quiet)", "var(--line)", "var(--accent)", "var(--missed)")
"""The variables of our pages, so that one drawing serves light, dark and print."""

PRINT: Final = Palette("#ffffff", "#1c2128", "#59636e", "#c3cad2", "#0b63ce", "#c4272f")
"""Dark on white, for PDF and for mail, which know no variables."""


@dataclass(frozen=True, slots=True)
class Style:
    """For whom and where a chart is drawn.

    Attributes:
        language: Whose words, numbers and clock.
        palette: Its colours.
        width: Its whole width in CSS pixels.
        has_links: Whether marks lead where the definition says; paper and mail have no site around them.
    """

    language: Language
    palette: Palette
    width: int
    has_links: bool = False


WIDE: Final = 640
"""Pixels, for a desk and for paper."""

NARROW: Final = 320
"""Pixels, for a telephone."""
