"""Charts that are drawn before the template shows them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from analyzers.analysis import Unit
from analyzers.blocks import Picture
from analyzers.charts.definition import Point, Series, TimeChart
from analyzers.language import language_of, message
from analyzers.store.query import Window
from atalaia.web.drawings import Drawings
from atalaia.web.pictures import picture
from logging_lib.errors import AtalaiaError

MONDAY = datetime(2024, 1, 15, tzinfo=UTC)
WINDOW = Window(MONDAY, MONDAY + timedelta(hours=1))


def _picture(link: str) -> Picture:
    series = Series(message("Requests"), (Point(WINDOW, 7.0, link),))
    return Picture("requests", message("Requests"), TimeChart(Unit.COUNT, series.name, WINDOW, "UTC", (series,)))


@pytest.mark.parametrize("name", ["en", "pt-BR"])
def test_a_chart_drawn_before_is_the_same(name: str) -> None:
    """What was drawn before is what the template would draw, in the reader's language; of others nothing is known."""
    language, block = language_of(name, ZoneInfo("UTC")), _picture("/logs")
    drawings = Drawings(language)
    drawings.draw(block)
    assert drawings.find(block) == picture(block, language)
    assert drawings.find(replace(block, name="another")) is None


def test_a_link_off_the_site_is_refused() -> None:
    """Drawing before hides no mistake."""
    with pytest.raises(AtalaiaError, match="off the site"):
        Drawings(language_of("en", ZoneInfo("UTC"))).draw(_picture("https://example.org/"))
