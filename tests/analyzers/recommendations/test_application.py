"""Advice for the application and its cache, on numbers worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.store.document import Document, JsonValue
from tests.analyzers.recommendations.told import MIB, advised, requests, said, samples, statements, titles

CHILD = "SELECT c.a FROM c WHERE c.t_id = ?"


def test_statements_that_grow_with_the_rows() -> None:
    """/list: 30 requests with 4 statements, 10 with 40: median 4, p95 40, 520 in all; 20 s of 40 s in the database."""
    few = requests(30, "/list", 1.0, db_queries=4, db_time=0.5)
    many = requests(10, "/list", 1.0, db_queries=40, db_time=0.5)
    steady = requests(40, "/steady", 1.0, db_queries=40, db_time=0.9)
    (found,) = advised([*few, *many, *steady], "eager-loading").advice
    assert said(found.title) == "Load the rows of /list together"
    assert [said(each) for each in found.evidence] == [
        ("4 statements in a request at the median, 40 at the 95th percentile, 520 in 40 requests together"),
        "the database took 20.0 s of their 40.0 s: 50.00 %",
    ]
    assert said(found.gain).startswith("At most the 20.0 s in the database")
    assert "selectinload" in found.commands[0]


def test_a_shape_that_repeats_in_one_request_is_named() -> None:
    """A page that always sends 12 statements: in 5 requests one slow shape came 20 times, which is four in each."""
    page = requests(40, "/steady", 1.0, db_queries=12, db_time=0.5)
    slow = [each for number in range(5) for each in statements(
        4, CHILD, 0.6, sql__endpoint="/steady", http__request__id=f"r{number}")]  # fmt: skip
    (found,) = advised([*page, *slow], "eager-loading").advice
    assert said(found.evidence[-1]) == f"of the slow statements this one repeats: {CHILD}, 20 times in 5 requests"
    assert '"c" ("t_id")' in found.commands[0]


def test_endpoints_whose_statements_are_not_the_trouble() -> None:
    """Few statements, few requests, or little time in the database: nothing is advised."""
    few = requests(40, "/few", 1.0, db_queries=9, db_time=0.9)
    thin = [
        *requests(10, "/thin", 1.0, db_queries=1, db_time=0.9),
        *requests(9, "/thin", 1.0, db_queries=99, db_time=0.9),
    ]
    fast = [
        *requests(30, "/fast", 1.0, db_queries=1, db_time=0.05),
        *requests(9, "/fast", 1.0, db_queries=99, db_time=0.1),
    ]
    found = advised([*few, *thin, *fast], "eager-loading")
    assert (found.advice, found.unmeasured) == ((), ())


def test_uncounted_statements_are_unmeasured() -> None:
    """Without db_queries nobody knows, and what to switch on is said."""
    (gap,) = advised([*requests(40, "/a", 1.0)], "eager-loading").unmeasured
    assert gap.commands == ("logging_lib.sqlalchemy.observe(engine)",)


def shape(text: str, calls: int, milliseconds: float, rows: int) -> Iterator[Document]:
    """Yield a sample of one of the slowest shapes."""
    yield from sampled("query", calls, milliseconds, rows, postgresql__statement__query__text=text)


def sampled(scope: str, calls: int, milliseconds: float, rows: int, **more: JsonValue) -> Iterator[Document]:
    """Yield a sample of statements."""
    place = "postgresql__statement"
    fields: dict[str, JsonValue] = {f"{place}__scope": scope, f"{place}__operation": "SELECT"}
    fields |= {f"{place}__query__calls": calls, f"{place}__query__time__total__ms": milliseconds}
    yield from samples("postgresql.server", "statement", 1, **fields, **{f"{place}__query__rows": rows}, **more)


def test_a_read_that_is_repeated() -> None:
    """3,600 calls in an hour are one a second, 7,200 rows two for each; 30 s of 100 s are 30 %."""
    events = [*sampled("type", 10_000, 100_000.0, 9), *shape("SELECT a FROM settings", 3600, 30_000.0, 7200)]
    events += [*shape("SELECT often", 3600, 9_999.0, 1), *shape("SELECT seldom", 3599, 50_000.0, 1)]
    events += [*shape("SELECT much", 3600, 10_000.0, 3_600_001)]
    (found,) = advised(events, "repeated-reads").advice
    assert said(found.title) == "Keep the answers of a read that is repeated: SELECT a FROM settings"
    assert said(found.evidence[0]) == "executed 3,600 times, 60 a minute, with 2 rows on average"
    assert "30.00 % of the time of all statements" in said(found.evidence[1])
    assert "30.0 s of 100 s" in said(found.evidence[1])
    assert said(found.gain).startswith("At most 30.0 s, if all executions ask for the same")


def test_statements_without_their_extension_are_unmeasured() -> None:
    """The server was sampled and its statements were not: the extension is named."""
    (gap,) = advised([*samples("postgresql.server", "server", 1)], "repeated-reads").unmeasured
    assert gap.commands == ("CREATE EXTENSION pg_stat_statements;",)


def cache(**fields: int) -> Iterator[Document]:
    """Yield 20 samples of a Redis of 64 MiB."""
    memory = {"redis__info__memory__max__value": 64 * MIB, "redis__info__memory__used__value": 63 * MIB}
    yield from samples(
        "redis.server", "server", 20, **memory, **{f"redis__info__{key}": n for key, n in fields.items()}
    )


def test_a_cache_that_throws_out_keys_gets_twice_the_memory() -> None:
    """5 keys in each of 20 samples: 100; 64 MiB twice are 128."""
    (found,) = advised([*cache(interval__keys__evicted=5)], "redis-memory").advice
    assert found.commands == ("redis-cli CONFIG SET maxmemory 128mb", "redis-cli CONFIG REWRITE")
    assert said(found.evidence[0]).startswith("100 keys were thrown out for want of memory; it used at most 63.0 MiB")
    assert said(found.evidence[1]) == "unmeasured of 0 look-ups found their key"


def test_a_cache_that_seldom_has_it() -> None:
    """39 hits and 11 misses in each of 20 samples: 78 % of 1,000. At 80 % it does well enough."""
    (found,) = advised([*cache(interval__keyspace__hits=39, interval__keyspace__misses=11)], "redis-memory").advice
    assert said(found.evidence[0]) == "78.00 % of 1,000 look-ups found their key"
    assert said(found.gain).startswith("At most the 220 look-ups")
    assert advised([*cache(interval__keyspace__hits=40, interval__keyspace__misses=10)], "redis-memory").advice == ()


def test_no_cache_sampled_is_unmeasured() -> None:
    """Nothing is known of a Redis that nobody looks at."""
    assert [each.rule for each in advised([], "redis-memory").unmeasured] == ["redis-memory"]


def test_the_greater_share_of_peoples_time_comes_first() -> None:
    """Statements of 60 s for one index go before 20 s in the database of another endpoint."""
    few = requests(30, "/list", 1.0, db_queries=4, db_time=0.5)
    many = requests(10, "/list", 1.0, db_queries=40, db_time=0.5)
    slow = statements(20, "SELECT t.a FROM t WHERE t.b = ?", 1.5)
    found = advised([*few, *many, *slow], "eager-loading", "missing-index")
    assert titles(found.advice) == ['Index "t" on "b"', "Load the rows of /list together"]


def test_pages_that_are_mostly_template() -> None:
    """/list: 20 requests of 1 s, 0.5 s of each in templates: half. 29 % or 0.09 s are not worth a word, nor are 19."""
    slow = requests(20, "/list", 1.0, template_time=0.5)
    small = [*requests(20, "/less", 1.0, template_time=0.29), *requests(20, "/fast", 0.1, template_time=0.09)]
    (found,) = advised([*slow, *small, *requests(19, "/few", 1.0, template_time=0.9)], "slow-templates").advice
    assert said(found.title) == "Make the page of /list faster"
    assert said(found.evidence[0]) == "its templates took 10.0 s of the 20.0 s of 20 requests: 50.00 %"
    assert said(found.gain).startswith("At most 10.0 s")


def test_templates_that_nobody_timed_are_unmeasured() -> None:
    """Requests without the field say nothing of templates."""
    (gap,) = advised([*requests(40, "/a", 1.0)], "slow-templates").unmeasured
    assert gap.commands == ("AtalaiaFlask(app)",)


def test_a_cache_that_throws_out_and_misses_has_one_advice() -> None:
    """Keys that were thrown out explain the misses: more memory is advised, and no longer keeping beside it."""
    events = [*cache(interval__keys__evicted=5, interval__keyspace__hits=10, interval__keyspace__misses=90)]
    (found,) = advised(events, "redis-memory").advice
    assert found.commands[0] == "redis-cli CONFIG SET maxmemory 128mb"
