"""SQLAlchemy observed: what a request's record says of its statements, and the records of the slow ones."""

from __future__ import annotations

import asyncio
import itertools
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextvars import copy_context
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from logging_lib.errors import AtalaiaError
from logging_lib.flask import AtalaiaFlask
from logging_lib.request.facts import RequestFacts
from logging_lib.request.options import RequestOptions
from logging_lib.request.trace import RequestTrace
from logging_lib.sqlalchemy import observe
from logging_lib.values import Record
from tests.logging_lib.support import Lines, requests_of
from tests.servers import PostgresServer

SECRET = "Zq7s3cr3tX"  # noqa: S105 - planted, to be looked for


class Base(DeclarativeBase):
    """The tables of these tests."""


class Chamado(Base):
    """A ticket."""

    __tablename__ = "chamados"
    id: Mapped[int] = mapped_column(primary_key=True)
    titulo: Mapped[str]


@pytest.fixture
def database(postgresql: PostgresServer) -> str:
    """Return a database of the test's own."""
    return postgresql.create_database()


@pytest.fixture
def engine(postgresql: PostgresServer, database: str) -> Iterator[Engine]:
    """Return an observed engine with the table made."""
    engine = create_engine(postgresql.url(database))
    Base.metadata.create_all(engine)
    observe(engine, slow=0.2)
    yield engine
    engine.dispose()


def served(view: Callable[[], object], lines: Lines) -> Record:
    """Return the record of a request that runs a function."""
    app = Flask("t")

    @app.get("/chamados/<int:number>")
    def answer(number: int) -> str:
        view()
        return str(number)

    AtalaiaFlask(app)
    app.test_client().get("/chamados/7").get_data()
    return requests_of(lines())[-1]


def slow_ones(lines: Lines) -> list[Record]:
    """Return the records of slow statements."""
    return [record for record in lines() if record.get("event") == "sql.query"]


def request(path: str) -> RequestTrace:
    """Return the trace of a request that no framework serves."""
    return RequestTrace(RequestFacts("GET", path, "", "", "", "", "", "", "", ""), RequestOptions())


def traced(run: Callable[[], object], lines: Lines) -> Record:
    """Return the record of a request without a framework, in a context of its own."""
    trace = request("/")

    def serve() -> None:
        trace.bind()
        run()

    copy_context().run(serve)
    trace.finish("completed")
    return requests_of(lines())[-1]


def many_kinds_of_statements(engine: Engine) -> None:
    """Use the ORM, an executemany, a many-row insert with several batches, and plain text."""
    with Session(engine) as session:
        session.add_all([Chamado(titulo=f"chamado {number}") for number in range(2500)])
        session.flush()
        assert session.scalar(select(func.count()).select_from(Chamado)) == 2500
        session.commit()
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE chamados SET titulo = :titulo WHERE id = :id"),
            [{"id": number, "titulo": "x"} for number in range(1, 8)],
        )
        connection.execute(text("SELECT 1"))
        streamed = connection.execution_options(stream_results=True, yield_per=10)
        assert len(streamed.execute(select(Chamado.id)).all()) == 2500


def counted_by_the_server(postgresql: PostgresServer, database: str) -> int:
    """Return the executions in pg_stat_statements, but for transactions and the fetching from cursors."""
    with postgresql.connect(database) as connection:
        rows = connection.execute(
            "SELECT query, calls FROM pg_stat_statements JOIN pg_database d ON d.oid = dbid WHERE datname = %s",
            (database,),
        ).fetchall()
    beside = ("begin", "commit", "rollback", "fetch", "close", "select pg_stat_statements_reset")
    return sum(calls for query, calls in rows if not query.lower().startswith(beside))


def test_the_count_is_the_servers(engine: Engine, postgresql: PostgresServer, database: str, lines: Lines) -> None:
    """``db_queries`` is what pg_stat_statements counted, and ``db_time`` is part of the response's time."""
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_stat_statements_reset()"))
    record = served(lambda: many_kinds_of_statements(engine), lines)
    # 3 batches of at most 1,000 rows, the count, 7 updates, a SELECT 1 and the declared cursor.
    assert record["db_queries"] == counted_by_the_server(postgresql, database) == 13
    assert isinstance(record["db_time"], float)
    assert isinstance(record["response_time"], float)
    assert 0 < record["db_time"] <= record["response_time"]


