"""The server as a whole: connections, transactions, locks, checkpoints."""

from __future__ import annotations

from typing import Final

from logging_lib.metrics.nesting import instant, number, share
from logging_lib.metrics.postgresql.connection import APPLICATION, MARK, Database, Row
from logging_lib.metrics.sample import MetricValue

STATES: Final = {
    "active": "active",
    "idle": "idle",
    "idle in transaction": "idle_in_transaction",
    "idle in transaction (aborted)": "idle_in_transaction_aborted",
    "fastpath function call": "fastpath",
    "disabled": "disabled",
    "starting": "starting",
}
"""What a client's connection is doing, and the field that counts those which do it."""

_SERVER: Final = f"""
SELECT {MARK} current_setting('server_version') AS version, pg_is_in_recovery() AS recovery,
    extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())::float8 AS uptime,
    current_setting('max_connections')::int AS maximum,
    current_setting('superuser_reserved_connections')::int AS superusers,
    coalesce(current_setting('reserved_connections', true), '0')::int AS reserved
"""  # noqa: S608 - constants
_ACTIVITY: Final = f"""
SELECT {MARK} state, count(*) AS connections, count(*) FILTER (WHERE application_name = '{APPLICATION}') AS own,
    count(*) FILTER (WHERE wait_event_type = 'Lock') AS waiting,
    extract(epoch FROM max(clock_timestamp() - xact_start) FILTER (WHERE pid <> pg_backend_pid()))::float8 AS longest
FROM pg_stat_activity WHERE backend_type = 'client backend' GROUP BY state
"""  # noqa: S608 - constants
_BLOCKING: Final = f"""
SELECT {MARK} count(DISTINCT blocking) AS blocking
FROM pg_stat_activity, unnest(pg_blocking_pids(pid)) AS blocking WHERE wait_event_type = 'Lock'
"""  # noqa: S608 - constants
# To_jsonb, because waitstart is of version 14: an absent key is null.
_LONGEST_WAIT: Final = f"""
SELECT {MARK} extract(epoch FROM max(clock_timestamp() - (to_jsonb(l) ->> 'waitstart')::timestamptz))::float8 AS longest
FROM pg_locks AS l WHERE NOT granted
"""  # noqa: S608 - constants


def server_fields(database: Database) -> dict[str, MetricValue | None]:
    """Return what everybody may read of the server, below ``postgresql.server``."""
    row = database.row(_SERVER)
    maximum, superusers, reserved = (number(row, name) or 0 for name in ("maximum", "superusers", "reserved"))
    return {
        "server.version": str(row["version"]).split(" ", 1)[0],
        "server.recovery": bool(row["recovery"]),
        "server.uptime.sec": number(row, "uptime"),
        "server.connections.limit": int(maximum - superusers - reserved),
        "server.connections.reserved": int(superusers + reserved),
    }


def activity_fields(database: Database, limit: float) -> dict[str, MetricValue | None]:
    """Return connections by state, the longest transaction and the locks; needs ``pg_read_all_stats``."""
    rows = database.rows(_ACTIVITY)
    counted = dict.fromkeys(STATES.values(), 0)
    for row in rows:
        field = STATES.get(str(row["state"]), "unknown")
        counted[field] = counted.get(field, 0) + int(number(row, "connections") or 0)
    used = sum(counted.values())
    longest = [age for row in rows if (age := number(row, "longest")) is not None]
    waiting = int(sum(number(row, "waiting") or 0 for row in rows))
    wait = number(database.row(_LONGEST_WAIT), "longest") if waiting else 0.0
    blocking = number(database.row(_BLOCKING), "blocking") if waiting else 0
    return {
        **{f"server.connections.{state}": count for state, count in counted.items()},
        "server.connections.used.count": used,
        "server.connections.used.pct": share(used, limit),
        "server.connections.own": int(sum(number(row, "own") or 0 for row in rows)),
        "server.transactions.longest.sec": round(max(longest, default=0.0), 6),
        "server.locks.waiting": waiting,
        "server.locks.blocking": blocking,
        "server.locks.longest_wait.sec": None if wait is None else round(max(wait, 0.0), 6),
    }


def checkpoint_fields(database: Database) -> dict[str, MetricValue | None]:
    """Return checkpoints and the background writer, which version 17 gave a view each."""
    writer: Row = database.row(f"SELECT {MARK} * FROM pg_stat_bgwriter")  # noqa: S608 - constants
    split = database.row(f"SELECT {MARK} to_regclass('pg_catalog.pg_stat_checkpointer') IS NOT NULL AS there")
    checkpointer: Row = {}
    if split["there"]:
        checkpointer = database.row(f"SELECT {MARK} * FROM pg_stat_checkpointer")  # noqa: S608 - constants
    both = {**writer, **checkpointer}
    return {
        "bgwriter.checkpoints.scheduled": number(both, "num_timed", "checkpoints_timed"),
        "bgwriter.checkpoints.requested": number(both, "num_requested", "checkpoints_req"),
        "bgwriter.checkpoints.times.write.ms": number(both, "write_time", "checkpoint_write_time"),
        "bgwriter.checkpoints.times.sync.ms": number(both, "sync_time", "checkpoint_sync_time"),
        "bgwriter.buffers.checkpoints": number(both, "buffers_written", "buffers_checkpoint"),
        "bgwriter.buffers.clean": number(both, "buffers_clean"),
        "bgwriter.buffers.clean_full": number(both, "maxwritten_clean"),
        "bgwriter.buffers.allocated": number(both, "buffers_alloc"),
        "bgwriter.buffers.backend": number(both, "buffers_backend"),
        "bgwriter.buffers.backend_fsync": number(both, "buffers_backend_fsync"),
        "bgwriter.stats_reset": instant(writer.get("stats_reset")),
    }
