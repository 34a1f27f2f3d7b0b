"""Tables for a terminal: numbers are never folded; a table that is too wide for that becomes a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from rich import box
from rich.cells import cell_len
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

_LEAST: Final = 16
"""Columns below which a text is not folded."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column, safe for a terminal.

    Attributes:
        title: What stands above it; folded between words.
        cells: What stands in it.
        is_text: Whether it may be folded anywhere; numbers and states are not.
        side: Where it is aligned.
    """

    title: Text
    cells: tuple[Text, ...]
    is_text: bool
    side: Literal["left", "right"]

    @property
    def least(self) -> int:
        """How narrow it may be."""
        return min(self.most, _LEAST) if self.is_text else max(self._longest_word, self._longest_cell)

    @property
    def most(self) -> int:
        """How wide it need be."""
        return max(self._longest_cell, self._longest_word)

    @property
    def _longest_cell(self) -> int:
        return max((cell_len(line) for cell in self.cells for line in cell.plain.split("\n")), default=0)

    @property
    def _longest_word(self) -> int:
        return max(map(cell_len, self.title.plain.split()), default=0)


def fitted_table(columns: Sequence[Column], width: int) -> Iterator[RenderableType]:
    """Yield a table, or where that cannot fit, each row as a line of its own with the others below it."""
    widths = _widths(columns, width)
    if widths is None:
        yield from _list(columns)
        return
    grid = Grid(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False, header_style="bold")
    for column, room in zip(columns, widths, strict=True):
        grid.add_column(column.title, justify=column.side, width=room, overflow="fold")
    for row in zip(*(column.cells for column in columns), strict=True):
        grid.add_row(*row)
    yield grid


def _widths(columns: Sequence[Column], width: int) -> list[int] | None:
    """Return how wide each column is: what the others leave, the texts share; ``None`` where nothing is left."""
    room = width - 2 * len(columns) + 1
    widths = [column.least for column in columns]
    left = room - sum(widths)
    if left < 0:
        return None
    for index, column in enumerate(columns):
        more = min(column.most - widths[index], left)
        widths[index] += more
        left -= more
    return widths


def _list(columns: Sequence[Column]) -> Iterator[RenderableType]:
    key, *others = columns
    for index, first in enumerate(key.cells):
        yield first
        parts = [Text.assemble((f"{column.title.plain} ", "dim"), _whole(column.cells[index])) for column in others]
        yield Padding(Text(" · ").join(parts), (0, 0, 0, 2))


def _whole(cell: Text) -> Text:
    """Return a cell on one line."""
    return Text(" ").join(cell.split("\n"))