def test_a_request_without_statements_has_no_numbers(engine: Engine, lines: Lines) -> None:
    """What an engine did before, outside of the request, is not the request's."""
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    record = served(lambda: None, lines)
    assert "db_queries" not in record
    assert "db_time" not in record


def test_a_slow_statement_is_told_without_its_values(engine: Engine, database: str, lines: Lines) -> None:
    """The record has shape, time, rows and request; neither bound nor written values."""

    def view() -> None:
        with engine.connect() as connection:
            chosen = f"SELECT id, pg_sleep(0.3), '{SECRET}'"
            where = "generate_series(1, 3) AS s(id) WHERE id = 2 OR 'a' = :v"
            connection.execute(text(f"{chosen} FROM {where}"), {"v": SECRET})

    request = served(view, lines)
    (record,) = slow_ones(lines)
    assert SECRET not in str(record)
    assert (record["level"], record["request_id"]) == ("WARNING", request["request_id"])
    sql = record["sql"]
    assert isinstance(sql, dict)
    duration = sql.pop("duration")
    assert isinstance(duration, dict)
    assert isinstance(duration["sec"], float)
    assert 0.3 <= duration["sec"] <= float(str(request["db_time"]))
    assert len(str(sql.pop("fingerprint"))) == 16
    assert sql == {
        "text": "SELECT id, pg_sleep(?), ? FROM generate_series(?) AS s(id) WHERE id = ? OR ? = ?",
        "operation": "SELECT",
        "calls": 1,
        "rows": 1,
        "system": "postgresql",
        "database": database,
        "endpoint": "/chamados/<int:number>",
    }


def test_a_failed_statement_counts(engine: Engine, lines: Lines) -> None:
    """One that the server refuses is counted; one that fails slowly is told; neither shows its parameters."""

    def view() -> None:
        with engine.connect() as connection:
            with pytest.raises(DBAPIError):
                connection.execute(text("SELECT 1 / (:n - 7)"), {"n": 7})
            connection.rollback()
            connection.execute(text("SET statement_timeout = 250"))
            connection.execute(text("SELECT pg_sleep(5), CAST(:v AS text)"), {"v": SECRET})

    request = served(view, lines)
    assert (request["status_code"], request["db_queries"]) == (500, 3)
    assert "QueryCanceled" in str(request["error_message"])
    assert SECRET not in str(lines())
    slow = [record["sql"] for record in slow_ones(lines)]
    (told,) = [sql for sql in slow if isinstance(sql, dict) and sql.get("error") == "QueryCanceled"]
    assert "rows" not in told


def test_a_failed_many_row_insert_is_told_whole(engine: Engine, lines: Lines) -> None:
    """SQLAlchemy's error has a statement cut in its middle, which could begin inside a value; ours does not."""
    slow = create_engine(engine.url)
    ticks = itertools.count()
    observe(slow, slow=0.5, monotonic=lambda: float(next(ticks)))
    columns = ", ".join(f"'{SECRET}' AS c{number}" for number in range(40))
    rows = [{"id": 1, "titulo": "a"}, {"id": 1, "titulo": "b"}]
    nested = f"(SELECT max(c0) FROM (SELECT {columns}) AS x)"  # noqa: S608 - ours
    insert = Chamado.__table__.insert().returning(text(nested))  # type: ignore[attr-defined] # a Table

    def run() -> None:
        with pytest.raises(DBAPIError), slow.begin() as connection:
            connection.execute(insert, rows)
        slow.dispose()

    assert traced(run, lines)["db_queries"] == 1
    assert SECRET not in str(lines())
    (record,) = slow_ones(lines)
    assert isinstance(record["sql"], dict)
    assert (record["sql"]["operation"], record["sql"]["error"]) == ("INSERT", "UniqueViolation")
    assert str(record["sql"]["text"]).startswith(
        "INSERT INTO chamados(id, titulo) VALUES (?) RETURNING (SELECT max(c0)"
    )


def test_several_engines_add_up(engine: Engine, lines: Lines, tmp_path: Path) -> None:
    """A request that asks two databases has the sum of both."""
    other = create_engine(f"sqlite:///{tmp_path / 'b.db'}")
    observe(other)

    def run() -> None:
        for each in (engine, other, other):
            with each.connect() as connection:
                connection.execute(text("SELECT 1"))
        other.dispose()

    assert traced(run, lines)["db_queries"] == 3


