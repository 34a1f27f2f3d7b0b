"""The groups of a query over one list of segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from analyzers.store.answering import Chosen, Parted, Ranked, ranking_all
from analyzers.store.embedded.compiler import CHOSEN, Order, compile_parted, compile_query
from analyzers.store.embedded.engine import Engine
from analyzers.store.embedded.records import Segment
from analyzers.store.query import Network, Query, Top
from analyzers.store.result import Row
from analyzers.store.schema import Schema

_MOST_RANKED: Final = 10_000
"""Groups of a ranking that are handed over, so that the measures of the others can be put together from them."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Answers checked queries over some segments, which are one state of the store.

    Attributes:
        root: The store's directory.
        engine: What reads the segments.
        schema: The fields of the queries' stream.
        segments: All that touch the queries' window.
    """

    root: Path
    engine: Engine
    schema: Schema
    segments: Sequence[Segment]

    def rows(self, query: Query) -> list[Row]:
        """Return the rows of a query without ``top``, in no order.

        Raises:
            StoreError: As :meth:`Engine.run`.
        """
        compiled = compile_query(query, self.schema, self.root, self.segments)
        return [compiled.row(cells) for cells in self.engine.run(compiled.statement, self.segments)]

    def parted(self, query: Query, chosen: Chosen) -> Parted:
        """Return the rows of chosen groups, and those of all other events together, by one scan.

        Raises:
            StoreError: As :meth:`Engine.run`.
        """
        compiled = compile_parted(query, self.schema, self.root, self.segments, chosen)
        names = [named.name for named in (*query.by, *query.measures)]
        found, rest = [], []
        for cells in self.engine.run(compiled.statement, self.segments):
            row = dict(compiled.row(cells))
            place = row.pop(CHOSEN)
            if isinstance(place, int):
                row |= zip((key.name for key in chosen.fields), chosen.keys[place], strict=True)
                found.append({name: row[name] for name in names})
            else:
                rest.append(row)
        return Parted(found, rest)

    def ranked(self, query: Query, top: Top) -> Ranked:
        """Return the first groups of a query by rank.

        DuckDB does not order networks by their text, by which equals are ranked: then all groups are handed over.

        Raises:
            StoreError: As :meth:`Engine.run`.
        """
        if any(isinstance(dimension, Network) for dimension in query.by):
            return ranking_all(self.rows)(query, top)
        order = Order(top, max(top.limit, _MOST_RANKED))
        compiled = compile_query(query, self.schema, self.root, self.segments, order)
        found = self.engine.run(compiled.statement, self.segments)
        return Ranked([compiled.row(cells) for cells in found], cast("int", found[0][0]) if found else 0)
