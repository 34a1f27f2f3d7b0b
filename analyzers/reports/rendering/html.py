"""A report as one page: no scripts, nothing loaded from elsewhere; dark and light, telephone and paper."""

from __future__ import annotations

from markupsafe import Markup

from analyzers.blocks import Picture
from analyzers.charts import NARROW, WEB, WIDE, Style, draw_svg
from analyzers.language import Language
from analyzers.reports.document import Report
from analyzers.reports.rendering.environment import filled


def render_html(report: Report, language: Language) -> str:
    """Return the page, to be kept as a file.

    Each chart is there twice, for a desk and for a telephone, and the page shows the one that fits; its colours are
    those of the page.

    Args:
        report: What to show.
        language: In whose words, and on whose clock.
    """
    return filled("page.html", report, language, {"drawings": lambda picture: _drawings(picture, language)})


def _drawings(picture: Picture, language: Language) -> dict[str, Markup]:
    return {name: svg(picture, Style(language, WEB, width)) for name, width in (("wide", WIDE), ("narrow", NARROW))}


def svg(picture: Picture, style: Style) -> Markup:
    """Return a picture as an element of the page: our own drawing, in which all text is escaped."""
    return Markup(draw_svg(picture.chart, style.language.say(picture.title), style))  # noqa: S704  # see above
