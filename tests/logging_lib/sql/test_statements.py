"""The shape of a statement: equal for statements that differ in values only, and without any value."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logging_lib.sql.statements import MAX_READ, MAX_TEXT, describe_statement
from logging_lib.sql.tokens import CUT
from tests.servers import PostgresServer

SECRET = "Zq7s3cr3tX"  # noqa: S105 - planted, to be looked for

# Each writes any text as a string literal of that server, by the rules of its manual.
Quoting: TypeAlias = Callable[[str], str]
QUOTINGS: dict[str, list[Quoting]] = {
    "postgresql": [
        lambda text: "'" + text.replace("'", "''") + "'",
        lambda text: "E'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'",
        lambda text: "e'" + text.replace("\\", "\\\\").replace("'", "''") + "'",
        lambda text: f"$etiqueta_1${text.replace('$', '')}$etiqueta_1$",
        lambda text: f"$${text.replace('$', '')}$$",
        lambda text: "U&'" + text.replace("\\", "\\\\").replace("'", "''") + "'",
    ],
    "mysql": [
        lambda text: "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'",
        lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"',
        lambda text: "'" + text.replace("\\", "\\\\").replace("'", "''") + "'",
        lambda text: "_utf8mb4'" + text.replace("\\", "\\\\").replace("'", "''") + "'",
    ],
    "sqlite": [
        lambda text: "'" + text.replace("'", "''") + "'",
        lambda text: '"' + text.replace('"', '""') + '"',
    ],
    "mssql": [lambda text: "N'" + text.replace("'", "''") + "'"],
    "oracle": [
        lambda text: "'" + text.replace("'", "''") + "'",
        lambda text: f"q'[{text.replace(']', '')}]'",
        lambda text: f"nq'|{text.replace('|', '')}|'",
    ],
    "snowflake": [
        lambda text: "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'",
        lambda text: f"$${text.replace('$', '')}$$",
    ],
}
# What may stand before and after a literal, whole tokens of every one of these servers.
PIECES = {
    "": [
        "SELECT", "a", "t.b", "FROM", "chamados", "WHERE", "x =", ",", "(", ")", "IN (1, 2)", "= 3.5e-7", "LIKE", "||",
        "-- d'água\n", "/* it's */", "/**/", "'outro'", "''", "%(senha)s", "%s", ":nome", "?", "- -1", "<> 0x1F", "* /",
        "açúcar", "\n", "\t", ";", "'C:\\\\dir'", "a.b.c", "e", "n", "q", "E1", "%", "%%", "@v",
    ],
    "postgresql": [
        '"Nome d\'água"', "$1", "::text", "a[1:2]", "E'\\''", "E'a\\\\'", "$$it's$$", "$x$ $$ ' $x$", "x'1F'", "b'01'",
        "data ? 'chave'", "->> 'k'", "a$b$c", "é$x$", "1::int", "U&'\\0061'", "#>", "@>", "`", 'U&"\\0061"',
        "$2::int[]", "/* a /* d'água */ */", "-- d'água\r",
    ],
    "mysql": [
        "`d'água`", "# d'água\n", '"a\'b"', "1--'x'", "-- '\n", "'\\\\'", "'\\n'", "x'1F'", "`a``b'`",
        "/*! 1 */",
    ],
    "sqlite": ["[d'água]", "`d'água`", '"d\'água"', "x'1F'", "?1", "$nome"],
    "mssql": ["[d'água]", '"d\'água"', "[a]]b']", "@p1", "N'x'"],
    "oracle": ['"d\'água"', ":1", "q'x"],
    "snowflake": ['"d\'água"', "$1", "q'"],
}  # fmt: skip


def contents() -> st.SearchStrategy[str]:
    """Return texts with the secret in them, and everything around it that could end a literal too early."""
    nasty = st.sampled_from([
        "'", "''", '"', "\\", "\\'", "$", "$$", "--", "/*", "*/", "#", "\n", "\r", "`", "[", "]", "%s", "é", " ",
        "1", ";",
    ])  # fmt: skip
    around = st.lists(nasty, max_size=4).map("".join)
    return st.tuples(around, around).map(lambda parts: parts[0] + SECRET + parts[1])


@st.composite
def planted(draw: st.DrawFn) -> tuple[str, str]:
    """Return a server and a statement with the secret as a literal somewhere in it."""
    system = draw(st.sampled_from(sorted(QUOTINGS)))
    pieces = st.lists(st.sampled_from(PIECES[""] + PIECES[system]), max_size=8).map(" ".join)
    literal = draw(st.sampled_from(QUOTINGS[system]))(draw(contents()))
    glue = draw(st.sampled_from(["", " "]))
    return system, f"{draw(pieces)}{' ' if glue else ' ='}{literal}{glue}{draw(pieces)}"


@settings(deadline=None)
@given(planted())
def test_no_literal_is_told(case: tuple[str, str]) -> None:
    """A string planted anywhere, in any quoting of the server, is not in the text, whatever stands around it."""
    system, sql = case
    assert SECRET not in describe_statement(sql, system).text


@settings(deadline=None)
@given(planted(), st.sampled_from(["", "duckdb"]))
def test_less_is_told_of_an_unknown_server(case: tuple[str, str], system: str) -> None:
    """Where the dialect is not known, standard strings of any kind still are not told."""
    sql = case[1]
    if case[0] in {"sqlite", "mssql"}:
        assert SECRET not in describe_statement(sql, system).text


@settings(deadline=None)
@given(st.integers(min_value=10**6), st.sampled_from(["{}", "-{}", "{}.5", ".{}", "1e{}", "0x{}", "x'{}'", "{}_000"]))
def test_no_number_is_told(number: int, form: str) -> None:
    """Numbers in every notation are values too."""
    for system in QUOTINGS:
        where = f"b3={form.format(number)} OR c4 < ALL(d)"
        text = describe_statement(f"SELECT a1 FROM t2 WHERE {where}", system).text  # noqa: S608 - nobody runs it
        assert str(number) not in text
        assert text.startswith("SELECT a1 FROM t2 WHERE b3 =")


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_a_shape(sql: str) -> None:
    """Whatever is sent as a statement gives a text within its bound, and always the same fingerprint."""
    for system in ("postgresql", "mysql", ""):
        shape = describe_statement(sql, system)
        assert len(shape.text) <= MAX_TEXT
        assert shape == describe_statement(sql, system)
        assert len(shape.fingerprint) == 16


@settings(deadline=None)
@given(contents().filter(lambda text: "\x00" not in text), st.sampled_from(range(6)))
def test_the_quotings_are_postgresqls(postgresql: PostgresServer, content: str, quoting: int) -> None:
    """PostgreSQL itself reads these literals as one string: the property above tests what it says."""
    literal = QUOTINGS["postgresql"][quoting](content)
    with postgresql.connect() as connection:
        row = connection.execute(f"SELECT {literal}".encode()).fetchone()
    assert row is not None
    assert SECRET in row[0]


@pytest.mark.parametrize(
    "other",
    [
        "select  A, b from T where x in (7,8,9,10) and y = 'outro'",
        "SELECT a, b FROM t /* de: relatório */ WHERE x IN (-1) AND y = $$z$$ -- fim",
        "SELECT a, b FROM t WHERE x IN (%(x_1)s::INTEGER, %(x_2)s::INTEGER) AND y = %(y_1)s::VARCHAR;",
        "SELECT a, b FROM t WHERE x IN (NULL, $1::INTEGER[], 3) AND y = $2::TIMESTAMP WITH TIME ZONE",
        "SELECT a,b FROM t WHERE x IN(1,2)AND y='a' 'b'",
    ],
)
def test_statements_of_one_shape_have_one_fingerprint(other: str) -> None:
    """Values, lists, casts of values, comments, spaces and case make no difference."""
    first = describe_statement("SELECT a, b FROM t WHERE x IN (1, 2) AND y = 'um'", "postgresql")
    assert first.text == "SELECT a, b FROM t WHERE x IN (?) AND y = ?"
    assert describe_statement(other, "postgresql").fingerprint == first.fingerprint


@pytest.mark.parametrize(
    "other",
    [
        "SELECT a, b FROM t WHERE x = 1",
        "SELECT a, c FROM t WHERE x IN (1)",
        "SELECT a, b FROM t WHERE x IN (SELECT 1)",
        'SELECT a, b FROM "t u" WHERE x IN (1)',
        "SELECT a, b::text FROM t WHERE x IN (1)",
    ],
)
def test_statements_of_other_shapes_have_others(other: str) -> None:
    """Names, operators and casts of columns do make a difference."""
    first = describe_statement("SELECT a, b FROM t WHERE x IN (1)", "postgresql")
    assert describe_statement(other, "postgresql").fingerprint != first.fingerprint


def test_the_fingerprint_is_the_same_everywhere() -> None:
    """It rests on the shape alone: BLAKE2b, 8 bytes, of the tokens with a space between, in small letters."""
    # printf 'select a from t where x = ?' | b2sum -l 64
    assert describe_statement("SELECT a FROM t WHERE x=1", "sqlite").fingerprint == "e47cff16038b305a"


@pytest.mark.parametrize(
    ("sql", "operation"),
    [
        ("select 1", "SELECT"),
        ("/* x */ (SELECT 1) UNION (SELECT 2)", "SELECT"),
        ("INSERT INTO t SELECT * FROM u", "INSERT"),
        ("WITH x AS (SELECT 1), y AS (DELETE FROM u RETURNING a) UPDATE t SET a = 1", "UPDATE"),
        ("WITH RECURSIVE x(n) AS (VALUES (1) UNION ALL SELECT n FROM x) DELETE FROM t", "DELETE"),
        ("with x as (insert into t values (1) returning a) select * from x", "SELECT"),
        ("EXPLAIN SELECT 1", "other"),
        ("COPY t FROM STDIN", "other"),
        ("TRUNCATE t", "other"),
        ("", "other"),
    ],
)
def test_the_operation_is_the_main_verb(sql: str, operation: str) -> None:
    """Comments and brackets before it do not count, nor do the queries of a WITH."""
    assert describe_statement(sql, "postgresql").operation == operation


def test_a_doubtful_string_ends_the_text() -> None:
    """A backslash before a quote ends the string for some servers only; nothing behind it is told."""
    for system in ("postgresql", "mysql", ""):
        assert describe_statement("SELECT 'a\\' , b FROM t", system).text == f"SELECT {CUT}"


def test_a_comment_that_ends_early_for_some_ends_the_text() -> None:
    """PostgreSQL ends a line comment at a carriage return, MySQL does not: what follows may be within a string."""
    sql = f"SELECT 1 -- a\r, 'b\n{SECRET}'"
    for system in ("postgresql", "mysql", ""):
        assert describe_statement(sql, system).text == f"SELECT ? {CUT}"


def test_a_long_list_of_rows_has_the_fingerprint_of_a_longer_one() -> None:
    """Beyond what is read of a statement, its length makes no difference; the text says that it is not whole."""
    begin = "INSERT INTO t(a, b) VALUES "
    shapes = [
        describe_statement(begin + ", ".join(["(1, 'x')"] * rows), "sqlite")
        for rows in (MAX_READ // 8, MAX_READ // 7, MAX_READ)
    ]
    assert {shape.text for shape in shapes} == {f"{begin}(?) {CUT}"}
    assert len({shape.fingerprint for shape in shapes}) == 1
