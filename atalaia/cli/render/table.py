"""An analysis for a person at a terminal: the verdict first, then the numbers, then the trend."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, Literal, TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analyzers.analysis import Analysis, Column, State, Unit
from analyzers.store.calendar import bucket_starts
from analyzers.store.query import BUCKET, Calendar
from analyzers.store.result import Row, Value
from atalaia.cli.render.safe import printable
from atalaia.cli.render.sparkline import run_length, sparkline
from atalaia.cli.render.text import bucket, cell, rest_name

_UNBOUNDED: Final = 10_000
_LEAST_KEYS: Final = {1: 16, 2: 10}
"""How narrow a field's values may be folded, by how many fields there are; more of them still narrower."""
_LEAST_KEY: Final = 8
PLAIN_WIDTH: Final = 80
"""How wide a table is where no terminal says otherwise."""
STYLES: Final = {State.MET: "bold green", State.MISSED: "bold red", State.UNMEASURED: "bold yellow"}
MARKS: Final = {State.MET: "✔", State.MISSED: "✘", State.UNMEASURED: "?"}
_UNITS: Final = {Unit.SECONDS: "s", Unit.PER_SECOND: "/s"}
_TREND: Final = {
    "errors": "error_rate",
    "latency": "p95",
    "throughput": "requests_per_second",
    "availability": "availability",
    "queries": "seconds",
}
"""The measure whose trend is drawn."""


class _PipedConsole(Console):
    """A console whose reader may go away; rich would end the program with the status of a breach."""

    def on_broken_pipe(self) -> None:
        """Leave it to the command's boundary.

        Raises:
            BrokenPipeError: Always.
        """
        raise BrokenPipeError


def console_for(stream: TextIO) -> Console:
    """Return a console that colours only on a terminal and takes no text for markup."""
    width = None if stream.isatty() else PLAIN_WIDTH
    return _PipedConsole(file=stream, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


def print_table(analysis: Analysis, stream: TextIO) -> None:
    """Print verdict, table and, with calendar buckets alone, the trend."""
    console = console_for(stream)
    console.print(verdict(analysis.state, analysis.verdict), soft_wrap=True)
    if analysis.rows:
        print_whole(console, table(analysis))
    if line := trend(analysis):
        console.print(line)


def print_whole(console: Console, rows: Table) -> None:
    """Print a table within the console's width; where its numbers alone need more, wider: nothing is cut off."""
    _fold(console, rows)
    console.width = max(console.width, _needed(console, rows))
    console.print(rows)


def _fold(console: Console, rows: Table) -> None:
    """Fold long words in the columns that may be folded where a table is else too wide: rich takes a word as it is."""
    folding = [column for column in rows.columns if not column.no_wrap and column.min_width]
    if not folding or _needed(console, rows) <= console.width:
        return
    for column in folding:
        column.max_width = column.min_width
    room = max(0, console.width - _needed(console, rows)) // len(folding)
    for column in folding:
        column.max_width = (column.min_width or 0) + room


def _needed(console: Console, rows: Table) -> int:
    """Return how wide a table must be; rich leaves the spaces between columns without an outer edge out."""
    measured = rows.__rich_measure__(console, console.options.update(width=_UNBOUNDED))
    return measured.minimum + len(rows.columns)


def verdict(state: State, sentence: str) -> Text:
    """Return the judgement: a mark and a sentence, never the colour alone."""
    return Text.assemble((f"{MARKS[state]} ", STYLES[state]), printable(sentence))


def table(analysis: Analysis) -> Table:
    """Return the rows under headers that carry the units, numbers right-aligned."""
    result = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False, header_style="bold")
    keys = sum(column.unit is Unit.KEY and not _fixed(column) for column in analysis.columns)
    for column in analysis.columns:
        folds = column.unit is Unit.KEY and not _fixed(column)
        least = _LEAST_KEYS.get(keys, _LEAST_KEY) if folds else None
        justify = _justify(column)
        result.add_column(header(column), justify=justify, overflow="fold", no_wrap=not folds, min_width=least)
    calendar = calendar_of(analysis)
    for row in analysis.rows:
        result.add_row(*(_text(row[column.name], column, calendar) for column in analysis.columns))
    if analysis.rest:
        result.add_section()
    for row in analysis.rest:
        result.add_row(*_rest(row, analysis, calendar))
    return result


def _rest(row: Row, analysis: Analysis, calendar: Calendar | None) -> list[Text]:
    """Return a row of the rest: in the place of the first field what it is, nothing in those of further ones."""
    keys = [dimension.name for dimension in analysis.selection.by if not isinstance(dimension, Calendar)]
    names = dict.fromkeys(keys, Text("")) | {keys[0]: Text(rest_name(analysis.others))}
    return [
        names[column.name] if column.name in names else _text(row[column.name], column, calendar)
        for column in analysis.columns
    ]


def _fixed(column: Column) -> bool:
    """Whether the values come from a short list of ours, so that they need never be folded."""
    return column.name in {BUCKET, "objective", "state"}


def header(column: Column) -> Text:
    """Return a column's name as words, with the unit where it has one."""
    unit = _UNITS.get(column.unit)
    if column.unit is Unit.KEY:
        return Text(printable(column.name))
    words = column.name.removesuffix("_per_second").replace("_", " ")
    if column.unit is Unit.PER_SECOND:
        return Text(f"{words}{unit}")
    return Text(f"{words} [{unit}]" if unit else words)


def calendar_of(analysis: Analysis) -> Calendar | None:
    """Return the calendar dimension, if one was asked for."""
    return next((dimension for dimension in analysis.selection.by if isinstance(dimension, Calendar)), None)


def empty_buckets(analysis: Analysis) -> tuple[int, int]:
    """Return how many buckets of the window have no event in any group, and how many there are."""
    calendar = calendar_of(analysis)
    if calendar is None:
        return 0, 0
    starts = bucket_starts(calendar, analysis.selection.window)[:-1]
    return len(starts) - len({_start(row) for row in (*analysis.rows, *analysis.rest)}), len(starts)


def trend(analysis: Analysis) -> Text | None:
    """Return the sparkline of the analysis' chief measure, a gap where a bucket has no events."""
    calendar, measure = calendar_of(analysis), _TREND.get(analysis.name)
    if calendar is None or measure is None or analysis.selection.by != (calendar,):
        return None
    found = {_start(row): _number(row, measure) for row in analysis.rows}
    starts = bucket_starts(calendar, analysis.selection.window)[:-1]
    values = [found.get(start) for start in starts]
    shared = run_length(len(values))
    legend = f"greatest of each {shared} buckets; " if shared > 1 else ""
    line = Text(f"{measure.replace('_', ' ')} {sparkline(values)}")
    return line.append(f"\n({legend}from 0; · is a {calendar.unit} without data)", style="dim")


def _number(row: Row, measure: str) -> float | None:
    value = row[measure]
    return value if isinstance(value, int | float) else None


def _start(row: Row) -> datetime:
    """Return the bucket's start in UTC: in its own zone the two starts of a repeated hour would compare as equal."""
    start = row[BUCKET]
    if not isinstance(start, datetime):
        raise TypeError(f"the bucket {start!r} is not an instant")
    return start.astimezone(UTC)


def _justify(column: Column) -> Literal["left", "right"]:
    return "left" if column.unit is Unit.KEY else "right"


def _text(value: Value, column: Column, calendar: Calendar | None) -> Text:
    if calendar is not None and column.name == BUCKET and isinstance(value, datetime):
        return Text(bucket(value, calendar.unit))
    return Text(cell(value, column.unit))
