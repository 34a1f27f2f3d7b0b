"""What the interval's statements cost, by type and for the slowest shapes, from pg_stat_statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from psycopg import sql

from logging_lib.metrics.nesting import number
from logging_lib.metrics.postgresql.connection import MARK, Database, Row
from logging_lib.metrics.sample import MetricValue
from logging_lib.sql.statements import OPERATIONS, OTHER, Statement, describe_statement

_EXTENSION: Final = f"""
SELECT {MARK} n.nspname AS schema,
    to_regclass(format('%I.pg_stat_statements_info', n.nspname)) IS NOT NULL AS informed
FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'
"""  # noqa: S608 - constants
# Without the texts, which the server would read from a file each time.
_NUMBERS: Final = sql.SQL(f"""
SELECT {MARK} s.*, r.rolname, d.datname FROM {{schema}}.pg_stat_statements(false) AS s
LEFT JOIN pg_roles AS r ON r.oid = s.userid LEFT JOIN pg_database AS d ON d.oid = s.dbid WHERE s.queryid IS NOT NULL
""")  # noqa: S608 - constants
_TEXTS: Final = sql.SQL(
    f"SELECT {MARK} queryid, min(query) AS query FROM {{schema}}.pg_stat_statements(true)"  # noqa: S608 - constants
    " WHERE queryid = ANY(%s) GROUP BY queryid"
)
_INFO: Final = sql.SQL(f"SELECT {MARK} * FROM {{schema}}.pg_stat_statements_info")  # noqa: S608 - constants

SUMMED: Final[Mapping[str, tuple[str, ...]]] = {
    "calls": ("calls",),
    "rows": ("rows",),
    "time.total.ms": ("total_exec_time", "total_time"),
    "memory.shared.hit": ("shared_blks_hit",),
    "memory.shared.read": ("shared_blks_read",),
    "memory.temp.written": ("temp_blks_written",),
}
"""The fields below ``postgresql.statement.query`` that are summed, and their columns by the version."""


@dataclass(frozen=True, slots=True)
class Extension:
    """Where pg_stat_statements is, and whether it tells about itself (from version 14 on)."""

    schema: str
    informed: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of pg_stat_statements: one statement's shape, of one user in one database."""

    query: int
    user: str | None
    database: str | None
    sums: Mapping[str, float]

    def since(self, before: _Entry | None) -> _Entry:
        """Return what came since; an entry whose calls fell was evicted in between and began anew."""
        if before is None or self.sums["calls"] < before.sums["calls"]:
            return self
        grown = {name: max(value - before.sums.get(name, 0), 0) for name, value in self.sums.items()}
        return _Entry(self.query, self.user, self.database, grown)


def find_extension(database: Database) -> Extension | None:
    """Return the extension of the database the sampler is connected to, if it has it."""
    rows = database.rows(_EXTENSION)
    return Extension(str(rows[0]["schema"]), bool(rows[0]["informed"])) if rows else None


class Statements:
    """Reads pg_stat_statements and remembers the reading before.

    Args:
        slowest: How many shapes of an interval are told one by one.
        texts: Whether their normalised text is told, beside the fingerprint.
    """

    def __init__(self, slowest: int, *, texts: bool) -> None:
        self._slowest = slowest
        self._texts = texts
        self._before: dict[object, _Entry] | None = None
        self._at = 0.0
        self._reset: object = None
        self._deallocated: float | None = None
        self._shapes: dict[int, Statement | None] = {}

    def fields(self, database: Database, extension: Extension, at: float) -> Iterator[dict[str, MetricValue | None]]:
        """Yield the fields of the interval: one record for each type, and one for each of the slowest shapes.

        The first reading gives none. Statements of the sampler itself are left out.
        """
        schema = sql.Identifier(extension.schema)
        info = database.row(_INFO.format(schema=schema)) if extension.informed else {}
        now = {_key(row): _entry(row) for row in database.rows(_NUMBERS.format(schema=schema))}
        self._learn(database, schema, {entry.query for entry in now.values()})
        before, since = self._before, self._at
        if info.get("stats_reset") != self._reset and before is not None:
            before = {}
        self._before, self._at, self._reset = now, at, info.get("stats_reset")
        lost = self._lost(number(info, "dealloc"))
        if before is None or at <= since:
            return
        grown = [entry.since(before.get(key)) for key, entry in now.items() if self._shapes.get(entry.query)]
        common: dict[str, MetricValue | None] = {"statement.interval.sec": round(at - since, 3)}
        yield from ({**common, **fields, "statement.deallocated": lost} for fields in self._by_type(grown))
        yield from ({**common, **fields} for fields in self._one_by_one(grown))

    def _learn(self, database: Database, schema: sql.Identifier, queries: set[int]) -> None:
        """Ask for the texts of shapes not seen before, and forget those that are gone."""
        new = sorted(queries - self._shapes.keys())
        shapes = {query: shape for query, shape in self._shapes.items() if query in queries}
        for row in database.rows(_TEXTS.format(schema=schema), [new]) if new else ():
            text = str(row["query"] or "")
            shapes[int(row["queryid"])] = None if MARK in text else describe_statement(text, "postgresql")
        self._shapes = shapes

    def _lost(self, deallocated: float | None) -> float | None:
        """Return how often the server has thrown entries away since the reading before, where it counts that."""
        before, self._deallocated = self._deallocated, deallocated
        if before is None or deallocated is None:
            return None
        return deallocated - before if deallocated >= before else deallocated

    def _shape(self, entry: _Entry) -> Statement:
        shape = self._shapes[entry.query]
        if shape is None:
            raise TypeError("the sampler's own statements are left out before")
        return shape

    def _by_type(self, grown: list[_Entry]) -> Iterator[dict[str, MetricValue | None]]:
        for operation in (*sorted(OPERATIONS), OTHER):
            of_type = [entry for entry in grown if self._shape(entry).operation == operation]
            sums = {name: sum(entry.sums.get(name, 0) for entry in of_type) for name in SUMMED}
            yield {"statement.scope": "type", "statement.operation": operation, **_query_fields(sums)}

    def _one_by_one(self, grown: list[_Entry]) -> Iterator[dict[str, MetricValue | None]]:
        called = [entry for entry in grown if entry.sums["calls"]]
        slowest = sorted(called, key=lambda entry: entry.sums.get("time.total.ms", 0), reverse=True)
        for entry in slowest[: self._slowest]:
            shape = self._shape(entry)
            yield {
                "statement.scope": "query",
                "statement.operation": shape.operation,
                "statement.query.id": str(entry.query),
                "statement.query.fingerprint": shape.fingerprint,
                "statement.query.text": shape.text if self._texts else None,
                "statement.user.name": entry.user,
                "statement.database.name": entry.database,
                **_query_fields(entry.sums),
            }


def _key(row: Row) -> object:
    return row["userid"], row["dbid"], row["queryid"], row.get("toplevel")


def _entry(row: Row) -> _Entry:
    sums = {name: value for name, columns in SUMMED.items() if (value := number(row, *columns)) is not None}
    return _Entry(int(str(row["queryid"])), _name(row["rolname"]), _name(row["datname"]), sums)


def _name(value: object) -> str | None:
    return None if value is None else str(value)


def _query_fields(sums: Mapping[str, float]) -> dict[str, MetricValue | None]:
    calls, total = sums["calls"], sums.get("time.total.ms", 0.0)
    told = {f"statement.query.{name}": value for name, value in sums.items()}
    told["statement.query.time.total.ms"] = round(float(total), 3)
    return {**told, "statement.query.time.mean.ms": round(total / calls, 3) if calls else None}
