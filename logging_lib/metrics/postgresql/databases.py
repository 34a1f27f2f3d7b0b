"""Each database: transactions, cache, deadlocks, temporary files, size; since the last reset, and in the interval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from logging_lib.metrics.counters import Counters, Growth
from logging_lib.metrics.nesting import instant, number, share
from logging_lib.metrics.postgresql.connection import MARK, Database, Row
from logging_lib.metrics.sample import MetricValue

_DATABASES: Final = f"""
SELECT {MARK} s.* FROM pg_stat_database AS s JOIN pg_database AS d ON d.oid = s.datid WHERE NOT d.datistemplate
ORDER BY s.datname
"""  # noqa: S608 - constants
_SIZES: Final = f"""
SELECT {MARK} oid, pg_database_size(oid) AS bytes FROM pg_database WHERE NOT datistemplate
    AND (has_database_privilege(oid, 'CONNECT') OR pg_has_role(current_user, 'pg_read_all_stats', 'USAGE'))
"""  # noqa: S608 - constants

COUNTERS: Final[Mapping[str, str]] = {
    "transactions.commit": "xact_commit",
    "transactions.rollback": "xact_rollback",
    "blocks.read": "blks_read",
    "blocks.hit": "blks_hit",
    "rows.returned": "tup_returned",
    "rows.fetched": "tup_fetched",
    "rows.inserted": "tup_inserted",
    "rows.updated": "tup_updated",
    "rows.deleted": "tup_deleted",
    "conflicts": "conflicts",
    "temporary.files": "temp_files",
    "temporary.bytes": "temp_bytes",
    "deadlocks": "deadlocks",
}
"""The fields below ``postgresql.database``, and their columns of pg_stat_database."""
IN_INTERVAL: Final = (
    "transactions.commit",
    "transactions.rollback",
    "blocks.read",
    "blocks.hit",
    "temporary.files",
    "temporary.bytes",
    "deadlocks",
    "conflicts",
)
"""Those that are told for the interval too."""


class Databases:
    """Reads all databases and remembers their counters."""

    def __init__(self) -> None:
        self._counters: dict[str, Counters] = {}

    def fields(
        self, database: Database, at: float, sizes: Mapping[object, float]
    ) -> Iterator[dict[str, MetricValue | None]]:
        """Yield the fields of each database.

        Args:
            database: The server.
            at: Now, in seconds that never run backwards.
            sizes: Bytes by oid, of those that are known.
        """
        rows = database.rows(_DATABASES)
        readings = {_key(row): _reading(row) for row in rows}
        self._counters = {key: self._counters.get(key) or Counters() for key in readings}
        growths = {key: self._counters[key].grow(at, reading) for key, reading in readings.items()}
        for row in rows:
            yield {
                **_totals(row, readings[_key(row)]),
                "database.size.bytes": sizes.get(row["datid"]),
                **_interval(growths.get(_key(row))),
            }


def database_sizes(database: Database) -> dict[object, float]:
    """Return the bytes of each database that may be connected to, by oid."""
    return {row["oid"]: number(row, "bytes") or 0 for row in database.rows(_SIZES)}


def _key(row: Row) -> str:
    """Tell counters apart that began anew: a database made again has another oid, a reset another instant."""
    return f"{row['datid']} {row['stats_reset']}"


def _reading(row: Row) -> dict[str, float]:
    return {field: value for field, column in COUNTERS.items() if (value := number(row, column)) is not None}


def _totals(row: Row, reading: Mapping[str, float]) -> dict[str, MetricValue | None]:
    hit, read = reading.get("blocks.hit", 0), reading.get("blocks.read", 0)
    return {
        "database.oid": number(row, "datid"),
        "database.name": str(row["datname"]),
        "database.number_of_backends": number(row, "numbackends"),
        **{f"database.{field}": value for field, value in reading.items()},
        "database.blocks.time.read.ms": number(row, "blk_read_time"),
        "database.blocks.time.write.ms": number(row, "blk_write_time"),
        "database.cache.hit.pct": share(hit, hit + read),
        "database.stats_reset": instant(row.get("stats_reset")),
    }


def _interval(growth: Growth | None) -> dict[str, MetricValue | None]:
    if growth is None:
        return {}
    hit, read = growth.by.get("blocks.hit"), growth.by.get("blocks.read")
    known = hit is not None and read is not None
    return {
        "database.interval.sec": round(growth.seconds, 3),
        **{f"database.interval.{field}": growth.by.get(field) for field in IN_INTERVAL},
        "database.interval.cache.hit.pct": share(hit, (hit or 0) + (read or 0)) if known else None,
    }
