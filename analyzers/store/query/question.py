"""A query: everything that is asked at once."""

from __future__ import annotations

from dataclasses import dataclass

from analyzers.store.query.dimensions import Dimension
from analyzers.store.query.measures import NamedMeasure
from analyzers.store.query.predicates import EVERYTHING, Predicate
from analyzers.store.query.window import Window


@dataclass(frozen=True, slots=True)
class Top:
    """Only the greatest groups have rows of their own; the events of all others are measured together as the rest.

    Groups are ranked by their fields over the whole window, whatever calendar buckets they are cut into: the five
    busiest endpoints by hour are five endpoints. Equal ranks go by the keys in ascending order, absent keys last; a
    group without the measure (``None``) ranks last.

    Attributes:
        limit: How many groups, at least one.
        by: The name of the measure that ranks, one of the query's own, whose value is a number.
        ascending: Whether the least come first instead of the greatest.
    """

    limit: int
    by: str
    ascending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """One question.

    Attributes:
        stream: A data stream, ``<type>-<dataset>-<environment>``; the environment may be ``*``.
        window: Which events, by ``@timestamp``.
        measures: What to compute for each group, in the order of the columns.
        by: How to group; empty for one row over everything (present even when no event matches).
        where: Which events count.
        top: Which groups have rows of their own; all when absent.
    """

    stream: str
    window: Window
    measures: tuple[NamedMeasure, ...]
    by: tuple[Dimension, ...] = ()
    where: Predicate = EVERYTHING
    top: Top | None = None
