"""Which samples the figures of reports are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from analyzers.analysis import Unit
from analyzers.language import Message, message

HOST_STREAM: Final = "metrics-host.system-*"
POSTGRESQL_STREAM: Final = "metrics-postgresql.server-*"
REDIS_STREAM: Final = "metrics-redis.server-*"


@dataclass(frozen=True, slots=True)
class Peaked:
    """Something of which the greatest sample counts.

    Attributes:
        name: Its name in JSON.
        title: Its name for people.
        unit: What its values are.
        stream: Where its samples are.
        field: Their field.
        by: What tells one place from another.
    """

    name: str
    title: Message
    unit: Unit
    stream: str
    field: str
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cached:
    """Something of which hits and misses are counted; names as those of :class:`Peaked`."""

    name: str
    title: Message
    stream: str
    hits: str
    misses: str


CONNECTIONS: Final = Peaked(
    "db_connections_peak",
    message("Database connections, peak"),
    Unit.COUNT,
    POSTGRESQL_STREAM,
    "postgresql.server.connections.used.count",
    ("postgresql.address",),
)
CPU: Final = Peaked(
    "cpu_peak",
    message("Processors, peak"),
    Unit.RATIO,
    HOST_STREAM,
    "system.cpu.total.norm.pct",
    ("host.name",),
)
MEMORY: Final = Peaked(
    "memory_peak",
    message("Memory, peak"),
    Unit.RATIO,
    HOST_STREAM,
    "system.memory.actual.used.pct",
    ("host.name",),
)
DISK: Final = Peaked(
    "disk_peak",
    message("Fullest disk, peak"),
    Unit.RATIO,
    HOST_STREAM,
    "system.filesystem.used.pct",
    ("host.name", "system.filesystem.mount_point"),
)
POSTGRESQL_CACHE: Final = Cached(
    "cache_hit_ratio",
    message("PostgreSQL cache hits"),
    POSTGRESQL_STREAM,
    "postgresql.database.interval.blocks.hit",
    "postgresql.database.interval.blocks.read",
)
REDIS_CACHE: Final = Cached(
    "redis_hit_ratio",
    message("Redis cache hits"),
    REDIS_STREAM,
    "redis.info.interval.keyspace.hits",
    "redis.info.interval.keyspace.misses",
)
