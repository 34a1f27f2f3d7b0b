"""A report for a terminal: 80 columns, trends as sparklines, colour where the terminal has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Final, TypeAlias
from unicodedata import category

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from analyzers.analysis import State, Unit
from analyzers.blocks import Block, Figure, Figures, Heading, Picture, Prose, Recommendations, Table
from analyzers.charts import key_of
from analyzers.language import Language, message
from analyzers.reports.document import Report
from analyzers.reports.rendering.shown import SIGNS, Shown, Speaker, methods
from analyzers.reports.rendering.text_charts import drawn
from analyzers.reports.rendering.text_tables import Column, fitted_table

Part: TypeAlias = RenderableType | tuple[Column, ...]
"""What is printed; columns become a table as wide as the console has room."""
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
    for part in _lines(report, language):
        for each in fitted_table(part, console.width) if isinstance(part, tuple) else (part,):
            console.print(each, markup=False, highlight=False)


def safe(text: str) -> str:
    """Return a text that cannot command a terminal; every kind of space becomes the plain one."""
    return "".join(_character(char) for char in text)


def _character(char: str) -> str:
    if char.isprintable():
        return char
    return " " if category(char) == "Zs" else "\ufffd"


def _lines(report: Report, language: Language) -> Iterator[Part]:
    speak, say = Speaker(language), language.say
    yield Text(safe(f"{say(report.title)} · {speak.span(report.window)} · {report.zone}"), "bold")
    yield ""
    for number, sentence in enumerate(report.verdict):
        sign = (_state(report.state, speak), " ") if number == 0 else ("  ",)
        yield Text.assemble(*sign, safe(say(sentence)))
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


def _block(block: Block, speak: Speaker) -> Iterator[Part]:
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


def _figures(block: Figures, speak: Speaker) -> Iterator[Part]:
    say = speak.language.say
    columns = [
        _column(say("Figure"), [Text(safe(say(figure.title))) for figure in block.figures]),
        _column(say("Value"), [_value(figure, speak) for figure in block.figures], is_number=True),
    ]
    if any(figure.change is not None for figure in block.figures):
        before = [Text(safe(speak.before(figure).text)) for figure in block.figures]
        columns.append(_column(say("Before"), before, is_number=True))
        columns.append(_column(say("Change"), [_change(figure, speak) for figure in block.figures], is_number=True))
    columns.append(_column(say(_RESTS_ON), [Text(safe(say(figure.basis)), "dim") for figure in block.figures]))
    yield tuple(columns)
    yield from (Text(safe(each), "dim") for each in methods(block.figures, speak.language))


def _value(figure: Figure, speak: Speaker) -> Text:
    shown = speak.value(figure)
    if figure.state is None or shown.is_unmeasured:
        return Text(safe(shown.text))
    return Text.assemble(safe(shown.text), "\n", _state(figure.state, speak))


def _change(figure: Figure, speak: Speaker) -> Text:
    trend = () if figure.change is None else (speak.trend(figure.change), speak.significance(figure.change))
    return Text("\n".join(safe(part) for part in (speak.change(figure), *trend) if part))


def _column(title: str, cells: Sequence[Text], *, is_number: bool = False) -> Column:
    return Column(Text(safe(title)), tuple(cells), not is_number, "right" if is_number else "left")


def _table(block: Table, speak: Speaker) -> Iterator[Part]:
    say = speak.language.say
    yield ""
    yield Text(safe(say(block.title)), "bold")
    if not block.rows:
        yield Text(safe(say(block.empty)))
    else:
        columns = zip(*speak.rows(block), strict=True)
        yield tuple(_column_of(*each, speak) for each in zip(block.headings, columns, strict=True))
    if block.note is not None:
        yield Text(safe(say(block.note)), "dim")


def _column_of(heading: Heading, shown: tuple[Shown, ...], speak: Speaker) -> Column:
    cells = tuple(Text(safe(each.text)) if each.state is None else _state(each.state, speak) for each in shown)
    is_text = heading.unit is Unit.KEY and not any(each.state for each in shown)
    return Column(Text(safe(speak.heading(heading))), cells, is_text, "left" if heading.unit is Unit.KEY else "right")


def _picture(block: Picture, speak: Speaker) -> Iterator[Part]:
    say = speak.language.say
    yield ""
    yield Text(safe(say(block.title)), "bold")
    yield from (Text(safe(line), no_wrap=True, overflow="crop") for line in drawn(block.chart, speak.language))
    notes = [say(block.note)] if block.note is not None else []
    if key_of(block.chart):
        notes.append(say(_DOTTED))
    if notes:
        yield Text(safe(" ".join(notes)), "dim")


def _advice(block: Recommendations, speak: Speaker) -> Iterator[Part]:
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
