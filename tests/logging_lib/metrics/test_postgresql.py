"""The PostgreSQL sampler on a real server, its numbers beside those of psql and of what the test did."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import psutil
import psycopg
import pytest

from logging_lib.errors import AtalaiaError
from logging_lib.metrics.postgresql import PostgresqlSampler, sampler
from logging_lib.metrics.postgresql.connection import Database
from logging_lib.metrics.registry import fields_of
from logging_lib.metrics.sample import MetricValue, SamplingError
from logging_lib.sql.statements import describe_statement
from tests.logging_lib.metrics.reading import flat, number, of, read, undocumented
from tests.servers import PASSWORD, PostgresServer, postgresql_program, wait_until

SECRET = "Zq7s3cr3tX"  # noqa: S105 - planted, to be looked for
LIVELINESS = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 20_000}
COUNT = "SELECT count(*) FROM pg_stat_activity WHERE"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """Return a server of this file's own: its numbers are those of these tests alone."""
    with PostgresServer(settings={"pg_stat_statements.max": "150"}) as server:
        yield server


@pytest.fixture
def database(server: PostgresServer) -> str:
    """Return a database of the test's own."""
    return server.create_database()


@pytest.fixture
def sampled(server: PostgresServer, database: str) -> Iterator[PostgresqlSampler]:
    """Return a sampler of it."""
    found = sampler(server.dsn(database))
    yield found
    found.close()


def test_connections_are_counted_by_state(server: PostgresServer, sampled: PostgresqlSampler) -> None:
    """Each state has the connections that the test brought into it; the limit leaves out the superusers'."""
    with ExitStack() as stack:
        idle = [stack.enter_context(server.connect()) for _ in range(3)]
        open_one, failed = (stack.enter_context(psycopg.connect(server.dsn())) for _ in range(2))
        open_one.execute("SELECT 1")
        with pytest.raises(psycopg.Error):
            failed.execute("SELECT 1/0")
        busy = threading.Thread(target=sleep_until_cancelled, args=(idle[0],))
        busy.start()
        wait_until(lambda: server.psql("postgres", f"{COUNT} wait_event = 'PgSleep'") == "1", "sleeping")
        time.sleep(0.3)
        (fields,) = of(read(sampled), "server")
        idle[0].cancel()
        busy.join()
    counted = {state: fields[f"postgresql.server.connections.{state}"] for state in ("active", "idle", "own")}
    assert counted == {"active": 2, "idle": 2, "own": 1}  # the sampler itself is active
    assert fields["postgresql.server.connections.idle_in_transaction"] == 1
    assert fields["postgresql.server.connections.idle_in_transaction_aborted"] == 1
    assert fields["postgresql.server.connections.used.count"] == 6
    assert fields["postgresql.server.connections.limit"] == 37  # 40, and 3 for superusers
    assert fields["postgresql.server.connections.used.pct"] == pytest.approx(6 / 37, abs=1e-6)
    assert 0.3 <= number(fields, "postgresql.server.transactions.longest.sec") < 30
    assert fields["postgresql.server.version"] == server.psql("postgres", "SHOW server_version").split(" ")[0]
    assert "postgresql.server.missing" not in fields


def sleep_until_cancelled(connection: psycopg.Connection) -> None:
    """Keep a connection busy."""
    with suppress(psycopg.errors.QueryCanceled):
        connection.execute("SELECT pg_sleep(600)")


def test_who_waits_for_a_lock_is_seen(server: PostgresServer, database: str, sampled: PostgresqlSampler) -> None:
    """Two that wait for one are two waiting and, as the second waits for both, two blocking; with the longest wait."""
    (before,) = of(read(sampled), "server")
    assert (before["postgresql.server.locks.waiting"], before["postgresql.server.locks.blocking"]) == (0, 0)
    with server.connect(database) as own, psycopg.connect(server.dsn(database)) as holder:
        own.execute("CREATE TABLE t (a int)")
        holder.execute("LOCK TABLE t")
        waiting = [threading.Thread(target=select_from_t, args=(server, database)) for _ in range(2)]
        for thread in waiting:
            thread.start()
        wait_until(lambda: server.psql(database, f"{COUNT} wait_event_type = 'Lock'") == "2", "waiting")
        time.sleep(0.25)
        (fields,) = of(read(sampled), "server")
        counted = "SELECT count(*), count(DISTINCT b) FROM pg_stat_activity a, unnest(pg_blocking_pids(a.pid)) b"
        waiters, blockers = server.psql(database, counted).split("|")
        holder.rollback()
        for thread in waiting:
            thread.join()
    assert (fields["postgresql.server.locks.waiting"], waiters) == (2, "2")
    assert (fields["postgresql.server.locks.blocking"], blockers) == (1, "1")
    assert 0.2 <= number(fields, "postgresql.server.locks.longest_wait.sec") <= 60


