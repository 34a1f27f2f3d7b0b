"""The one connection to the server: kept, read only, bounded in time, and made anew when it broke."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, LiteralString, TypeAlias

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row

from logging_lib.errors import AtalaiaError
from logging_lib.metrics.sample import SamplingError

Row: TypeAlias = Mapping[str, object]
Settings: TypeAlias = dict[str, str | int]

APPLICATION: Final = "atalaia-metrics"
MARK: Final = "/* atalaia-metrics */"
"""Stands in every statement of the sampler, so that it can leave out its own."""
CONNECT_TIMEOUT: Final = 5
STATEMENT_TIMEOUT: Final = "5s"
# Where the network goes without a word, the kernel would wait for two hours: here it gives up after half a minute.
_LIVELINESS: Final[Settings] = {
    "connect_timeout": CONNECT_TIMEOUT,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
_SESSION: Final = (
    f"SELECT {MARK} set_config('statement_timeout', '{STATEMENT_TIMEOUT}', false),"
    " set_config('lock_timeout', '1s', false),"
    " set_config('default_transaction_read_only', 'on', false)"
)


class Database:
    """The server as the sampler asks it.

    Args:
        target: A connection string or URL of libpq's; what it leaves out comes from libpq's ``PG*`` variables, its
            ``~/.pgpass`` and its service file.

    Raises:
        AtalaiaError: It cannot be understood. The message repeats none of it, for a password may be in it.
    """

    def __init__(self, target: str) -> None:
        self._settings = _settings(target)
        self.address = _address(self._settings)
        self._connection: psycopg.Connection[DictRow] | None = None

    def open(self) -> None:
        """See to it that there is a connection that answers; one that broke since the last time is made anew.

        Raises:
            SamplingError: There is none to be had.
        """
        if self._connection is not None and self._answers(self._connection):
            return
        self.close()
        try:
            self._connection = psycopg.connect(**self._settings, row_factory=dict_row, autocommit=True)  # type: ignore[arg-type] # libpq's options, all text
            self._connection.prepare_threshold = None
            self._connection.execute(_SESSION)
        except psycopg.Error as error:
            self.close()
            raise SamplingError(self.told(error), "see whether the server runs and lets this user in") from error

    def rows(self, query: LiteralString | sql.Composed, values: Sequence[object] = ()) -> list[DictRow]:
        """Return the rows of a query.

        Raises:
            psycopg.Error: The server refused it, or is gone; ``open`` tells which.
        """
        if self._connection is None:
            raise SamplingError(f"there is no connection to {self.address}")
        return self._connection.execute(query, values or None).fetchall()

    def row(self, query: LiteralString | sql.Composed) -> DictRow:
        """Return the one row of a query that always has one."""
        return self.rows(query)[0]

    @property
    def broken(self) -> bool:
        """Whether the connection is gone."""
        return self._connection is None or self._connection.closed

    def told(self, error: psycopg.Error) -> str:
        """Return an error's first line without the password."""
        text = (error.diag.message_primary or str(error).strip() or type(error).__name__).splitlines()[0]
        secret = self._settings.get("password")
        return text.replace(str(secret), "…") if secret else text

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.close()

    @staticmethod
    def _answers(connection: psycopg.Connection[DictRow]) -> bool:
        """Tell whether it still does; not by ``SELECT 1``, which pg_stat_statements could not tell from a pool's."""
        try:
            connection.execute(_SESSION)
        except psycopg.Error:
            return False
        return True


def _settings(target: str) -> Settings:
    remedy = "write postgresql://user@host:5432/database, with what is special in a password percent-encoded"
    try:
        given: Settings = {key: value for key, value in conninfo_to_dict(target).items() if value is not None}
    except psycopg.ProgrammingError:  # its message, and so this error's cause, may hold the password
        given = {}
        understood = False
    else:
        ports = str(given.get("port", "5432")).split(",")
        understood = all(port.isdigit() for port in ports) and "@" not in f"{given.get('host')}{given.get('dbname')}"
    if not understood:
        raise AtalaiaError("the PostgreSQL sampler's target is no connection string", remedy)
    return {**_LIVELINESS, **given, "application_name": APPLICATION}


def _address(settings: Settings) -> str:
    """Return where the server is, without user and password."""
    host = settings.get("host") or settings.get("hostaddr") or settings.get("service") or "local"
    database = f"/{settings['dbname']}" if "dbname" in settings else ""
    return f"{host}:{settings.get('port', 5432)}{database}"
