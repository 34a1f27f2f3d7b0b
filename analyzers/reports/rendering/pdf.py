"""A report for paper: A4, numbered pages, tables whose heads come again on each."""

from __future__ import annotations

import json
from typing import Final, NoReturn

from markupsafe import Markup

from analyzers.alerts.channels.look import one_line
from analyzers.charts import PRINT, WIDE, Style
from analyzers.language import Language, message
from analyzers.reports.document import Report
from analyzers.reports.rendering.environment import filled
from analyzers.reports.rendering.html import svg
from logging_lib.errors import AtalaiaError

_PAGES: Final = message("page {page} of {pages}", page="\0page\0", pages="\0pages\0")
_PACKAGES: Final = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
"""What WeasyPrint 70 loads, as Debian names it."""


def render_pdf(report: Report, language: Language) -> bytes:
    """Return the document: tagged, with title, language and date, so that screen readers can read it, too.

    Args:
        report: What to show.
        language: In whose words, and on whose clock.

    Raises:
        AtalaiaError: When the system's Pango library, which sets the text, is missing.
    """
    style = Style(language, PRINT, WIDE)
    names = {"drawings": lambda picture: {"print": svg(picture, style)}, "numbered": _numbered(language)}
    return _written(filled("print.html", report, language, names))


def _written(page: str) -> bytes:
    """Return a page as PDF, by a library that loads others of the system when it is imported."""
    try:
        import weasyprint  # noqa: PLC0415  # slow to import, and not there without Pango
    except OSError as error:
        raise AtalaiaError(
            f"PDF needs the Pango library, which this system lacks: {one_line(str(error))}",
            f"on Debian: apt-get install {_PACKAGES}; or take another format, which needs none of it",
        ) from error
    document = weasyprint.HTML(string=page, url_fetcher=_nothing)
    pdf: bytes = document.write_pdf(pdf_tags=True, pdf_variant="pdf/ua-1")
    return pdf


def _numbered(language: Language) -> Markup:
    """Return the page's number as CSS composes it, in the order of the language's sentence: our own words only."""
    parts = language.say(_PAGES).split("\0")
    composed = (
        f"counter({part})" if index % 2 else json.dumps(part, ensure_ascii=False) for index, part in enumerate(parts)
    )
    return Markup(" ".join(composed))  # noqa: S704  # see above


def _nothing(url: str) -> NoReturn:
    """Refuse every address: a report loads nothing."""
    raise ValueError(f"a report loads nothing, not {url}")