def test_requests_at_the_same_time_have_their_own(engine: Engine, lines: Lines) -> None:
    """Threads that share an engine's pool count each for the request it serves."""
    together = threading.Barrier(4)

    def serve(count: int) -> None:
        trace = request(f"/{count}")
        trace.bind()
        together.wait(60)
        for _ in range(count):
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        trace.finish("completed")

    threads = [threading.Thread(target=copy_context().run, args=(serve, count)) for count in (5, 10, 20, 40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = {record["path"]: record["db_queries"] for record in requests_of(lines())}
    assert told == {"/5": 5, "/10": 10, "/20": 20, "/40": 40}


def test_tasks_have_their_own(postgresql: PostgresServer, lines: Lines) -> None:
    """An ``AsyncEngine`` counts for the task's request while others run in between; the slow one is told with it."""
    engine = create_async_engine(postgresql.url())
    observe(engine, slow=0.2)

    async def serve(count: int) -> None:
        trace = request(f"/{count}")
        trace.bind()
        trace.endpoint = f"/{count}"
        async with engine.connect() as connection:
            for number in range(count):
                await connection.execute(text(f"SELECT pg_sleep({0.3 if (count, number) == (2, 1) else 0.01})"))
        trace.finish("completed")

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            for count in (2, 5, 9):
                group.create_task(serve(count))
        await engine.dispose()

    asyncio.run(main())
    told = {record["path"]: record for record in requests_of(lines())}
    assert {path: record["db_queries"] for path, record in told.items()} == {"/2": 2, "/5": 5, "/9": 9}
    assert all(0.01 <= float(str(record["db_time"])) <= float(str(record["response_time"])) for record in told.values())
    slow = [record["sql"] for record in slow_ones(lines)]  # on a busy machine there may be others
    assert "/2" in [sql["endpoint"] for sql in slow if isinstance(sql, dict)]


def test_one_fingerprint_is_not_told_without_end(lines: Lines) -> None:
    """Of one shape only so many a minute are written, and the next one after it says how many were not."""
    engine = create_engine("sqlite://")
    now = [0.0]

    def clock() -> float:
        now[0] += 0.25
        return now[0]

    observe(engine, slow=0.25, per_minute=2, monotonic=clock)
    with engine.connect() as connection:
        for number in range(5):
            connection.execute(text(f"SELECT {number}"))
        connection.execute(text("SELECT 1 AS a"))
        now[0] += 60
        connection.execute(text("SELECT 6"))
        connection.execute(text("SELECT 7"))
    engine.dispose()
    told = [record["sql"] for record in slow_ones(lines)]
    assert [(sql["text"], sql.get("held_back")) for sql in told if isinstance(sql, dict)] == [
        ("SELECT ?", None),
        ("SELECT ?", None),
        ("SELECT ? AS a", None),
        ("SELECT ?", 3),
        ("SELECT ?", None),
    ]


def test_none_is_slow_where_none_is_wanted(lines: Lines) -> None:
    """``slow=None`` counts, and writes nothing."""
    engine = create_engine("sqlite://")
    ticks = itertools.count()
    observe(engine, slow=None, monotonic=lambda: float(next(ticks)))

    def run() -> None:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        engine.dispose()

    record = traced(run, lines)
    assert (record["db_queries"], record["db_time"]) == (1, 1.0)
    assert slow_ones(lines) == []


def test_mistakes_are_refused() -> None:
    """Observing twice would count twice; a threshold of nothing would log everything."""
    engine = create_engine("postgresql+psycopg://ana:segredo@127.0.0.1/x")
    with pytest.raises(AtalaiaError, match="slow=0 is no time"):
        observe(engine, slow=0)
    with pytest.raises(AtalaiaError, match="per_minute=0"):
        observe(engine, per_minute=0)
    observe(engine)
    with pytest.raises(AtalaiaError, match="already observed") as refused:
        observe(engine)
    assert "segredo" not in str(refused.value)


def test_a_missing_package_is_named() -> None:
    """Without SQLAlchemy the error says what to install."""
    code = "import sys; sys.modules['sqlalchemy'] = None; import logging_lib.sqlalchemy"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "pip install 'atalaia[sqlalchemy]'" in ended.stderr
