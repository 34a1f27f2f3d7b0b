"""Blocks: what a page, a report, a mail, a PDF, JSON and the terminal show, as values.

Who measures (reports, capacity, recommendations, views of the site) makes blocks; who shows knows blocks only, so that
no rendering can say another number.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from analyzers.analysis import State, Unit
from analyzers.charts.definition import Chart
from analyzers.language import Message, Value


class Trend(StrEnum):
    """Whether a change is for the better. ``UNSURE``: it may be chance."""

    BETTER = "better"
    WORSE = "worse"
    NEUTRAL = "neutral"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Change:
    """A figure beside that of the period before.

    Attributes:
        before: The earlier value, in the figure's unit; ``None`` when unmeasured.
        difference: The difference for ratios, the relative change for the rest; ``None`` without comparison.
        trend: Whether that is good news.
        significance: How likely chance alone makes a difference as great (the p value of the test that
            :attr:`method` names), from 0 to 1; ``None`` where it was not tested.
        method: The test in words, for the footnote.
    """

    before: float | None
    difference: float | None
    trend: Trend
    significance: float | None = None
    method: Message | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with what it rests on.

    Attributes:
        name: Its name in JSON, e.g. ``error_rate``.
        title: Its name for people.
        unit: What the number is.
        value: ``None`` when unmeasured.
        basis: What it rests on: ``35 of 100 requests``.
        state: Its judgement; ``None`` where nothing is promised.
        change: The period before, where there is one to compare.
    """

    name: str
    title: Message
    unit: Unit
    value: float | None
    basis: Message
    state: State | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a table."""

    name: str
    title: Message
    unit: Unit


@dataclass(frozen=True, slots=True)
class Judged:
    """A ratio beside what is promised of it: however it is rounded, it must not change sides.

    Attributes:
        value: The ratio, from 0 to 1, exact.
        target: The least ratio that is promised, likewise.
    """

    value: Fraction
    target: Fraction


Plain: TypeAlias = Value | float | Fraction | Decimal | Judged | State | None
"""A number is shown by its heading's unit; ``None`` is unmeasured."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A cell that leads somewhere: an address on the site that shows it. Print and mail show the value only."""

    value: Plain
    href: str


Cell: TypeAlias = Plain | Linked


def plain_of(cell: Cell) -> Plain:
    """Return what a cell shows, without where it leads."""
    return cell.value if isinstance(cell, Linked) else cell


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers side by side."""

    name: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings.

    Attributes:
        name: Its name in JSON.
        title: What stands above it.
        headings: The columns, as many as each row has cells.
        rows: The rows, in the order shown.
        empty: What is said instead when there is no row.
        note: What is said below it: what was left out, what the ranking rests on.
    """

    name: str
    title: Message
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: Message
    note: Message | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart, drawn from its definition in whatever the rendering needs (SVG, PNG)."""

    name: str
    title: Message
    chart: Chart
    note: Message | None = None


@dataclass(frozen=True, slots=True)
class Prose:
    """Sentences, each a paragraph or a point of a list."""

    name: str
    sentences: tuple[Message, ...]
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """A recommendation: printed, never run.

    Attributes:
        rule: The rule that gave it, e.g. ``missing-index``.
        title: What to do, in a line.
        evidence: What was measured, with numbers.
        gain: What to expect of it, and why.
        commands: The exact commands or settings, one a line, to copy.
        page: The address of the page that explains it, below ``docs/``; ``None`` when there is none.
    """

    rule: str
    title: Message
    evidence: tuple[Message, ...]
    gain: Message
    commands: tuple[str, ...]
    page: str | None = None


@dataclass(frozen=True, slots=True)
class Recommendations:
    """What to do, the most worthwhile first."""

    name: str
    advice: tuple[Advice, ...]
    empty: Message


Block: TypeAlias = Figures | Table | Picture | Prose | Recommendations


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter."""

    name: str
    title: Message
    blocks: tuple[Block, ...]
