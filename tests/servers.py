"""Real PostgreSQL and Redis servers for tests: Debian's, on free loopback ports, in directories that go with them."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from uuid import uuid4

import psycopg
import redis

from tests.ports import free_port

READY_WITHIN: Final = 60.0
SUPERUSER: Final = "postgres"
PASSWORD: Final = "só-para-teste"  # noqa: S105 - of servers that live as long as a test
_POSTGRESQL_SETTINGS: Final = {
    "fsync": "off",
    "max_connections": "40",
    "shared_preload_libraries": "pg_stat_statements",
    "track_io_timing": "on",
    "deadlock_timeout": "100ms",
    "wal_level": "replica",
    "listen_addresses": "127.0.0.1",
}


def postgresql_program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs: that of the newest Debian version, or of the ``PATH``.

    ``ATALAIA_TEST_POSTGRESQL`` names the directory of another version's programs, to run the same tests on that.
    """
    chosen = os.environ.get("ATALAIA_TEST_POSTGRESQL")
    if chosen:
        return str(Path(chosen) / name)
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    found = str(versions[-1]) if versions else shutil.which(name)
    assert found, f"PostgreSQL's {name} is missing; install it with: make test-system"
    return found


def wait_until(ready: Callable[[], bool], what: str, within: float = READY_WITHIN) -> None:
    """Return once something is so; fail when it takes too long."""
    deadline = time.monotonic() + within
    while not ready():
        assert time.monotonic() < deadline, f"{what} took more than {within} s"
        time.sleep(0.02)


class Server:
    """A server process in a directory of its own."""

    def __init__(self, prefix: str, user: str | None) -> None:
        # Not below pytest's directory: that is closed to the user the server runs as.
        self.home = Path(tempfile.mkdtemp(prefix=prefix))
        self._user = user if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self.home, self._user, self._user)
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        """Return how the server is started."""
        raise NotImplementedError

    def ready(self) -> bool:
        """Tell whether it answers."""
        raise NotImplementedError

    def start(self) -> Self:
        """Start it and wait until it answers."""
        with (self.home / "log").open("ab") as log:
            self._process = self._popen(self.command(), log.fileno())
        wait_until(self._is_up, f"starting {self.command()[0]}")
        return self

    def stop(self) -> None:
        """End it as its administrator would, and wait until it is gone."""
        if self._process is not None:
            process, self._process = self._process, None
            process.terminate()
            process.wait(READY_WITHIN)

    def run(self, *command: str, env: Mapping[str, str] | None = None) -> str:
        """Run a program as the server's user and return what it prints."""
        process = self._popen(command, subprocess.PIPE, env)
        printed, _ = process.communicate(timeout=READY_WITHIN)
        assert process.returncode == 0, printed
        return printed.decode()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.home)

    def _is_up(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self.home / "log").read_text(errors="replace")
        return self.ready()

    def _popen(
        self, command: Sequence[str], output: int, env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=self.home,
            env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})},
            user=self._user,
            group=self._user,
            extra_groups=[] if self._user else None,
        )


class PostgresServer(Server):
    """A PostgreSQL with pg_stat_statements; passwords are asked for.

    Args:
        primary: The server it follows as a standby, from a base backup of that; none for one of its own.
        settings: Configuration beyond the usual.
    """

    def __init__(self, primary: PostgresServer | None = None, settings: Mapping[str, str] | None = None) -> None:
        super().__init__("atalaia-pg-", "postgres")
        self._settings = {**_POSTGRESQL_SETTINGS, **(settings or {})}
        self._data = self.home / "data"
        if primary is None:
            self._initialise()
        else:
            address = primary.dsn("replication", application_name="standby")
            self.run(postgresql_program("pg_basebackup"), "-D", str(self._data), "-R", "-c", "fast", "-d", address)

    def _initialise(self) -> None:
        secret = self.home / "password"
        secret.write_text(PASSWORD, encoding="utf-8")
        secret.chmod(0o644)
        command = ["-D", str(self._data), "-U", SUPERUSER, "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8"]
        self.run(postgresql_program("initdb"), *command, "--no-sync", "--locale=C")

    def command(self) -> list[str]:
        """Return the command line of the server itself, not of ``pg_ctl``: its process is ours to end."""
        settings = {**self._settings, "port": str(self.port), "unix_socket_directories": str(self.home)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [postgresql_program("postgres"), "-D", str(self._data), *options]

    def ready(self) -> bool:
        """Tell whether it lets somebody in."""
        try:
            psycopg.connect(self.dsn()).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """End it fast: sessions that are still open are cut off."""
        if self._process is not None:
            self._process.send_signal(2)
            self._process.wait(READY_WITHIN)
            self._process = None

    def dsn(self, database: str = "postgres", user: str = SUPERUSER, password: str = PASSWORD, **more: str) -> str:
        """Return a connection string in libpq's form."""
        given = {"host": "127.0.0.1", "port": str(self.port), "dbname": database, "user": user, "password": password}
        return psycopg.conninfo.make_conninfo("", **{**given, **more})

    def url(self, database: str = "postgres", scheme: str = "postgresql+psycopg") -> str:
        """Return a connection URL for SQLAlchemy."""
        return f"{scheme}://{SUPERUSER}:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """Return a connection of the superuser's that commits at once."""
        return psycopg.connect(self.dsn(database), autocommit=True)

    def create_database(self) -> str:
        """Make a database with pg_stat_statements in it and return its name."""
        name = f"t{uuid4().hex[:12]}"
        with self.connect() as connection:
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
        with self.connect(name) as connection:
            connection.execute("CREATE EXTENSION pg_stat_statements")
        return name

    def psql(self, database: str, query: str) -> str:
        """Return what ``psql`` prints for a query: rows of values with ``|`` between them."""
        command = [postgresql_program("psql"), "-XAtq", "-d", self.dsn(database, application_name="psql"), "-c", query]
        return self.run(*command).strip()


class RedisServer(Server):
    """A Redis without persistence unless it is asked for.

    Args:
        settings: Configuration directives with their values.
    """

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        super().__init__("atalaia-redis-", None)
        self.socket = self.home / "redis.sock"
        self.settings = {"save": "", "appendonly": "no", **(settings or {})}

    def command(self) -> list[str]:
        """Return the server's command line."""
        program = shutil.which("redis-server")
        assert program, "redis-server is missing; install it with: make test-system"
        place = {"bind": "127.0.0.1", "port": str(self.port), "dir": str(self.home), "unixsocket": str(self.socket)}
        given = {**place, **self.settings}
        return [program, *(part for name, value in given.items() for part in (f"--{name}", value))]

    def ready(self) -> bool:
        """Tell whether it answers, be it that it wants a password."""
        with redis.Redis(unix_socket_path=str(self.socket)) as client:
            try:
                client.ping()
            except redis.AuthenticationError:
                return True
            except redis.ConnectionError:
                return False
        return True

    def client(self, database: int = 0, password: str | None = None) -> redis.Redis:
        """Return a client over the Unix socket."""
        return redis.Redis(unix_socket_path=str(self.socket), decode_responses=True, db=database, password=password)

    def cli(self, *words: str) -> str:
        """Return what ``redis-cli`` prints."""
        return self.run("redis-cli", "-s", str(self.socket), *words).strip()
