"""A block on a page: its cells say what they say in a report."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import render_template_string

from analyzers.analysis import State, Unit
from analyzers.blocks import Cell, Heading, Linked, Table
from analyzers.language import Amount, language_of, message
from analyzers.reports.rendering.shown import Speaker
from atalaia.web.app import create_app
from atalaia.web.site import site_at

ROW: tuple[tuple[Unit, Cell], ...] = (
    (Unit.KEY, 12345),
    (Unit.KEY, None),
    (Unit.COUNT, 12345),
    (Unit.COUNT, None),
    (Unit.RATIO, 0.25),
    (Unit.SECONDS, 0.1234),
    (Unit.PER_SECOND, 3),
    (Unit.NUMBER, 2.5),
    (Unit.BYTES, 3 * 2**30),
    (Unit.KEY, Amount(None, Unit.SECONDS)),
    (Unit.KEY, State.MISSED),
    (Unit.KEY, Linked("/login", "/endpoints")),
)
TABLE = Table(
    "t",
    message("Title"),
    tuple(Heading(f"c{number}", message("x"), unit) for number, (unit, _) in enumerate(ROW)),
    (tuple(cell for _, cell in ROW),),
    message("empty"),
)


@pytest.mark.parametrize("name", ["en", "pt_BR"])
def test_a_cell_of_a_page_is_that_of_a_report(tmp_path: Path, name: str) -> None:
    """Every kind of value: a size has its unit, a key is no grouped number, a missing number is unmeasured."""
    app = create_app(site_at(str(tmp_path / "data"), ZoneInfo("UTC")))
    text = '{% import "blocks.html" as blocks with context %}{{ blocks.table(table) }}'
    with app.test_request_context(f"/?lang={name}"):
        app.preprocess_request()
        page = render_template_string(text, table=TABLE)
    shown = [unescape(re.sub("<[^>]*>", "", each)) for each in re.findall(r"<td.*?</td>", page, re.DOTALL)]
    [row] = Speaker(language_of(name, ZoneInfo("UTC"))).rows(TABLE)
    assert shown == [each.text for each in row]