def select_from_t(server: PostgresServer, database: str) -> None:
    """Wait for the table."""
    with server.connect(database) as connection:
        connection.execute("SELECT * FROM t")


def test_the_interval_has_what_happened_in_it(
    server: PostgresServer, database: str, sampled: PostgresqlSampler
) -> None:
    """Transactions of pgbench, a deadlock and a sort on the disk are in the database's interval, as psql has them."""
    bench = [postgresql_program("pgbench"), "-n", "-d", server.dsn(database)]
    server.run(*bench, "-i", "-q", "-s", "1")
    settled(server, database)
    assert "postgresql.database.interval.sec" not in of(read(sampled), "database")[0]
    before = totals(server, database)
    server.run(*bench, "-c", "2", "-t", "50")
    deadlock(server, database)
    with server.connect(database) as connection:
        connection.execute("SET work_mem = '64kB'")
        connection.execute("SELECT * FROM generate_series(1, 50000) AS s(n) ORDER BY n % 7").fetchall()
    settled(server, database)
    (fields,) = of(read(sampled), "database", postgresql__database__name=database)
    after = totals(server, database)
    grown = dict(zip(COLUMNS, [now - then for now, then in zip(after, before, strict=True)], strict=True))
    inside = {name: number(fields, f"postgresql.database.interval.{name}") for name in COLUMNS if "blocks" not in name}
    inside["transactions.commit"] -= grown["transactions.commit"]  # the looking itself is a transaction too
    assert abs(inside.pop("transactions.commit")) <= 5
    assert grown["transactions.commit"] >= 100
    assert inside == {name: grown[name] for name in inside}
    assert (grown["deadlocks"], grown["transactions.rollback"]) == (1, 1)
    assert grown["temporary.files"] >= 1
    hit, read_ = grown["blocks.hit"], grown["blocks.read"]
    assert number(fields, "postgresql.database.interval.blocks.hit") == pytest.approx(hit, rel=0.1)
    assert fields["postgresql.database.interval.cache.hit.pct"] == pytest.approx(hit / (hit + read_), abs=0.01)
    assert fields["postgresql.database.cache.hit.pct"] == pytest.approx(after[3] / (after[3] + after[4]), abs=0.01)
    size = int(server.psql("postgres", f"SELECT pg_database_size('{database}')"))
    assert fields["postgresql.database.size.bytes"] == pytest.approx(size, rel=0.02)


COLUMNS = {
    "transactions.commit": "xact_commit",
    "transactions.rollback": "xact_rollback",
    "deadlocks": "deadlocks",
    "blocks.hit": "blks_hit",
    "blocks.read": "blks_read",
    "temporary.files": "temp_files",
    "temporary.bytes": "temp_bytes",
}


def totals(server: PostgresServer, database: str) -> list[int]:
    """Return psql's word for the counters of a database."""
    where = f"FROM pg_stat_database WHERE datname = '{database}'"
    query = f"SELECT {', '.join(COLUMNS.values())} {where}"
    return [int(value) for value in server.psql("postgres", query).split("|")]


def settled(server: PostgresServer, database: str) -> None:
    """Wait until all sessions but the sampler's have ended: only then have they all told their numbers."""
    others = "backend_type = 'client backend' AND application_name <> 'atalaia-metrics'"
    query = f"{COUNT} datname = '{database}' AND {others}"
    wait_until(lambda: server.psql("postgres", query) == "0", "ending the sessions")
    time.sleep(1.1)  # a session that stays tells its numbers once a second


