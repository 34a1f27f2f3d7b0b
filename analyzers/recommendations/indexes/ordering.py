"""The order that a query gives its rows in, as columns of an index."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from analyzers.recommendations.indexes.tables import Tables
from analyzers.recommendations.indexes.wanted import Key, Unreadable


def order_of(select: exp.Select, tables: Tables) -> Mapping[str, tuple[Key, ...]]:
    """Return the columns of ``ORDER BY`` under their table; nothing where an index cannot give that order."""
    order = select.args.get("order")
    if order is None:
        return {}
    keys, owners = [], set()
    for each in order.expressions:
        column = _column(each, select)
        try:
            owners.add(None if column is None else tables.owner(column))
        except Unreadable:
            return {}
        if column is not None:
            keys.append(_key(each, column))
    (owner,) = owners if len(owners) == 1 else (None,)
    return {} if owner is None else {owner: _forward(tuple(keys))}


def _column(ordered: exp.Expr, select: exp.Select) -> exp.Column | None:
    """Return the column that is ordered by; a name that the query gives to one of its columns is that column."""
    named = ordered.this
    if not isinstance(named, exp.Column):
        return None
    if named.table:
        return named
    for each in select.expressions:
        if isinstance(each, exp.Alias) and each.alias == named.name:
            return each.this if isinstance(each.this, exp.Column) else None
    return named


def _key(ordered: exp.Expr, column: exp.Column) -> Key:
    descending = bool(ordered.args.get("desc"))
    first = bool(ordered.args.get("nulls_first"))
    return Key(column.name, descending=descending, nulls_first=None if first == descending else first)


def _forward(keys: tuple[Key, ...]) -> tuple[Key, ...]:
    """Return plain columns where all are reversed: an index is read in either direction."""
    if all(key.descending and key.nulls_first is None for key in keys):
        return tuple(Key(key.column) for key in keys)
    return keys
