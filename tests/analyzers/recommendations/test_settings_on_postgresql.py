"""The printed settings on a real PostgreSQL of their own: accepted as they are, and taken over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.analyzers.recommendations import histories
from tests.servers import PostgresServer, postgresql_program

_SQL = ("SHOW ", "ALTER SYSTEM ", "SELECT ", "SET ")


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """Return a server whose settings may be changed."""
    with PostgresServer() as started:
        yield started


def test_every_printed_statement_is_accepted(server: PostgresServer) -> None:
    """Psql runs every line of SQL that the rules about settings print, and stops at none."""
    commands = [command for each in histories.every_setting() for command in each.commands]
    printed = [command for command in commands if command.startswith(_SQL)]
    script = server.home / "advice.sql"
    script.write_text("\n".join(printed) + "\n", encoding="utf-8")
    script.chmod(0o644)
    server.run(postgresql_program("psql"), "-Xq", "-v", "ON_ERROR_STOP=1", "-d", server.dsn(), "-f", str(script))
    written = {
        line.split(" = ")[0] for line in (server.home / "data" / "postgresql.auto.conf").read_text().splitlines()
    }
    assert {
        "shared_buffers",
        "work_mem",
        "max_connections",
        "max_wal_size",
        "log_lock_waits",
        "idle_in_transaction_session_timeout",
    } <= written


def test_settings_without_a_restart_count_at_once(server: PostgresServer) -> None:
    """max_wal_size is doubled (1 GB out of the box), and work_mem set, for new sessions."""
    assert server.psql("postgres", "SHOW max_wal_size") == "2GB"
    assert server.psql("postgres", "SHOW work_mem") == "16MB"
