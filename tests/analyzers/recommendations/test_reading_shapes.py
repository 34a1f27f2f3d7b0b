"""Which index a statement wants, read from its normalised shape."""

from __future__ import annotations

import pytest

from analyzers.recommendations.indexes.reading import wanted_by
from analyzers.recommendations.indexes.wanted import LONGEST_NAME, Key, Unreadable, Wanted
from logging_lib.sql.statements import describe_statement

_WANTED = {
    "equality, then the range that is ordered by": (
        "SELECT t.a FROM t WHERE t.at >= '2024-01-01' AND t.status = 'open' ORDER BY t.at DESC LIMIT 10",
        ['"t" ("status", "at")'],
    ),
    "a range goes before another order": (
        "SELECT a FROM t WHERE at > 5 AND s = 1 ORDER BY n LIMIT 3",
        ['"t" ("s", "at")'],
    ),
    "the order behind equality": ("SELECT a FROM t WHERE s = 1 ORDER BY at DESC, id DESC", ['"t" ("s", "at", "id")']),
    "a mixed order as it stands": (
        "SELECT a FROM t WHERE s = 1 ORDER BY at DESC, n",
        ['"t" ("s", "at" DESC, "n")'],
    ),
    "the place of nulls": (
        "SELECT a FROM t WHERE s = 1 ORDER BY at DESC NULLS LAST",
        ['"t" ("s", "at" DESC NULLS LAST)'],
    ),
    "a list keeps no order": ("SELECT a FROM t WHERE s IN (1, 2) ORDER BY at", ['"t" ("s")']),
    "an array is a list": ("SELECT a FROM t WHERE s = ANY(%(x)s) AND k = 4", ['"t" ("k", "s")']),
    "an order with a limit alone": ("SELECT a FROM t ORDER BY at DESC LIMIT 10", ['"t" ("at")']),
    "a name that the query gives is its column": (
        "SELECT t.at AS n FROM t WHERE t.k = 1 ORDER BY n",
        ['"t" ("k", "at")'],
    ),
    "an order by what is computed": ("SELECT a + b AS n FROM t WHERE t.k = 1 ORDER BY n", ['"t" ("k")']),
    "a value on the left": ("SELECT a FROM t WHERE 5 < x", ['"t" ("x")']),
    "between": ("SELECT a FROM t WHERE x BETWEEN 1 AND 9 AND k = 2", ['"t" ("k", "x")']),
    "lower": ("SELECT a FROM t WHERE lower(email) = 'x'", ['"t" (lower("email"))']),
    "nulls and flags make it partial": (
        "SELECT a FROM t WHERE k = 1 AND gone IS NULL AND live AND NOT hidden AND seen IS NOT NULL",
        ['"t" ("k") WHERE "gone" IS NULL AND "live" AND "seen" IS NOT NULL AND NOT "hidden"'],
    ),
    "no more than three columns": (
        "SELECT a FROM t WHERE b = 1 AND c = 2 AND d = 3 AND e = 4",
        ['"t" ("b", "c", "d")'],
    ),
    "names are folded, quoted ones kept": (
        'SELECT a FROM App.Ticket AS X WHERE x.Kind = 1 AND x."byWhom" = 2',
        ['"app"."ticket" ("kind", "byWhom")'],
    ),
    "the joined table by its key to the first": (
        "SELECT 1 FROM t JOIN c ON c.t_id = t.id WHERE t.k = 1 AND c.gone = 2",
        ['"t" ("k")', '"c" ("t_id", "gone")'],
    ),
    "the first by its key where only the other is asked for": (
        "SELECT 1 FROM t JOIN u ON u.id = t.u_id WHERE u.email = 'x'",
        ['"t" ("u_id")', '"u" ("email")'],
    ),
    "an outer join's condition chooses no row of the first": (
        "SELECT 1 FROM t LEFT JOIN c ON c.t_id = t.id AND t.x = 1 WHERE t.k = 2 AND c.id IS NULL",
        ['"t" ("k")', '"c" ("t_id")'],
    ),
    "an inner query has its own": (
        "SELECT 1 FROM t WHERE EXISTS (SELECT 1 FROM c WHERE c.t_id = t.id AND c.x = 2)",
        ['"c" ("t_id", "x")'],
    ),
    "a counted query": ("SELECT count(*) FROM (SELECT t.a FROM t WHERE t.b = 1) AS anon_1", ['"t" ("b")']),
    "a common table": (
        "WITH x AS (SELECT id FROM a WHERE s = 1) SELECT * FROM x JOIN b ON b.x_id = x.id",
        ['"a" ("s")', '"b" ("x_id")'],
    ),
    "both parts of a union": (
        "SELECT a FROM t WHERE x = 1 UNION ALL SELECT a FROM u WHERE y = 2",
        ['"t" ("x")', '"u" ("y")'],
    ),
    "an update": ("UPDATE t SET a = 1 WHERE b = 2", ['"t" ("b")']),
    "a deletion": ("DELETE FROM t WHERE at < now() - interval '30 days'", ['"t" ("at")']),
    "what an insertion reads": ("INSERT INTO u (a) SELECT t.a FROM t WHERE t.k = 2", ['"t" ("k")']),
    "SQLAlchemy's casts": (
        "SELECT t.a FROM t WHERE t.s = %(s_1)s::VARCHAR AND t.at >= %(at_1)s::TIMESTAMP WITH TIME ZONE",
        ['"t" ("s", "at")'],
    ),
}

