"""Every field of Redis's samples, for the reference and the mapping. Names are Metricbeat's where it has one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from logging_lib.metrics.fields import MetricField, Unit

_SERVER: Final[tuple[tuple[str, Unit, str], ...]] = (
    ("server.uptime", "s", "Since the server started."),
    ("clients.connected", "", "Connections of clients, the sampler's included."),
    ("clients.blocked", "", "Clients that wait in a blocking command."),
    ("clients.max", "", "How many clients may connect."),
    ("memory.used.value", "bytes", "Memory the server has asked for."),
    ("memory.used.rss", "bytes", "Memory the process has of the machine."),
    ("memory.used.peak", "bytes", "The most it ever asked for."),
    ("memory.used.dataset", "bytes", "Memory of the data itself."),
    ("memory.max.value", "bytes", "The limit, maxmemory; 0 where there is none."),
    ("memory.fragmentation.bytes", "bytes", "Memory the process has beyond what was asked for."),
    ("stats.commands_processed", "", "Commands, since the start."),
    ("stats.connections.received", "", "Connections accepted, since the start."),
    ("stats.connections.rejected", "", "Connections refused because of the limit, since the start."),
    ("stats.instantaneous.ops_per_sec", "per second", "Commands, as the server reckons them over the last moments."),
    ("stats.keys.evicted", "", "Keys thrown out because of the memory's limit, since the start."),
    ("stats.keys.expired", "", "Keys that expired, since the start."),
    ("stats.keyspace.hits", "", "Look-ups that found their key, since the start."),
    ("stats.keyspace.misses", "", "Look-ups that did not, since the start."),
    ("stats.net.input.bytes", "bytes", "Bytes received, since the start."),
    ("stats.net.output.bytes", "bytes", "Bytes sent, since the start."),
    ("persistence.rdb.last_save.changes_since", "", "Changes that a crash would lose where only snapshots are kept."),
    ("replication.connected_slaves", "", "Replicas connected."),
    ("replication.master.offset", "bytes", "How far the primary's stream has come."),
    ("replication.slave.offset", "bytes", "How far the replica has come in it."),
    ("replication.master.last_io_seconds_ago", "s", "Since the replica last heard of its primary."),
    ("replication.lag.bytes", "bytes", "How far the replica that is farthest behind is."),
    ("replication.lag.sec", "s", "Since the replica that was silent longest last answered."),
    ("slowlog.count", "", "Entries of the slow log."),
    ("slowlog.latest.id", "", "The number of its latest entry, which grows by one with each."),
    ("slowlog.latest.duration.us", "", "How long that command took, in microseconds."),
)
_SHARES: Final = {
    "memory.used.pct": "Memory used, of the limit; absent where there is none.",
    "clients.used.pct": "Connections, of those that may be.",
    "stats.keyspace.hit.pct": "Look-ups that found their key, since the start.",
    "interval.keyspace.hit.pct": "Look-ups that found their key, between the last two readings.",
}
_WORDS: Final = {
    "server.version": "The server's version.",
    "server.mode": "standalone, sentinel or cluster.",
    "memory.max.policy": "What is thrown out at the memory's limit: maxmemory_policy.",
    "persistence.rdb.bgsave.last_status": "ok or err: the last snapshot.",
    "persistence.aof.write.last_status": "ok or err: the last writing to the append-only file.",
    "persistence.aof.bgrewrite.last_status": "ok or err: the last rewriting of it.",
    "replication.role": "master or slave.",
    "replication.master.link_status": "up or down: a replica's link to its primary.",
    "slowlog.latest.command": "The latest slow command's name, without its arguments.",
}
_FLAGS: Final = {
    "persistence.loading": "Whether it is loading its data.",
    "persistence.rdb.bgsave.in_progress": "Whether it is saving a snapshot.",
    "persistence.aof.enabled": "Whether it keeps an append-only file.",
    "replication.master.sync.in_progress": "Whether a replica is copying all its primary's data.",
}
_INTERVAL: Final = {
    "commands_processed": "Commands.",
    "connections.received": "Connections accepted.",
    "connections.rejected": "Connections refused.",
    "keys.evicted": "Keys thrown out.",
    "keys.expired": "Keys that expired.",
    "keyspace.hits": "Look-ups that found their key.",
    "keyspace.misses": "Look-ups that did not.",
}
_DOUBLES: Final[tuple[tuple[str, Unit, str], ...]] = (
    ("cpu.used.sys", "s", "Processor time in the kernel, since the start."),
    ("cpu.used.user", "s", "Processor time in the server, since the start."),
    ("memory.fragmentation.ratio", "", "Memory the process has, divided by what was asked for."),
    ("persistence.rdb.last_save.age.sec", "s", "Since the last snapshot that succeeded, or the start."),
    ("interval.sec", "s", "The time between the last two readings."),
)


def _fields() -> Iterator[MetricField]:
    yield MetricField("redis.address", "keyword", "", "Where the sampler connects to; in every record.", "server")
    yield MetricField("redis.missing", "keyword", "", "What could not be read, and why.", "server")
    for name, unit, meaning in _SERVER:
        yield MetricField(f"redis.info.{name}", "long", unit, meaning, "server")
    for name, unit, meaning in _DOUBLES:
        yield MetricField(f"redis.info.{name}", "double", unit, meaning, "server")
    for name, meaning in _SHARES.items():
        yield MetricField(f"redis.info.{name}", "double", "share 0..1", meaning, "server")
    for name, meaning in _WORDS.items():
        yield MetricField(f"redis.info.{name}", "keyword", "", meaning, "server")
    for name, meaning in _FLAGS.items():
        yield MetricField(f"redis.info.{name}", "boolean", "", meaning, "server")
    for name, meaning in _INTERVAL.items():
        yield MetricField(f"redis.info.interval.{name}", "long", "", meaning, "server")
    yield MetricField("redis.keyspace.id", "keyword", "", "The database: db0, …", "keyspace")
    yield MetricField("redis.keyspace.keys", "long", "", "Its keys.", "keyspace")
    yield MetricField("redis.keyspace.expires", "long", "", "Those of them that expire.", "keyspace")
    yield MetricField("redis.keyspace.avg_ttl.ms", "long", "ms", "Their time to live, on average.", "keyspace")


FIELDS: Final[tuple[MetricField, ...]] = tuple(_fields())
"""What ``metrics-redis.server-*`` holds, by metricset."""
