"""The tables of one query, and whose a column is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from analyzers.language import message
from analyzers.recommendations.indexes.wanted import Unreadable


class Tables:
    """The tables that one query reads, by the name they have in it; what it reads of inner queries is none.

    Attributes:
        optional: Those of which a row may be missing.

    Args:
        scope: The query.

    Raises:
        Unreadable: When it keeps the rows of a joined table that match nothing.
    """

    def __init__(self, scope: Scope) -> None:
        selected = {name: source for name, (_, source) in scope.selected_sources.items()}
        self._own = {name: source for name, source in selected.items() if _is_table(source)}
        self._selected = tuple(selected)
        self.optional = frozenset(_optional(scope))

    @property
    def names(self) -> tuple[str, ...]:
        """The tables, that of ``FROM`` first."""
        return tuple(self._own)

    def is_first(self, name: str) -> bool:
        """Tell whether a table is that of ``FROM``: the others are looked up for its rows."""
        return self._selected[:1] == (name,)

    def table(self, name: str) -> exp.Table:
        """Return a table by its name in the query."""
        return self._own[name]

    def owner(self, column: exp.Column) -> str | None:
        """Return the table of a column by its name in the query; ``None`` when it is an outer or an inner query's.

        Raises:
            Unreadable: When the column does not say, and the query reads several.
        """
        if not column.table:
            if len(self._selected) != 1:
                raise Unreadable(message("a column does not say which table it is of"))
            return self._selected[0] if self._selected[0] in self._own else None
        name = column.table
        if name in self._own and self._of(name, column):
            return name
        return None

    def _of(self, name: str, column: exp.Column) -> bool:
        return not column.db or column.db == self._own[name].db


def _is_table(source: exp.Table | Scope) -> TypeGuard[exp.Table]:
    """Tell a table from an inner query, and from a function that gives rows."""
    return isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier)


def _optional(scope: Scope) -> Iterator[str]:
    """Yield the tables of which a row may be missing: those of a ``LEFT JOIN``."""
    for join in scope.expression.args.get("joins") or ():
        if join.side in {"RIGHT", "FULL"}:
            raise Unreadable(message("it has a RIGHT or FULL JOIN"))
        if join.side == "LEFT":
            yield join.alias_or_name
