"""The conditions of a query, by the table they are about and by what an index can do with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from sqlglot import exp

from analyzers.language import Message, message
from analyzers.recommendations.indexes.tables import Tables
from analyzers.recommendations.indexes.wanted import Key, Wrap, quoted

_RANGES: Final = (exp.GT, exp.GTE, exp.LT, exp.LTE)
_WRAPS: Final[Mapping[type[exp.Expr], Wrap]] = MappingProxyType({exp.Lower: Wrap.LOWER, exp.Upper: Wrap.UPPER})
_PRIMARY: Final = Key("id")
"""What is taken for a primary key, which has its index already."""


class Conditions:
    """What a query asks of its tables' rows.

    Attributes:
        why: Why a condition is of no use to an index; the last one's reason.
    """

    def __init__(self, tables: Tables) -> None:
        self.why: Message | None = None
        self._tables = tables
        self._about: str | None = None
        self._equal: dict[str, list[Key]] = defaultdict(list)
        self._listed: dict[str, list[Key]] = defaultdict(list)
        self._ranges: dict[str, list[Key]] = defaultdict(list)
        self._joined: dict[str, list[Key]] = defaultdict(list)
        self._only: dict[str, list[str]] = defaultdict(list)

    def equal(self, table: str) -> tuple[Key, ...]:
        """Return what is compared with one value.

        The table of ``FROM`` is looked up by its join only where nothing else is asked of it; any other by its join
        first, unless that is by ``id``: then its own conditions count where they are all there are to begin with.
        """
        own, joined = self._equal[table], self._joined[table]
        if self._tables.is_first(table):
            return tuple(own if self._asked_of(table) else joined)
        if _PRIMARY in joined:
            return (_PRIMARY,) if self._asked_of(self._tables.names[0]) or not own else tuple(own)
        return (*joined, *own)

    def listed(self, table: str) -> tuple[Key, ...]:
        """Return what is compared with a list of values."""
        return tuple(self._listed[table])

    def ranges(self, table: str) -> tuple[Key, ...]:
        """Return what must lie between bounds."""
        return tuple(self._ranges[table])

    def only(self, table: str) -> tuple[str, ...]:
        """Return what holds for all the rows wanted, whatever the values are: the conditions of a partial index."""
        return tuple(self._only[table])

    def by_primary_key(self, table: str) -> bool:
        """Tell whether a table's rows are looked up by ``id``."""
        return _PRIMARY in (*self.equal(table), *self._listed[table])

    def take(self, condition: exp.Expr, about: str | None = None) -> None:
        """Take one condition that must hold.

        Args:
            condition: The condition.
            about: The table whose rows it chooses, where it is that of an outer join; every table's otherwise.

        Raises:
            Unreadable: When a column does not say whose it is.
        """
        self._about = about
        if not any(each(condition) for each in (self._equality, self._list, self._range, self._constant)):
            self.why = _useless(condition)

    def _put(self, kind: dict[str, list[Key]], own: tuple[str, Key]) -> None:
        table, key = own
        if self._about in {None, table} and key not in kind[table]:
            kind[table].append(key)

    def _asked_of(self, table: str) -> bool:
        return bool(self._equal[table] or self._listed[table] or self._ranges[table])

    def _equality(self, condition: exp.Expr) -> bool:
        if not isinstance(condition, exp.EQ) or isinstance(condition.expression, exp.Any):
            return False
        sides = condition.this, condition.expression
        found = [self._column(each) for each in sides]
        taken = False
        for own, other, value in zip(found, reversed(found), reversed(sides), strict=True):
            joins = own is not None and other is not None and other[0] != own[0]
            if own is not None and (joins or (other is None and self._is_value(value))):
                self._put(self._joined if joins else self._equal, own)
                taken = True
        return taken

    def _list(self, condition: exp.Expr) -> bool:
        is_list = isinstance(condition, exp.In) or (
            isinstance(condition, exp.EQ) and isinstance(condition.expression, exp.Any)
        )
        own = self._column(condition.this) if is_list else None
        if own is None:
            return False
        self._put(self._listed, own)
        return True

    def _range(self, condition: exp.Expr) -> bool:
        if isinstance(condition, exp.Between):
            sides = [(condition.this, exp.Tuple(expressions=[condition.args["low"], condition.args["high"]]))]
        elif isinstance(condition, _RANGES):
            sides = [(condition.this, condition.expression), (condition.expression, condition.this)]
        else:
            return False
        for each, value in sides:
            own = self._column(each)
            if own is not None and self._is_value(value):
                self._put(self._ranges, own)
                return True
        return False

    def _constant(self, condition: exp.Expr) -> bool:
        """Take what does not depend on a value: ``IS NULL``, a flag, and their negations."""
        inner = condition.this if isinstance(condition, exp.Not) else condition
        column = inner.this if isinstance(inner, exp.Is) and isinstance(inner.expression, exp.Null) else inner
        own = self._column(column) if isinstance(column, exp.Column) else None
        if own is None or own[0] in self._tables.optional:
            return False  # of a row that an outer join did not find everything is null
        negated, name = isinstance(condition, exp.Not), quoted(own[1].column)
        if isinstance(inner, exp.Is):
            present = negated != bool(inner.args.get("negate"))
            self._only[own[0]].append(f"{name} IS {'NOT ' if present else ''}NULL")
        else:
            self._only[own[0]].append(f"NOT {name}" if negated else name)
        return True

    def _column(self, expression: exp.Expr) -> tuple[str, Key] | None:
        """Return the table and the key of what an index can hold; ``None`` for a value, or an outer query's column."""
        wrap = _WRAPS.get(type(expression), Wrap.NONE)
        inner = expression.this if wrap else expression
        if not isinstance(inner, exp.Column):
            return None
        table = self._tables.owner(inner)
        return None if table is None else (table, Key(inner.name, wrap))

    def _is_value(self, expression: exp.Expr) -> bool:
        """Tell whether something is known before the table is read: no column of the query is in it, and no query."""
        if expression.find(exp.Query) is not None or expression.name.upper() == "ALL":
            return False
        return all(self._tables.owner(each) is None for each in expression.find_all(exp.Column))


def read_conditions(select: exp.Select, tables: Tables) -> Conditions:
    """Return the conditions of ``WHERE`` and of the joins."""
    found = Conditions(tables)
    where = select.args.get("where")
    for condition in () if where is None else _parts(where.this):
        found.take(condition)
    for join in select.args.get("joins") or ():
        on, about = join.args.get("on"), join.alias_or_name if join.side else None
        for condition in () if on is None else _parts(on):
            found.take(condition, about)
    return found


def _parts(condition: exp.Expr) -> Iterator[exp.Expr]:
    inner = condition.unnest()
    if isinstance(inner, exp.And):
        yield from _parts(inner.this)
        yield from _parts(inner.expression)
    else:
        yield inner


def _useless(condition: exp.Expr) -> Message:
    """Return why an index cannot do anything with a condition."""
    if isinstance(condition, exp.Or):
        return message("it joins conditions by OR, which no single index serves")
    if condition.find(exp.Like, exp.ILike, exp.RegexpLike) is not None:
        return message("it compares with a pattern, and whether that begins with a wildcard was not recorded")
    if condition.find(exp.Query) is not None:
        return message("it compares with the answer of another query")
    if condition.find(exp.Func) is not None:
        return message("it compares what a function makes of a column, which needs an index of that very expression")
    return message("it has a condition that a B-tree index cannot serve")
