"""Statements that show what PostgreSQL makes of a shape, without a value and without running it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from sqlglot import exp

from analyzers.recommendations.indexes.reading import DIALECT, parsed
from analyzers.recommendations.indexes.wanted import Wanted, literal

_NAME = "atalaia_shape"


def plan_of(text: str) -> tuple[str, ...]:
    """Return the statements that show the plan of a shape: prepared, and planned for whatever the values are.

    ``plan_cache_mode`` is of PostgreSQL 12 and later. Nothing where a value stands in what cannot be a parameter.

    Args:
        text: The normalised statement.
    """
    tree = parsed(text)
    if any(each.find(exp.Placeholder) for each in tree.find_all(exp.Interval, exp.DataType)):
        return ()
    numbers = count(1)
    # In the order of the text, so that a person can count along.
    for each in list(_placeholders(tree)):
        each.replace(exp.Parameter(this=exp.Literal.number(next(numbers))))
    nulls = ", ".join(["NULL"] * (next(numbers) - 1))
    return (
        "SET plan_cache_mode = force_generic_plan;",
        f"PREPARE {_NAME} AS {tree.sql(dialect=DIALECT)};",
        f"EXPLAIN EXECUTE {_NAME}{f'({nulls})' if nulls else ''};",
        f"DEALLOCATE {_NAME}; RESET plan_cache_mode;",
    )


def indexes_of(wanted: Wanted) -> str:
    """Return the statement that lists a table's indexes with how often each was used."""
    schema = "" if wanted.schema is None else f" AND schemaname = {literal(wanted.schema)}"
    return (  # printed for a person, and quoted all the same
        "SELECT indexrelname, idx_scan, pg_get_indexdef(indexrelid) FROM pg_stat_user_indexes "  # noqa: S608
        f"WHERE relname = {literal(wanted.table)}{schema};"
    )


def _placeholders(tree: exp.Expr) -> Iterator[exp.Placeholder]:
    return tree.find_all(exp.Placeholder, bfs=False)
