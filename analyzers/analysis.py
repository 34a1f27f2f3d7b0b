"""What an analysis takes and what it gives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from analyzers.fields import REQUEST_STREAM
from analyzers.sampling import Sampling
from analyzers.store.query import EVERYTHING, Dimension, Predicate, Top, Window
from analyzers.store.result import Row
from analyzers.units import Unit

__all__ = ["Analysis", "Column", "Selection", "State", "Unit"]


class State(StrEnum):
    """The three values of every judgement. Absent data is never health."""

    MET = "met"
    MISSED = "missed"
    UNMEASURED = "unmeasured"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an analysis, in the order it is shown."""

    name: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class Selection:
    """Which events an analysis looks at, and how it groups them.

    Attributes:
        window: The whole window, half-open, UTC.
        by: At most one calendar dimension and others, in the order asked for.
        where: Which events count.
        stream: The data stream.
        top: Which groups have rows of their own; all when absent.
    """

    window: Window
    by: tuple[Dimension, ...] = ()
    where: Predicate = EVERYTHING
    stream: str = REQUEST_STREAM
    top: Top | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """The answer of an analysis, ready for any renderer.

    Attributes:
        name: The command's name: ``errors``, ``latency``, ``throughput``, ``availability``, ``sla``.
        selection: What was asked.
        columns: Dimensions first, then measures.
        rows: One for each group, keyed by column name.
        total: The measures over the whole window, ungrouped, keyed by column name.
        state: The judgement of ``total`` (never of single groups).
        verdict: That judgement as one sentence with its numbers.
        totals: Every row over the whole window, where there is more than one (a row for each objective); else empty.
        rest: With ``selection.top``, all other groups together, measured from their events: one row, or one for each
            bucket (of ``sla``, and for each objective); their fields are ``None``.
        others: How many groups the rest is made of.
        sampling: What the requests were sampled from; ``None`` when each stands for itself.
    """

    name: str
    selection: Selection
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row
    state: State
    verdict: str
    totals: tuple[Row, ...] = ()
    rest: tuple[Row, ...] = ()
    others: int = 0
    sampling: Sampling | None = None
