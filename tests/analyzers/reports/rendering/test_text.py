"""A report on a terminal."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from analyzers.analysis import Unit
from analyzers.blocks import Heading, Section, Table
from analyzers.language import Language, Message
from analyzers.reports.rendering import print_text, render_text
from analyzers.reports.rendering.text_charts import sparkline
from tests.analyzers.reports.rendering.report_data import report


def test_it_fits_80_columns(english: Language, portuguese: Language) -> None:
    """No line is longer, in either language; nothing commands a terminal."""
    for language in (english, portuguese):
        text = render_text(report(), language)
        assert max(map(len, text.splitlines())) <= 80
        assert all(char.isprintable() or char == "\n" for char in text)


def test_the_verdict_comes_first_and_then_the_numbers(english: Language) -> None:
    """In the order of every rendering: the judgement, its numbers, the charts, what to do."""
    text = render_text(report(), english)
    said = ("✕ missed availability missed: 99.87 % of 99.90 %", "Error rate", "Response time by day", "CREATE INDEX")
    places = [text.index(each) for each in said]
    assert places == sorted(places)


def test_trends_are_sparklines(english: Language) -> None:
    """p95 from 0.35 to 0.61 s with Wednesday unmeasured: a level a day, a dot for none, and both ends in numbers."""
    (line,) = [each for each in render_text(report(), english).splitlines() if each.startswith("p95 ")]
    assert line == "p95 ▄▅·▅▆▄▄ 0.350 s to 0.610 s"


@pytest.mark.parametrize(
    ("values", "room", "line"),
    [((0, 1, 2, 4), 8, "▁▃▅█"), ((1, None, None, 4), 8, "▃··█"), ((0, 4, None, None), 2, "█·"), ((), 8, "")],
)
def test_a_sparkline(values: tuple[float | None, ...], room: int, line: str) -> None:
    """Eight levels from 0 to 4; where there is no room for each, the greatest of each few."""
    assert sparkline(values, 0, 4, room) == line


def test_rankings_and_hours_have_bars_and_shades(english: Language) -> None:
    """The greatest value has the longest bar; what was not measured has dots and its word."""
    lines = render_text(report(), english).splitlines()
    first = next(line for line in lines if line.startswith("/chamados"))
    last = next(line for line in lines if line.startswith("/health"))
    assert first.count("█") == 24
    assert first.endswith("1.80 s")
    assert last.count("·") == 24
    assert last.endswith("unmeasured")
    wednesday = next(line for line in lines if line.startswith("Wed "))
    assert wednesday.count("·") == 48


def test_numbers_are_never_folded(english: Language) -> None:
    """A table of eleven columns, too many for 80, is a list: each number whole beside its title."""
    numbers = [Heading(f"n{n}", Message(f"Measurement {n}"), Unit.COUNT) for n in range(10)]
    headings = (Heading("endpoint", Message("Endpoint"), Unit.KEY), *numbers)
    table = Table("t", Message("Wide"), headings, (("/login", *(1_234_567 + n for n in range(10))),), Message("none"))
    section = Section("s", Message("S"), (table,))
    text = render_text(replace(report(), sections=(section,)), english)
    assert max(map(len, text.splitlines())) <= 80
    joined = " ".join(text.split())
    assert "/login Measurement 0 1,234,567 · Measurement 1 1,234,568" in joined
    assert "Measurement 9 1,234,576" in joined


def test_a_long_name_is_folded_and_the_numbers_stay(english: Language) -> None:
    """The route of 60 letters goes over lines; its requests stand whole at the right."""
    headings = (Heading("e", Message("Endpoint"), Unit.KEY), Heading("n", Message("Requests"), Unit.COUNT))
    table = Table("t", Message("Long"), headings, (("/a" * 60, 1_234_567),), Message("none"))
    text = render_text(replace(report(), sections=(Section("s", Message("S"), (table,)),)), english)
    assert max(map(len, text.splitlines())) <= 80
    assert any(line.endswith(" 1,234,567") for line in text.splitlines())
    assert "".join(text.split()).count("/a") == 60


def test_what_is_hostile_cannot_command_the_terminal(english: Language) -> None:
    """An escape sequence in a name of the store, and characters that turn text around, are marks."""
    text = render_text(replace(report(), store="\x1b]0;owned\x07\u202eabc"), english)
    assert "\ufffd]0;owned\ufffd\ufffdabc" in text


@pytest.mark.parametrize("no_color", ["", "1"])
def test_colour_only_on_a_terminal_that_wants_it(
    english: Language, no_color: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A terminal gets colours; with ``NO_COLOR`` none, and the signs and words are there all the same."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", no_color)
    out = StringIO()
    print_text(report(), english, Console(file=out, force_terminal=True, width=80))
    has_colour = "\x1b[1;31m" in out.getvalue()
    assert has_colour is not bool(no_color)
    assert "✕ missed" in out.getvalue()
