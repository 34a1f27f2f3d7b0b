"""The printed commands on a real PostgreSQL: accepted as they are, and of use."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import cast

import psycopg
import pytest

from analyzers.blocks import Advice
from analyzers.recommendations.indexes.missing_index import NAME
from tests.analyzers.recommendations.told import advised, statements
from tests.servers import PostgresServer

_SHAPES = {
    "SELECT chamado.id FROM chamado WHERE chamado.solicitante = ? AND chamado.aberto_em >= ?": (
        "SELECT chamado.id FROM chamado WHERE chamado.solicitante = 4711 AND chamado.aberto_em >= '2024-01-01'"
    ),
    'SELECT "chamado".id FROM chamado WHERE chamado."Código" = ?': (
        "SELECT chamado.id FROM chamado WHERE chamado.\"Código\" = 'c4711'"
    ),
    "SELECT comentario.id FROM comentario WHERE lower(comentario.autor) = ? AND comentario.apagado IS NULL": (
        "SELECT comentario.id FROM comentario WHERE lower(comentario.autor) = 'ana 4711' AND comentario.apagado IS NULL"
    ),
    "SELECT comentario.id FROM comentario WHERE comentario.chamado_id = ? ORDER BY comentario.em DESC LIMIT ?": (
        "SELECT comentario.id FROM comentario WHERE comentario.chamado_id = 4711 ORDER BY comentario.em DESC LIMIT 5"
    ),
}
_TABLES = """
    CREATE TABLE chamado AS SELECT n AS id, n % 20000 AS solicitante, 'c' || n AS "Código",
        timestamp '2024-01-01' + n * interval '1 minute' AS aberto_em FROM generate_series(1, 200000) n;
    CREATE TABLE comentario AS SELECT n AS id, n % 50000 AS chamado_id, 'Ana ' || n AS autor,
        NULL::timestamp AS apagado, timestamp '2024-01-01' + n * interval '1 minute' AS em
        FROM generate_series(1, 200000) n;
    ALTER TABLE chamado ADD PRIMARY KEY (id);
    ALTER TABLE comentario ADD PRIMARY KEY (id);
    ANALYZE;
"""


@pytest.fixture(scope="module")
def connection(postgresql: PostgresServer) -> Iterator[psycopg.Connection]:
    """Return a connection to a database with two tables of 200,000 rows."""
    with postgresql.connect(postgresql.create_database()) as opened:
        opened.execute(_TABLES)
        yield opened


def run(connection: psycopg.Connection, command: str) -> list[tuple[object, ...]]:
    """Run a command as a person would who copies it, and return what it gives."""
    cursor = connection.execute(command)
    while cursor.nextset():
        pass
    return cursor.fetchall() if cursor.description else []


def plan(connection: psycopg.Connection, statement: str) -> tuple[str, float]:
    """Return a statement's plan, and the least time that it took of five runs, in milliseconds."""
    runs = [run(connection, f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")[0][0] for _ in range(5)]
    return json.dumps(runs[0]), min(cast("list[dict[str, float]]", each)[0]["Execution Time"] for each in runs)


def advice() -> Sequence[Advice]:
    """Return what is advised when each shape was slow 20 times."""
    return advised([each for shape in _SHAPES for each in statements(20, shape, 1.0)], NAME).advice


def test_commands_make_a_scan_of_an_index(connection: psycopg.Connection) -> None:
    """Each statement scans its table of 200,000 rows; after our commands, run as printed, it does not and is faster."""
    before = {shape: plan(connection, real) for shape, real in _SHAPES.items()}
    assert all("Seq Scan" in told for told, _ in before.values())
    for each in advice():
        for command in each.commands:
            run(connection, command)
    after = {shape: plan(connection, real) for shape, real in _SHAPES.items()}
    for shape, (told, took) in after.items():
        assert "Seq Scan" not in told, shape
        assert "Index" in told, shape
        assert took < before[shape][1], shape


def test_the_printed_plan_is_that_of_the_shape(connection: psycopg.Connection) -> None:
    """The EXPLAIN among the commands, which knows no value, shows what PostgreSQL does now; nothing is left behind."""
    for each in advice():
        found = [run(connection, command) for command in each.commands if not command.startswith("CREATE INDEX")]
        assert any("Scan" in str(row) for rows in found for row in rows)
    assert run(connection, "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'atalaia%'") == [(0,)]
