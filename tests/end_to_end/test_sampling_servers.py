"""PostgreSQL, Redis and slow statements on their whole road: read, written, taken into a store, aggregated."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, text

import logging_lib
from analyzers.store.open import open_store
from analyzers.store.query import Count, Equals, Field, Max, NamedMeasure, Query, Window
from analyzers.store.query.predicates import EVERYTHING, Predicate
from logging_lib.sqlalchemy import observe
from tests.end_to_end.cli import run_atalaia
from tests.servers import PASSWORD, PostgresServer, RedisServer


def rows(store: Path, stream: str, measure: NamedMeasure, by: str, where: Predicate = EVERYTHING) -> list[object]:
    """Return a measure by a field, of the last hour."""
    now = datetime.now(tz=UTC)
    window = Window(now - timedelta(hours=1), now + timedelta(hours=1))
    with open_store(str(store)) as opened:
        return [dict(row) for row in opened.query(Query(stream, window, (measure,), (Field(by),), where)).rows]


def test_once_as_json_goes_into_a_store(postgresql: PostgresServer, redis_server: RedisServer, tmp_path: Path) -> None:
    """Everything that is read of both servers fits the mapping, with the numbers it was read with."""
    database = postgresql.create_database()
    environment = {
        "ATALAIA_METRICS_POSTGRESQL": postgresql.dsn(database),
        "ATALAIA_METRICS_REDIS": f"redis://127.0.0.1:{redis_server.port}",
    }
    options = ("--no-host", "--once", "--format", "json", "--environment", "test")
    done = run_atalaia("metrics", "run", *options, environment=environment)
    assert PASSWORD not in done.stdout + done.stderr
    (tmp_path / "once.ndjson").write_text(done.stdout, encoding="utf-8")
    store = tmp_path / "store"
    told = run_atalaia("ingest", str(tmp_path / "once.ndjson"), "--pipeline", "request", "--store", str(store))
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert f"{len(records)} stored, 0 known already, 0 dropped, 0 dead-lettered" in told.stdout + told.stderr
    size = next(
        record["postgresql"]["database"]["size"]["bytes"]
        for record in records
        if record.get("metricset") == "database" and record["postgresql"]["database"]["name"] == database
    )
    largest = NamedMeasure("bytes", Max("postgresql.database.size.bytes"))
    name = "postgresql.database.name"
    found = rows(store, "metrics-postgresql.server-test", largest, name, Equals(name, database))
    assert found == [{name: database, "bytes": size}]
    counted = rows(store, "metrics-redis.server-test", NamedMeasure("records", Count()), "redis.info.server.version")
    version = redis_server.cli("INFO", "server").split("redis_version:")[1].split()[0]
    assert {"redis.info.server.version": version, "records": 1} in counted


def test_slow_statements_go_into_a_stream_of_their_own(tmp_path: Path) -> None:
    """They are grouped there by fingerprint, with the time they took."""
    logging_lib.configure(service="ti-osn", environment="test", directory=tmp_path / "logs", console=False)
    try:
        engine = create_engine("sqlite://")
        ticks = iter(range(100))
        observe(engine, slow=1, monotonic=lambda: float(next(ticks)))
        with engine.connect() as connection:
            for value in range(3):
                connection.execute(text(f"SELECT {value}"))
        engine.dispose()
    finally:
        logging_lib.shutdown()
    (written,) = (tmp_path / "logs").glob("*.ndjson")
    store = tmp_path / "store"
    told = run_atalaia("ingest", str(written), "--pipeline", "request", "--store", str(store))
    assert "3 stored, 0 known already, 0 dropped, 0 dead-lettered" in told.stdout + told.stderr
    found = rows(store, "logs-sql.query-test", NamedMeasure("sec", Max("sql.duration.sec")), "sql.text")
    assert found == [{"sql.text": "SELECT ?", "sec": 1.0}]
