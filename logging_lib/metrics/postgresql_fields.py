"""Every field of PostgreSQL's samples, for the reference and the mapping. Names are Metricbeat's where it has one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from logging_lib.metrics.fields import MetricField, Unit

_STATES: Final = {
    "active": "running a statement",
    "idle": "waiting for their client, outside of a transaction",
    "idle_in_transaction": "waiting for their client inside a transaction",
    "idle_in_transaction_aborted": "waiting for their client inside a transaction that failed",
    "fastpath": "in a fast-path function call",
    "disabled": "of which the server does not track what they do",
    "starting": "still starting (from version 18 on)",
    "unknown": "in a state that this version of Atalaia does not know",
}
_TOTALS: Final[tuple[tuple[str, Unit, str], ...]] = (
    ("transactions.commit", "", "Transactions committed"),
    ("transactions.rollback", "", "Transactions rolled back"),
    ("blocks.read", "", "Blocks read from the disk or the kernel's cache"),
    ("blocks.hit", "", "Blocks found in the server's own cache"),
    ("rows.returned", "", "Rows read by scans of tables and indexes"),
    ("rows.fetched", "", "Rows fetched by queries"),
    ("rows.inserted", "", "Rows inserted"),
    ("rows.updated", "", "Rows updated"),
    ("rows.deleted", "", "Rows deleted"),
    ("conflicts", "", "Queries cancelled because of conflicts with recovery"),
    ("temporary.files", "", "Temporary files written by queries that needed more memory than they had"),
    ("temporary.bytes", "bytes", "Bytes of those files"),
    ("deadlocks", "", "Deadlocks"),
)
_WAYS: Final = {"read": "reading", "write": "writing"}
_IN_INTERVAL: Final = frozenset(
    {
        "transactions.commit",
        "transactions.rollback",
        "blocks.read",
        "blocks.hit",
        "temporary.files",
        "temporary.bytes",
        "deadlocks",
        "conflicts",
    }
)
_BUFFERS: Final = {
    "checkpoints": "written by checkpoints",
    "clean": "written by the background writer",
    "clean_full": "times the background writer stopped because it had written too many",
    "allocated": "allocated",
    "backend": "written by a client's own process (up to version 16)",
    "backend_fsync": "times a client's own process had to call fsync (up to version 16)",
}
_LAGS: Final = {
    "sent": "not yet sent",
    "write": "sent and not yet written by the standby",
    "flush": "written and not yet flushed by the standby",
    "replay": "not yet replayed by the standby",
}


def _long(metricset: str, name: str, meaning: str, unit: Unit = "") -> MetricField:
    return MetricField(f"postgresql.{name}", "long", unit, meaning, metricset)


def _double(metricset: str, name: str, unit: Unit, meaning: str) -> MetricField:
    return MetricField(f"postgresql.{name}", "double", unit, meaning, metricset)


def _word(metricset: str, name: str, meaning: str) -> MetricField:
    return MetricField(f"postgresql.{name}", "keyword", "", meaning, metricset)


def _server() -> Iterator[MetricField]:
    yield _word("server", "address", "Host, port and database that the sampler connects to; in every record.")
    yield _word("server", "server.version", "The server's version.")
    yield MetricField("postgresql.server.recovery", "boolean", "", "Whether it is a standby.", "server")
    yield _double("server", "server.uptime.sec", "s", "Since the server started.")
    yield _word("server", "server.missing", "What could not be read, and why; absent where all was.")
    yield _long("server", "server.connections.limit", "Connections that are not reserved for superusers.")
    yield _long("server", "server.connections.reserved", "Connections reserved for superusers and their like.")
    yield _long("server", "server.connections.used.count", "Connections of clients, the sampler's included.")
    yield _double("server", "server.connections.used.pct", "share 0..1", "The same as a share of the limit.")
    yield _long("server", "server.connections.own", "Connections of Atalaia's samplers among them.")
    for state, meaning in _STATES.items():
        yield _long("server", f"server.connections.{state}", f"Connections of clients {meaning}.")
    yield _double("server", "server.transactions.longest.sec", "s", "Age of a client's oldest open transaction.")
    yield _long("server", "server.locks.waiting", "Clients that wait for a lock.")
    yield _long("server", "server.locks.blocking", "Processes that they wait for.")
    yield _double("server", "server.locks.longest_wait.sec", "s", "How long the first waits (from version 14 on).")
    yield _long("server", "bgwriter.checkpoints.scheduled", "Checkpoints that were due by time, since the reset.")
    yield _long("server", "bgwriter.checkpoints.requested", "Checkpoints that were asked for, since the reset.")
    yield _double("server", "bgwriter.checkpoints.times.write.ms", "ms", "Spent on writing in checkpoints.")
    yield _double("server", "bgwriter.checkpoints.times.sync.ms", "ms", "Spent on syncing in checkpoints.")
    for name, meaning in _BUFFERS.items():
        yield _long("server", f"bgwriter.buffers.{name}", f"Buffers: {meaning}.")
    yield MetricField("postgresql.bgwriter.stats_reset", "date", "", "When these numbers began.", "server")


def _database() -> Iterator[MetricField]:
    yield _long("database", "database.oid", "The database's id.")
    yield _word("database", "database.name", "Its name.")
    yield _long("database", "database.number_of_backends", "Processes connected to it.")
    yield _long("database", "database.size.bytes", "Its size on the disk.", "bytes")
    for name, unit, meaning in _TOTALS:
        yield _long("database", f"database.{name}", f"{meaning}, since the reset.", unit)
    for way in _WAYS:
        what = f"Spent on {_WAYS[way]} blocks, where track_io_timing is on."
        yield _double("database", f"database.blocks.time.{way}.ms", "ms", what)
    share = "Blocks found in the server's cache, of all that were wanted"
    yield _double("database", "database.cache.hit.pct", "share 0..1", f"{share}, since the reset.")
    yield MetricField("postgresql.database.stats_reset", "date", "", "When these numbers began.", "database")
    yield _double("database", "database.interval.sec", "s", "The time between the last two readings.")
    for name, unit, meaning in _TOTALS:
        if name in _IN_INTERVAL:
            yield _long("database", f"database.interval.{name}", f"{meaning}, in that time.", unit)
    yield _double("database", "database.interval.cache.hit.pct", "share 0..1", f"{share} in that time.")


def _statement() -> Iterator[MetricField]:
    yield _word("statement", "statement.scope", "type: all statements of one type; query: one of the slowest shapes.")
    yield _word("statement", "statement.operation", "SELECT, INSERT, UPDATE, DELETE or other.")
    yield _double("statement", "statement.interval.sec", "s", "The time the numbers are of.")
    yield _long("statement", "statement.deallocated", "How often the server forgot its rarest statements in that time.")
    yield _word("statement", "statement.query.id", "The server's id of the shape.")
    yield _word("statement", "statement.query.fingerprint", "The shape's fingerprint, the same as in logs-sql.query-*.")
    yield _word("statement", "statement.query.text", "The normalised text, without any value.")
    yield _word("statement", "statement.user.name", "Who ran it.")
    yield _word("statement", "statement.database.name", "Where.")
    yield _long("statement", "statement.query.calls", "Executions.")
    yield _long("statement", "statement.query.rows", "Rows returned or changed.")
    yield _double("statement", "statement.query.time.total.ms", "ms", "Time of all executions.")
    yield _double("statement", "statement.query.time.mean.ms", "ms", "Time of one, on average.")
    yield _long("statement", "statement.query.memory.shared.hit", "Blocks found in the server's cache.")
    yield _long("statement", "statement.query.memory.shared.read", "Blocks read.")
    yield _long("statement", "statement.query.memory.temp.written", "Temporary blocks written.")


def _replication() -> Iterator[MetricField]:
    yield _word("replication", "replication.role", "primary: about a standby of it; standby: about the server itself.")
    yield _word("replication", "replication.standby.name", "The standby's application_name.")
    yield MetricField("postgresql.replication.standby.address", "ip", "", "The standby's address.", "replication")
    yield _word("replication", "replication.state", "streaming, catchup, …; of a standby its receiver's.")
    yield _word("replication", "replication.sync_state", "async, sync, potential or quorum.")
    for step, meaning in _LAGS.items():
        yield _long("replication", f"replication.lag.{step}.bytes", f"Write-ahead log {meaning}.", "bytes")
        if step != "sent":
            yield _double("replication", f"replication.lag.{step}.sec", "s", "The same as time, of the last change.")


FIELDS: Final[tuple[MetricField, ...]] = (*_server(), *_database(), *_statement(), *_replication())
"""What ``metrics-postgresql.server-*`` holds, by metricset."""