def deadlock(server: PostgresServer, database: str) -> None:
    """Let two transactions wait for each other; the server ends one of them."""
    with psycopg.connect(server.dsn(database)) as one, psycopg.connect(server.dsn(database)) as other:
        one.execute("LOCK TABLE pgbench_branches")
        other.execute("LOCK TABLE pgbench_tellers")
        failed: list[psycopg.Error] = []

        def cross() -> None:
            try:
                other.execute("LOCK TABLE pgbench_branches")
                other.commit()
            except psycopg.Error as error:
                failed.append(error)

        thread = threading.Thread(target=cross)
        thread.start()
        try:
            one.execute("LOCK TABLE pgbench_tellers")
            one.commit()
        except psycopg.Error as error:
            failed.append(error)
        thread.join()
        assert len(failed) == 1


def test_statements_are_summed_by_type_and_told_one_by_one(
    server: PostgresServer, database: str, sampled: PostgresqlSampler
) -> None:
    """Calls and rows of the interval are those the test made; shapes have SQLAlchemy's fingerprint and no value."""
    assert of(read(sampled), "statement") == []
    query = "SELECT a, pg_sleep(0.02) FROM t WHERE a = %s"
    with server.connect(database) as connection:
        connection.execute("CREATE TABLE t (a int, b text)")
        rows = "generate_series(1, 30) AS s(n)"
        connection.execute(f"INSERT INTO t SELECT n, '{SECRET}' FROM {rows}")  # noqa: S608 - ours
        for number_ in range(1, 5):
            connection.execute(query, (number_,))
        connection.execute("UPDATE t SET b = 'x' WHERE a < 11")
        connection.execute("WITH gone AS (SELECT 1 AS a) DELETE FROM t USING gone WHERE t.a = gone.a")
        connection.execute(f"CREATE ROLE r{database} PASSWORD '{SECRET}'")
    samples = read(sampled)
    types = {
        str(fields["postgresql.statement.operation"]): (
            fields["postgresql.statement.query.calls"],
            fields["postgresql.statement.query.rows"],
        )
        for fields in of(samples, "statement", postgresql__statement__scope="type")
    }
    assert types == {"SELECT": (4, 4), "INSERT": (1, 30), "UPDATE": (1, 10), "DELETE": (1, 1), "other": (2, 0)}
    slowest = of(samples, "statement", postgresql__statement__scope="query")
    first = slowest[0]
    total = number(first, "postgresql.statement.query.time.total.ms")
    assert first["postgresql.statement.query.fingerprint"] == describe_statement(query, "postgresql").fingerprint
    assert first["postgresql.statement.query.text"] == "SELECT a, pg_sleep(?) FROM t WHERE a = ?"
    assert (first["postgresql.statement.database.name"], first["postgresql.statement.user.name"]) == (
        database,
        "postgres",
    )
    assert total >= 80
    assert first["postgresql.statement.query.time.mean.ms"] == pytest.approx(total / 4, abs=0.001)
    known = "SELECT total_exec_time FROM pg_stat_statements WHERE query LIKE 'SELECT a, pg_sleep%'"
    server_total = float(server.psql(database, known))
    assert total == pytest.approx(server_total, abs=0.001)
    assert SECRET not in str(samples)
    assert f"CREATE ROLE r{database} PASSWORD ?" in {each["postgresql.statement.query.text"] for each in slowest}


def test_forgotten_and_reset_statements_give_no_wrong_number(
    server: PostgresServer, database: str, sampled: PostgresqlSampler
) -> None:
    """After a reset the interval has what came since; where the server forgot statements, it says how often."""
    with server.connect(database) as connection:
        for _ in range(5):
            connection.execute("SELECT 1")
        read(sampled)
        connection.execute("SELECT pg_stat_statements_reset()")
        for _ in range(3):
            connection.execute("SELECT 1")
        (selects,) = of(
            read(sampled), "statement", postgresql__statement__operation="SELECT", postgresql__statement__scope="type"
        )
        assert selects["postgresql.statement.query.calls"] in {3, 4}  # the reset may count itself
        assert selects["postgresql.statement.deallocated"] == 0
        for columns in range(2, 402):
            connection.execute("SELECT " + ", ".join(["1"] * columns))
    found = of(read(sampled), "statement")
    assert number(found[0], "postgresql.statement.deallocated") >= 1
    assert all(number(fields, "postgresql.statement.query.calls") >= 0 for fields in found)


