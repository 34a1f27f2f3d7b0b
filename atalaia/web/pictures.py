"""Charts within pages."""

from __future__ import annotations

from markupsafe import Markup

from analyzers.language import Language
from analyzers.reports.document import Picture


def picture(block: Picture, language: Language) -> Markup:
    """Return a chart as inline SVG."""
    return Markup("<p>{}</p>").format(language.say(block.title))
