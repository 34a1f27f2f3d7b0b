"""The sampler of a PostgreSQL server: all its parts, and what is missing of them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeAlias, TypeVar

import psycopg

from logging_lib.errors import AtalaiaError
from logging_lib.metrics.nesting import nested
from logging_lib.metrics.postgresql.connection import MARK, Database
from logging_lib.metrics.postgresql.databases import Databases, database_sizes
from logging_lib.metrics.postgresql.replication import own_lag, standbys
from logging_lib.metrics.postgresql.server import activity_fields, checkpoint_fields, server_fields
from logging_lib.metrics.postgresql.statements import Statements, find_extension
from logging_lib.metrics.sample import MetricValue, Sample, SamplingError
from logging_lib.metrics.seconds import Monotonic

DATASET: Final = "postgresql.server"
SLOWEST: Final = 10
TEXTS_VARIABLE: Final = "ATALAIA_METRICS_POSTGRESQL_TEXTS"
_PRIVILEGED: Final = f"SELECT {MARK} pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS granted"
_YES_NO: Final = {
    "on": True,
    "yes": True,
    "1": True,
    "true": True,
    "off": False,
    "no": False,
    "0": False,
    "false": False,
}

Flat: TypeAlias = "dict[str, MetricValue | None]"
Read = TypeVar("Read")


class PostgresqlSampler:
    """Reads a PostgreSQL server.

    A role with ``pg_monitor`` may read all of it. Without that, or without the extension pg_stat_statements in the
    database it connects to, the rest is read, and ``postgresql.server.missing`` says what is not there and why.

    Args:
        target: A connection string or URL of libpq's. A password may come from ``PGPASSWORD`` or ``~/.pgpass``.
        slowest: How many statements' shapes of an interval are told one by one.
        texts: Whether their normalised texts are told; ``None`` asks ``ATALAIA_METRICS_POSTGRESQL_TEXTS``, else yes.
        monotonic: Measures the interval.

    Raises:
        AtalaiaError: The target is no connection string, or the variable is neither on nor off.
    """

    def __init__(
        self, target: str, *, slowest: int = SLOWEST, texts: bool | None = None, monotonic: Monotonic = time.monotonic
    ) -> None:
        self._database = Database(target)
        self._monotonic = monotonic
        self._databases = Databases()
        self._statements = Statements(slowest, texts=_texts_wanted(os.environ) if texts is None else texts)
        self._missing: list[str] = []

    @property
    def name(self) -> str:
        """``postgresql`` and where it is, without user and password."""
        return f"postgresql {self._database.address}"

    def sample(self, now: datetime) -> Sequence[Sample]:
        """Read everything once.

        Raises:
            SamplingError: The server cannot be reached, or went away.
        """
        del now  # rates are reckoned in seconds that never run backwards
        self._missing = []
        self._database.open()
        try:
            server = server_fields(self._database)
        except psycopg.Error as error:
            raise SamplingError(self._database.told(error)) from error
        server |= self._part("bgwriter", lambda: checkpoint_fields(self._database)) or {}
        privileged = self._part("rights", lambda: self._database.row(_PRIVILEGED)["granted"])
        found = {
            "database": self._each_database(),
            "statement": self._each_statement(),
            "replication": self._each_standby(bool(server["server.recovery"])) if privileged else [],
        }
        if privileged:
            limit = float(str(server["server.connections.limit"]))
            server |= self._part("connections", lambda: activity_fields(self._database, limit)) or {}
        else:
            remedy = "grant pg_monitor to this role"
            self._missing.append(f"connections, locks, replication, statements of other roles: {remedy}")
        server["server.missing"] = list(self._missing) or None
        return [self._sample("server", server), *self._samples(found)]

    def close(self) -> None:
        """Close the connection; the next reading opens another."""
        self._database.close()

    def _each_database(self) -> Iterable[Flat]:
        sizes = self._part("database.size", lambda: database_sizes(self._database)) or {}
        at = self._monotonic()
        return self._part("database", lambda: list(self._databases.fields(self._database, at, sizes))) or ()

    def _each_statement(self) -> Iterable[Flat]:
        told = len(self._missing)
        extension = self._part("statement", lambda: find_extension(self._database))
        if extension is None:
            if len(self._missing) == told:  # the server has answered, and not refused
                remedy = "run CREATE EXTENSION pg_stat_statements in the database that is sampled"
                self._missing.append(f"statement: there is no pg_stat_statements; {remedy}")
            return ()
        at = self._monotonic()
        return self._part("statement", lambda: list(self._statements.fields(self._database, extension, at))) or ()

    def _each_standby(self, recovery: bool) -> Iterable[Flat]:  # noqa: FBT001 - a state
        own = self._part("replication", lambda: [own_lag(self._database)]) if recovery else None
        return [*(own or ()), *(self._part("replication", lambda: list(standbys(self._database))) or ())]

    def _part(self, what: str, read: Callable[[], Read]) -> Read | None:
        """Return one part, or note that it is missing: the server refused it or took too long.

        Raises:
            SamplingError: The server went away meanwhile.
        """
        try:
            return read()
        except psycopg.Error as error:
            told = self._database.told(error)
            if self._database.broken:
                raise SamplingError(told) from error
            self._missing.append(f"{what}: {told}")
            return None

    def _samples(self, found: Mapping[str, Iterable[Flat]]) -> Iterator[Sample]:
        for metricset, records in found.items():
            yield from (self._sample(metricset, fields) for fields in records)

    def _sample(self, metricset: str, fields: Flat) -> Sample:
        values = nested({"address": self._database.address, **fields})
        return Sample(DATASET, metricset, {"postgresql": values})


def _texts_wanted(environ: Mapping[str, str]) -> bool:
    given = environ.get(TEXTS_VARIABLE) or "on"
    if given.lower() not in _YES_NO:
        raise AtalaiaError(f"{TEXTS_VARIABLE} is {given!r}", "use on or off")
    return _YES_NO[given.lower()]
