"""How far standbys lag: on a primary each of them as it sees it, on a standby the server itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from logging_lib.metrics.nesting import number
from logging_lib.metrics.postgresql.connection import MARK, Database
from logging_lib.metrics.sample import MetricValue

_STANDBYS: Final = f"""
SELECT {MARK} application_name, host(client_addr) AS address, state, sync_state,
    pg_wal_lsn_diff(here, sent_lsn) AS sent, pg_wal_lsn_diff(here, write_lsn) AS write,
    pg_wal_lsn_diff(here, flush_lsn) AS flush, pg_wal_lsn_diff(here, replay_lsn) AS replay,
    extract(epoch FROM write_lag)::float8 AS write_lag, extract(epoch FROM flush_lag)::float8 AS flush_lag,
    extract(epoch FROM replay_lag)::float8 AS replay_lag
FROM pg_stat_replication, (SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn()
    ELSE pg_current_wal_lsn() END AS here) AS own
"""  # noqa: S608 - constants
# A standby that has replayed all it received lags by nothing, however long ago the last transaction was.
_STANDBY: Final = f"""
SELECT {MARK} pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) AS replay,
    CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
        ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END::float8 AS replay_lag,
    (SELECT status FROM pg_stat_wal_receiver) AS state
"""  # noqa: S608 - constants


def standbys(database: Database) -> Iterator[dict[str, MetricValue | None]]:
    """Yield the fields of each standby that is connected; needs ``pg_read_all_stats``.

    The seconds are those of the last change: they are not there while there is nothing to send.
    """
    for row in database.rows(_STANDBYS):
        yield {
            "replication.role": "primary",
            "replication.standby.name": str(row["application_name"]),
            "replication.standby.address": None if row["address"] is None else str(row["address"]),
            "replication.state": None if row["state"] is None else str(row["state"]),
            "replication.sync_state": None if row["sync_state"] is None else str(row["sync_state"]),
            **{f"replication.lag.{step}.bytes": number(row, step) for step in ("sent", "write", "flush", "replay")},
            **{f"replication.lag.{step}.sec": number(row, f"{step}_lag") for step in ("write", "flush", "replay")},
        }


def own_lag(database: Database) -> dict[str, MetricValue | None]:
    """Return the fields of a standby about itself.

    Its receiver's state is ``disconnected`` where it has none: then the lag against the primary is not known, and only
    what it has received and not yet replayed is told.
    """
    row = database.row(_STANDBY)
    return {
        "replication.role": "standby",
        "replication.state": str(row["state"] or "disconnected"),
        "replication.lag.replay.bytes": number(row, "replay"),
        "replication.lag.replay.sec": number(row, "replay_lag"),
    }
