"""A report for a terminal: 80 columns, trends as sparklines, colour where the terminal has it."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Final
from unicodedata import category

from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from analyzers.analysis import State
from analyzers.charts import key_of
from analyzers.language import Language, message
from analyzers.reports.document import Block, Figures, Picture, Prose, Recommendations, Report, Table
from analyzers.reports.rendering.shown import SIGNS, Shown, Speaker, methods
from analyzers.reports.rendering.text_charts import drawn

_WIDTH: Final = 80
_RESTS_ON: Final = message("Rests on")
_DOTTED: Final = message("· stands where nothing was measured.")
_STYLES: Final = {State.MET: "bold green", State.MISSED: "bold red", State.UNMEASURED: "bold yellow"}


def render_text(report: Report, language: Language) -> str:
    """Return the report as plain text of 80 columns: no colour, no control character."""
    out = StringIO()
    print_text(report, language, Console(file=out, width=_WIDTH, color_system=None, highlight=False, emoji=False))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def print_text(report: Report, language: Language, console: Console) -> None:
    """Print the report; the console knows its width, whether it has colours, and of ``NO_COLOR``."""
    for each in _lines(report, language):
        console.print(each, markup=False, highlight=False)


def safe(text: str) -> str:
    """Return a text that cannot command a terminal; every kind of space becomes the plain one."""
    return "".join(_character(char) for char in text)


def _character(char: str) -> str:
    if char.isprintable():
        return char
    return " " if category(char) == "Zs" else "\ufffd"


def _lines(report: Report, language: Language) -> Iterator[RenderableType]:
    speak, say = Speaker(language), language.say
    yield Text(safe(f"{say(report.title)} · {speak.span(report.window)} · {report.zone}"), "bold")
    yield ""
    yield Text.assemble(_state(report.state, speak), " ", safe(" ".join(say(each) for each in report.verdict)))
    for section in report.sections:
        yield ""
        yield Text(safe(say(section.title)), "bold underline")
        for block in section.blocks:
            yield from _block(block, speak)
    if report.notes:
        yield ""
        yield Text(say("About these numbers"), "bold underline")
        yield from (_point(say(note)) for note in report.notes)
    yield ""
    made = f"{say('Store')}: {report.store} · {say('Made')}: {language.instant(report.made)} · {report.zone}"
    yield Text(safe(made), "dim")


def _block(block: Block, speak: Speaker) -> Iterator[RenderableType]:
    match block:
        case Figures():
            yield from _figures(block, speak)
        case Table():
            yield from _table(block, speak)
        case Picture():
            yield from _picture(block, speak)
        case Prose():
            say = speak.language.say
            yield from (_point(say(each)) if block.is_list else Text(safe(say(each))) for each in block.sentences)
        case Recommendations():
            yield from _advice(block, speak)


def _figures(block: Figures, speak: Speaker) -> Iterator[RenderableType]:
    say = speak.language.say
    is_compared = any(figure.change is not None for figure in block.figures)
    grid = _grid()
    for title in (
        say("Figure"),
        say("Value"),
        *((say("Before"), say("Change")) if is_compared else ()),
        say(_RESTS_ON),
    ):
        grid.add_column(title, justify="left" if title in {say("Figure"), say(_RESTS_ON)} else "right")
    for figure in block.figures:
        shown = speak.value(figure)
        value = Text(safe(shown.text))
        if figure.state is not None and not shown.is_unmeasured:
            value = Text.assemble(safe(shown.text), "\n", _state(figure.state, speak))
        compared: tuple[Text, ...] = ()
        if is_compared:
            trend = () if figure.change is None else (speak.trend(figure.change), speak.significance(figure.change))
            change = "\n".join(safe(part) for part in (speak.change(figure), *trend) if part)
            compared = (Text(safe(speak.before(figure).text)), Text(change))
        grid.add_row(Text(safe(say(figure.title))), value, *compared, Text(safe(say(figure.basis)), "dim"))
    yield grid
    yield from (Text(safe(each), "dim") for each in methods(block.figures, speak.language))


def _table(block: Table, speak: Speaker) -> Iterator[RenderableType]:
    say = speak.language.say
    yield ""
    yield Text(safe(say(block.title)), "bold")
    if not block.rows:
        yield Text(safe(say(block.empty)))
    else:
        yield _rows(block, speak)
    if block.note is not None:
        yield Text(safe(say(block.note)), "dim")


def _rows(block: Table, speak: Speaker) -> Grid:
    grid = _grid()
    shown = [[speak.cell(*pair) for pair in zip(row, block.headings, strict=True)] for row in block.rows]
    for index, heading in enumerate(block.headings):
        is_number = any(row[index].is_number for row in shown)
        grid.add_column(Text(safe(speak.heading(heading))), justify="right" if is_number else "left", overflow="fold")
    for row in shown:
        grid.add_row(*(_cell(each, speak) for each in row))
    return grid


def _cell(shown: Shown, speak: Speaker) -> Text:
    return Text(safe(shown.text)) if shown.state is None else _state(shown.state, speak)


def _picture(block: Picture, speak: Speaker) -> Iterator[RenderableType]:
    say = speak.language.say
    yield ""
    yield Text(safe(say(block.title)), "bold")
    yield from (Text(safe(line), no_wrap=True, overflow="crop") for line in drawn(block.chart, speak.language))
    notes = [say(block.note)] if block.note is not None else []
    if key_of(block.chart):
        notes.append(say(_DOTTED))
    if notes:
        yield Text(safe(" ".join(notes)), "dim")


def _advice(block: Recommendations, speak: Speaker) -> Iterator[RenderableType]:
    say = speak.language.say
    if not block.advice:
        yield Text(safe(say(block.empty)))
    for number, advice in enumerate(block.advice, 1):
        yield ""
        yield Text(safe(f"{number}. {say(advice.title)}"), "bold")
        yield from (_point(say(each)) for each in advice.evidence)
        yield Text(safe(f"{say('What to expect')}: {say(advice.gain)}"))
        yield from (Padding(Text(safe(line), "bold"), (0, 0, 0, 4)) for line in advice.commands)
        if advice.page is not None:
            yield Text(f"{say('More in')} docs/{safe(advice.page)}", "dim")


def _point(text: str) -> Padding:
    grid = Grid.grid(padding=(0, 1, 0, 0))
    grid.add_row("-", Text(safe(text)))
    return Padding(grid, (0, 0, 0, 2))


def _state(state: State, speak: Speaker) -> Text:
    return Text(f"{SIGNS[state]} {speak.state(state)}", _STYLES[state])


def _grid() -> Grid:
    return Grid(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False, header_style="bold")
