"""Read a statement's shape: the tables it looks rows up in, and the indexes that would spare it their scans.

The order of the columns is that of a B-tree: those compared with one value first, then one range, or the columns that
the rows are ordered by (PostgreSQL's documentation, "Multicolumn Indexes" and "Indexes and ORDER BY"). A list of values
keeps no order behind it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sqlglot import exp, parse
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.normalize_identifiers import normalize_identifiers
from sqlglot.optimizer.scope import Scope, traverse_scope

from analyzers.language import message
from analyzers.recommendations.indexes.conditions import Conditions, read_conditions
from analyzers.recommendations.indexes.ordering import order_of
from analyzers.recommendations.indexes.tables import Tables
from analyzers.recommendations.indexes.wanted import Key, Unreadable, Wanted
from logging_lib.sql.tokens import CUT

DIALECT: Final = "postgres"
_CATALOGS: Final = ("pg_catalog", "information_schema")
MOST_COLUMNS: Final = 3
"""Columns of an index. "Indexes with more than three columns are unlikely to be helpful unless the usage of the table
is extremely stylized": PostgreSQL's documentation, "Multicolumn Indexes"."""


def parsed(text: str) -> exp.Expr:
    """Return the syntax tree of a normalised statement, names folded as PostgreSQL folds them.

    Args:
        text: The statement with ``?`` for every value.

    Raises:
        Unreadable: When it cannot be read, or only its beginning was recorded.
    """
    if CUT in text:
        raise Unreadable(message("only its beginning was recorded"))
    try:
        trees = [normalize_identifiers(each, dialect=DIALECT) for each in parse(text, dialect=DIALECT) if each]
    except (SqlglotError, RecursionError) as error:
        raise Unreadable(message("its SQL could not be read")) from error
    if len(trees) != 1:
        raise Unreadable(message("it is not one statement"))
    return trees[0]


def wanted_by(text: str) -> tuple[Wanted, ...]:
    """Return the indexes that a statement could use, at most one for each time that it reads a table.

    Raises:
        Unreadable: When there is none, with the reason.
    """
    found: list[Wanted] = []
    why = message("it compares no column with a value")
    for scope in _scopes(parsed(text)):
        try:
            found += _of_scope(scope)
        except Unreadable as refused:
            why = refused.why
    if not found:
        raise Unreadable(why)
    return tuple(dict.fromkeys(found))


def _scopes(tree: exp.Expr) -> list[Scope]:
    """Return the queries in a statement, the inner ones too; a change of rows is read as the query that finds them."""
    if isinstance(tree, exp.Insert):
        if not isinstance(tree.expression, exp.Query):
            raise Unreadable(message("an INSERT of values looks nothing up"))
        return traverse_scope(tree.expression)
    if isinstance(tree, exp.Update | exp.Delete):
        return traverse_scope(_lookup(tree))
    if isinstance(tree, exp.Query):
        return traverse_scope(tree)
    raise Unreadable(message("it is neither SELECT, UPDATE nor DELETE"))


def _lookup(tree: exp.Update | exp.Delete) -> exp.Query:
    if tree.args.get("using") or tree.args.get("from_"):
        raise Unreadable(message("it changes rows by way of another table"))
    where = tree.args.get("where")
    if where is None:
        raise Unreadable(message("it changes every row"))
    return exp.select("*").from_(tree.this.copy()).where(where.this.copy())


def _of_scope(scope: Scope) -> list[Wanted]:
    select = scope.expression
    if not isinstance(select, exp.Select):
        return []  # of a UNION each part is a scope of its own
    tables = Tables(scope)
    conditions, order = read_conditions(select, tables), order_of(select, tables)
    limited = select.args.get("limit") is not None
    found = []
    for name in tables.names:
        keys = _keys(conditions, name, order.get(name, ()), limited=limited)
        if keys:
            source = tables.table(name)
            found.append(_checked(Wanted(source.db or None, source.name, keys, tuple(sorted(conditions.only(name))))))
    if not found and conditions.why is not None:
        raise Unreadable(conditions.why)
    if not found and any(conditions.by_primary_key(name) for name in tables.names):
        raise Unreadable(message("it finds its rows by id, which a primary key's index serves"))
    return found


def _checked(wanted: Wanted) -> Wanted:
    names = (wanted.schema or "", wanted.table, *(key.column for key in wanted.keys))
    if not all(name.isprintable() for name in (*names, *wanted.only)):
        raise Unreadable(message("a name in it has a character that cannot be shown"))
    if wanted.schema in _CATALOGS or wanted.table.startswith("pg_"):
        raise Unreadable(message("it reads the server's own catalog"))
    return replace(wanted, keys=wanted.keys[:MOST_COLUMNS])


def _keys(conditions: Conditions, table: str, order: tuple[Key, ...], *, limited: bool) -> tuple[Key, ...]:
    """Return the columns of the index that a statement wants on one of its tables; none where there is no need."""
    if conditions.by_primary_key(table):
        return ()
    equal, listed, ranges = conditions.equal(table), conditions.listed(table), conditions.ranges(table)
    if listed:
        return tuple(dict.fromkeys((*equal, *listed, *ranges[:1])))
    if ranges:
        ordered = order if order[:1] == ranges[:1] else ranges[:1]
        return tuple(dict.fromkeys((*equal, *ordered)))
    if equal:
        return tuple(dict.fromkeys((*equal, *order)))
    if limited and (order[:1] != (Key("id"),) or conditions.only(table)):
        return order
    return ()