def test_without_texts_there_are_fingerprints_only(
    server: PostgresServer, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The texts can be turned off, by argument and by variable; a variable that is neither is refused."""
    monkeypatch.setenv("ATALAIA_METRICS_POSTGRESQL_TEXTS", "off")
    quiet = sampler(server.dsn(database))
    read(quiet)
    server.psql(database, "SELECT 1 AS quieto")
    found = of(read(quiet), "statement", postgresql__statement__scope="query")
    quiet.close()
    assert found
    assert not any("postgresql.statement.query.text" in fields for fields in found)
    monkeypatch.setenv("ATALAIA_METRICS_POSTGRESQL_TEXTS", "talvez")
    with pytest.raises(AtalaiaError, match="TEXTS is 'talvez'; use on or off"):
        sampler(server.dsn(database))


def test_rights_decide_what_is_read_and_what_is_told_missing(server: PostgresServer, database: str) -> None:
    """A plain role has the databases and is told what it lacks, never as zero; pg_monitor is enough for all."""
    role = f"r{database}"
    with server.connect(database) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{SECRET}'".encode())
        plain = sampler(server.dsn(database, role, SECRET))
        read(plain)
        few = read(plain)
        connection.execute(f"GRANT pg_monitor TO {role}".encode())
        (many,) = of(read(plain), "server")
        connection.execute("DROP EXTENSION pg_stat_statements")
        (without,) = of(read(plain), "server")
        plain.close()
    (fields,) = of(few, "server")
    (told_few,) = missing_of(fields)
    assert told_few.startswith("connections, locks, replication, statements of other roles: grant pg_monitor")
    assert not any("connections.used" in name or ".locks." in name for name in fields)
    assert number(of(few, "database", postgresql__database__name=database)[0], "postgresql.database.size.bytes") > 0
    assert "postgresql.server.missing" not in many
    assert number(many, "postgresql.server.connections.used.count") >= 2
    (told,) = missing_of(without)
    assert "CREATE EXTENSION pg_stat_statements" in told


def missing_of(fields: dict[str, MetricValue]) -> list[str]:
    """Return what a reading says is missing."""
    missing = fields["postgresql.server.missing"]
    assert isinstance(missing, list)
    return [str(each) for each in missing]


def between(
    server: PostgresServer, query: str, reader: PostgresqlSampler
) -> tuple[dict[str, MetricValue], tuple[int, int]]:
    """Return a reading's replication, and psql's number from before and after it: the server writes by itself too."""
    before = int(server.psql("postgres", query))
    (fields,) = of(read(reader), "replication")
    return fields, (before, int(server.psql("postgres", query)))


def test_a_standby_that_lags_is_seen_from_both_sides(server: PostgresServer, database: str) -> None:
    """With its replay paused a standby lags by what is written meanwhile, as psql reckons it; resumed, by nothing."""
    with PostgresServer(primary=server) as standby:
        there, here = sampler(server.dsn(database)), sampler(standby.dsn(database))
        behind = "SELECT pg_current_wal_lsn() <> replay_lsn FROM pg_stat_replication"
        server.psql(database, "CREATE TABLE pequena ()")
        wait_until(lambda: server.psql("postgres", behind) == "f", "replaying a transaction")
        standby.psql("postgres", "SELECT pg_wal_replay_pause()")
        server.psql(database, "CREATE TABLE grande AS SELECT n FROM generate_series(1, 20000) AS s(n)")
        differences = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) FROM pg_stat_replication"
        received = "SELECT pg_last_wal_receive_lsn() - pg_last_wal_replay_lsn()"
        arrived = "SELECT pg_current_wal_lsn() = flush_lsn FROM pg_stat_replication"
        wait_until(lambda: server.psql("postgres", arrived) == "t", "sending the log")
        primary, lag = between(server, differences, there)
        own, lag_there = between(standby, received, here)
        assert lag[0] > 500_000
        assert lag[0] <= number(primary, "postgresql.replication.lag.replay.bytes") <= lag[1]
        assert lag_there[0] <= number(own, "postgresql.replication.lag.replay.bytes") <= lag_there[1]
        assert number(own, "postgresql.replication.lag.replay.sec") > 0
        assert (primary["postgresql.replication.role"], own["postgresql.replication.role"]) == ("primary", "standby")
        assert primary["postgresql.replication.standby.name"] == "standby"
        assert primary["postgresql.replication.state"] == own["postgresql.replication.state"] == "streaming"
        assert of(read(here), "server")[0]["postgresql.server.recovery"] is True
        standby.psql("postgres", "SELECT pg_wal_replay_resume()")
        wait_until(lambda: server.psql("postgres", differences) == "0", "replaying the log")
        caught_up = read(there)
        assert of(caught_up, "replication")[0]["postgresql.replication.lag.replay.bytes"] == 0
        assert of(read(here), "replication")[0]["postgresql.replication.lag.replay.sec"] == 0
        server.psql(database, "SELECT count(*) FROM grande")
        settled(server, database)
        everything = [*read(here), *read(there)]
        there.close()
        here.close()
    assert undocumented("postgresql", everything) == set()
    # The server forgets the seconds of a lag after a while, so what was seen before counts.
    names = {name for sample in [*caught_up, *everything] for name, _ in flat(sample.values)} | {*primary, *own}
    later = {
        "postgresql.server.connections.unknown",
        "postgresql.server.missing",
        "postgresql.database.stats_reset",
    }
    if int(server.psql("postgres", "SHOW server_version_num")) >= 170_000:
        later |= {"postgresql.bgwriter.buffers.backend", "postgresql.bgwriter.buffers.backend_fsync"}
    assert {field.name for field in fields_of("postgresql")} - names <= later


def test_a_restart_costs_a_visible_failure_and_no_more() -> None:
    """While the server is down a reading fails with its reason; up again, the same sampler goes on."""
    with PostgresServer() as own:
        found = sampler(own.dsn())
        read(found)
        own.stop()
        with pytest.raises(SamplingError, match=r"(?i)connection") as refused:
            read(found)
        assert PASSWORD not in str(refused.value)
        own.start()
        samples = read(found)
        found.close()
    (fields,) = of(samples, "server")
    assert number(fields, "postgresql.server.uptime.sec") < 60
    values = [value for sample in samples for _, value in flat(sample.values) if isinstance(value, float | int)]
    assert min(value for value in values if not isinstance(value, bool)) >= 0


def test_a_password_is_never_told(server: PostgresServer) -> None:
    """Not in the sampler's name, not when it is wrong, not when the target cannot be understood."""
    wrong = sampler(server.dsn(password=SECRET))
    assert wrong.name == f"postgresql 127.0.0.1:{server.port}/postgres"
    with pytest.raises(SamplingError, match="password authentication failed") as refused:
        read(wrong)
    assert SECRET not in str(refused.value)
    for target in (f"postgresql//ana:{SECRET}@h/d", f"postgresql://ana:{SECRET}/@h/d", f"host=h senha={SECRET}"):
        with pytest.raises(AtalaiaError, match="no connection string") as refused_target:
            sampler(target)
        assert SECRET not in str(refused_target.value)


def test_the_sampler_can_write_nothing(server: PostgresServer, sampled: PostgresqlSampler) -> None:
    """Its one connection has a name, only reads, and is bounded in time; its statements are not in its own numbers."""
    read(sampled)
    samples = read(sampled)
    assert server.psql("postgres", f"{COUNT} application_name = 'atalaia-metrics'") == "1"
    own = Database(server.dsn())
    own.open()
    assert own.row("SHOW default_transaction_read_only") == {"default_transaction_read_only": "on"}
    assert own.row("SHOW statement_timeout") == {"statement_timeout": "5s"}
    own.close()
    assert not re.search(r"pg_stat_activity|pg_blocking_pids", str(of(samples, "statement")))


def test_what_could_not_be_asked_is_not_said_to_be_absent(
    server: PostgresServer, database: str, sampled: PostgresqlSampler
) -> None:
    """While a table of the catalogue is locked, its part is missing for that reason; the extension is there."""
    with psycopg.connect(server.dsn(database)) as holder:
        holder.execute("LOCK TABLE pg_extension IN ACCESS EXCLUSIVE MODE")
        (fields,) = of(read(sampled), "server")
    assert fields["postgresql.server.missing"] == ["statement: canceling statement due to lock timeout"]


def test_a_network_that_goes_without_a_word_is_noticed(server: PostgresServer, sampled: PostgresqlSampler) -> None:
    """The kernel is told to ask the other side after ten silent seconds, and to give up after some more."""
    read(sampled)
    (connection,) = [
        found
        for found in psutil.Process().net_connections("tcp")
        if found.status == psutil.CONN_ESTABLISHED and found.raddr.port == server.port
    ]
    with socket.fromfd(connection.fd, socket.AF_INET, socket.SOCK_STREAM) as its:
        options = {name: its.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) for name in LIVELINESS}
        assert its.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
    assert options == LIVELINESS
