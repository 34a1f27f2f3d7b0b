"""From the answer to ``INFO`` to fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from logging_lib.metrics.counters import Growth
from logging_lib.metrics.nesting import number, share
from logging_lib.metrics.redis.connection import Info
from logging_lib.metrics.sample import MetricValue

NUMBERS: Final[Mapping[str, str]] = {
    "server.uptime": "uptime_in_seconds",
    "clients.connected": "connected_clients",
    "clients.blocked": "blocked_clients",
    "clients.max": "maxclients",
    "memory.used.value": "used_memory",
    "memory.used.rss": "used_memory_rss",
    "memory.used.peak": "used_memory_peak",
    "memory.used.dataset": "used_memory_dataset",
    "memory.max.value": "maxmemory",
    "memory.fragmentation.ratio": "mem_fragmentation_ratio",
    "memory.fragmentation.bytes": "mem_fragmentation_bytes",
    "cpu.used.sys": "used_cpu_sys",
    "cpu.used.user": "used_cpu_user",
    "stats.commands_processed": "total_commands_processed",
    "stats.connections.received": "total_connections_received",
    "stats.connections.rejected": "rejected_connections",
    "stats.instantaneous.ops_per_sec": "instantaneous_ops_per_sec",
    "stats.keys.evicted": "evicted_keys",
    "stats.keys.expired": "expired_keys",
    "stats.keyspace.hits": "keyspace_hits",
    "stats.keyspace.misses": "keyspace_misses",
    "stats.net.input.bytes": "total_net_input_bytes",
    "stats.net.output.bytes": "total_net_output_bytes",
    "persistence.rdb.last_save.changes_since": "rdb_changes_since_last_save",
    "replication.connected_slaves": "connected_slaves",
}
"""The fields below ``redis.info`` that are numbers, and their names in ``INFO``."""
WORDS: Final[Mapping[str, str]] = {
    "server.version": "redis_version",
    "server.mode": "redis_mode",
    "memory.max.policy": "maxmemory_policy",
    "persistence.rdb.bgsave.last_status": "rdb_last_bgsave_status",
    "persistence.aof.write.last_status": "aof_last_write_status",
    "persistence.aof.bgrewrite.last_status": "aof_last_bgrewrite_status",
    "replication.role": "role",
    "replication.master.link_status": "master_link_status",
}
FLAGS: Final[Mapping[str, str]] = {
    "persistence.loading": "loading",
    "persistence.rdb.bgsave.in_progress": "rdb_bgsave_in_progress",
    "persistence.aof.enabled": "aof_enabled",
    "replication.master.sync.in_progress": "master_sync_in_progress",
}
COUNTERS: Final[Mapping[str, str]] = {
    "commands_processed": "total_commands_processed",
    "connections.received": "total_connections_received",
    "connections.rejected": "rejected_connections",
    "keys.evicted": "evicted_keys",
    "keys.expired": "expired_keys",
    "keyspace.hits": "keyspace_hits",
    "keyspace.misses": "keyspace_misses",
}
"""What is told for the interval too, below ``redis.info.interval``."""


def counters(info: Info) -> dict[str, float]:
    """Return the counters by field."""
    return {field: value for field, name in COUNTERS.items() if (value := number(info, name)) is not None}


def server_fields(info: Info, now: float, growth: Growth | None) -> dict[str, MetricValue | None]:
    """Return the server's fields, below ``redis``.

    Args:
        info: What ``INFO`` said.
        now: Seconds since 1970.
        growth: Of the counters, since the reading before.
    """
    hits, misses = number(info, "keyspace_hits"), number(info, "keyspace_misses")
    used, most = number(info, "used_memory"), number(info, "maxmemory")
    words: dict[str, MetricValue | None] = {field: _word(info, name) for field, name in WORDS.items()}
    numbers = {field: number(info, name) for field, name in NUMBERS.items()}
    flags = {field: None if info.get(name) is None else bool(info[name]) for field, name in FLAGS.items()}
    derived = {
        "memory.used.pct": share(used, most),  # absent where there is no limit
        "clients.used.pct": share(number(info, "connected_clients"), number(info, "maxclients")),
        "stats.keyspace.hit.pct": share(hits, (hits or 0) + (misses or 0)),
        "persistence.rdb.last_save.age.sec": _age(now, number(info, "rdb_last_save_time")),
        **_replication(info),
        **_interval(growth),
    }
    return {f"info.{field}": value for field, value in {**words, **numbers, **flags, **derived}.items()}


def keyspaces(info: Info) -> Iterator[dict[str, MetricValue | None]]:
    """Yield the fields of each database that has keys."""
    for name, told in info.items():
        if name.startswith("db") and name[2:].isdigit() and isinstance(told, Mapping):
            yield {
                "keyspace.id": name,
                "keyspace.keys": number(told, "keys"),
                "keyspace.expires": number(told, "expires"),
                "keyspace.avg_ttl.ms": number(told, "avg_ttl"),
            }


def slowlog_fields(log: tuple[int, Mapping[str, object] | None] | None) -> dict[str, MetricValue | None]:
    """Return the slow log's length and its latest command: its name and time, never its arguments."""
    if log is None:
        return {}
    length, latest = log
    command = _text((latest or {}).get("command")).split(" ", 1)[0].upper()
    return {
        "info.slowlog.count": length,
        "info.slowlog.latest.command": command if command.isascii() and command.replace(".", "").isalnum() else None,
        "info.slowlog.latest.duration.us": number(latest or {}, "duration"),
        "info.slowlog.latest.id": number(latest or {}, "id"),
    }


def _interval(growth: Growth | None) -> dict[str, MetricValue | None]:
    if growth is None:
        return {}
    hits, misses = growth.by.get("keyspace.hits"), growth.by.get("keyspace.misses")
    known = hits is not None and misses is not None
    return {
        "interval.sec": round(growth.seconds, 3),
        **{f"interval.{field}": value for field, value in growth.by.items()},
        "interval.keyspace.hit.pct": share(hits, (hits or 0) + (misses or 0)) if known else None,
    }


def _replication(info: Info) -> dict[str, MetricValue | None]:
    """Return the lag in bytes: of a replica against what it has heard of, of a primary its farthest replica's."""
    offset = number(info, "master_repl_offset")
    if info.get("role") == "slave":
        silent = number(info, "master_last_io_seconds_ago")
        return {
            "replication.slave.offset": number(info, "slave_repl_offset"),
            "replication.master.last_io_seconds_ago": None if silent is None or silent < 0 else silent,
        }
    known = [told for name, told in info.items() if name.startswith("slave") and isinstance(told, Mapping)]
    offsets = [found for told in known if (found := number(told, "offset")) is not None]
    lags = [lag for told in known if (lag := number(told, "lag")) is not None]
    return {
        "replication.master.offset": offset,
        "replication.lag.bytes": offset - min(offsets) if offset is not None and offsets else None,
        "replication.lag.sec": max(lags, default=None),
    }


def _text(value: object) -> str:
    """Return text, which redis-py gives as bytes where a command's arguments may be any bytes."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")


def _word(info: Info, name: str) -> str | None:
    return None if info.get(name) is None else str(info[name])


def _age(now: float, instant: float | None) -> float | None:
    return None if instant is None else round(max(now - instant, 0.0), 3)