_REFUSED = {
    "SELECT a FROM t WHERE id = 5": "primary key",
    "SELECT a FROM t WHERE Id = 5 AND k = 2": "primary key",
    "SELECT a FROM t WHERE t.id IN (1, 2)": "primary key",
    "SELECT a FROM t WHERE x = 1 OR y = 2": "by OR",
    "SELECT a FROM t WHERE name LIKE '%a%'": "wildcard",
    "SELECT a FROM t WHERE date_trunc('day', at) = '2024-01-01'": "function",
    "SELECT a FROM t WHERE k = (SELECT max(k) FROM t)": "another query",
    "SELECT a FROM t WHERE k <> 3": "B-tree",
    "SELECT a FROM t": "no column",
    "SELECT a FROM t ORDER BY at": "no column",
    "SELECT a FROM t ORDER BY id LIMIT 5": "no column",
    "SELECT 1 FROM t JOIN u ON t.a = u.b WHERE x = 1": "which table",
    "SELECT 1 FROM t FULL JOIN u ON t.a = u.b WHERE t.x = 1": "FULL JOIN",
    "SELECT 1 FROM pg_catalog.pg_class WHERE relname = 'x'": "catalog",
    "SELECT 1 FROM pg_class WHERE relname = 'x'": "catalog",
    "SELECT 1 FROM information_schema.columns WHERE table_name = 'x'": "catalog",
    "SELECT 1 FROM json_each(a) AS s WHERE s.x = 3": "B-tree",
    "SELECT a FROM t WHERE k = ALL (%(x)s)": "function",
    'SELECT 1 FROM t WHERE "a\nb" = 3': "cannot be shown",
    "INSERT INTO t (a) VALUES (1)": "looks nothing up",
    "UPDATE t SET a = 1": "every row",
    "DELETE FROM t USING u WHERE t.u_id = u.id": "another table",
    "SELECT a FROM t WHERE (": "could not be read",
    "SELECT a FROM t WHERE x = 'it''s": "only its beginning",
    "BEGIN": "neither",
    "SELECT 1; SELECT 2": "one statement",
    "": "one statement",
}  # fmt: skip


@pytest.mark.parametrize("case", _WANTED)
def test_the_index_that_a_statement_wants(case: str) -> None:
    """Equality first, then a range or the order; joins, inner queries and names as PostgreSQL sees them."""
    statement, expected = _WANTED[case]
    found = wanted_by(describe_statement(statement, "postgresql").text)
    assert [each.create.partition(" ON ")[2].removesuffix(";") for each in found] == expected


@pytest.mark.parametrize("statement", _REFUSED)
def test_what_cannot_be_read_is_refused_with_the_reason(statement: str) -> None:
    """No index is guessed: the remark says what stands in the way."""
    with pytest.raises(Unreadable, match=_REFUSED[statement]):
        wanted_by(describe_statement(statement, "postgresql").text)


def test_names_of_indexes_are_short_and_apart() -> None:
    """PostgreSQL cuts names at 63 bytes; what differs in rows or order only has another name."""
    long = Wanted(None, "t" * 60, (Key("column"),))
    partial = Wanted(None, "t", (Key("a"),), ('"b" IS NULL',))
    names = [each.name for each in (long, partial, Wanted(None, "t", (Key("a"),)))]
    assert len(set(names)) == len(names)
    assert all(len(name.encode()) <= LONGEST_NAME for name in names)


def test_an_index_serves_what_it_begins_with() -> None:
    """(a, b) serves (a), of the same rows of the same table only."""
    a, b = Key("a"), Key("b")
    wide = Wanted(None, "t", (a, b))
    assert wide.serves(Wanted(None, "t", (a,)))
    assert not wide.serves(Wanted(None, "t", (b,)))
    assert not wide.serves(Wanted(None, "u", (a,)))
    assert not wide.serves(Wanted(None, "t", (a,), ('"b" IS NULL',)))
