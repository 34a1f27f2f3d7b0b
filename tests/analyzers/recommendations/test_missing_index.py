"""Indexes advised from recorded slow statements, on numbers worked out by hand."""

from __future__ import annotations

from analyzers.recommendations.indexes.missing_index import MOST_ADVICE, NAME
from analyzers.store.query import Equals
from tests.analyzers.recommendations.told import advised, requests, said, statements, titles

BY_STATUS = "SELECT t.a FROM t WHERE t.status = ?"
BY_BOTH = "SELECT t.a FROM t WHERE t.status = ? AND t.at > ?"


def _by_b(table: str) -> str:
    return f"SELECT a FROM {table} WHERE b = ?"  # noqa: S608 - it is never run


def test_evidence_has_its_numbers() -> None:
    """20 statements of 1.5 s, 10 held back, beside 10 s of others: 30 s of 40 s, which is 75 %."""
    events = [
        *statements(20, BY_STATUS, 1.5, sql__rows=3, sql__held_back=None),
        *statements(1, BY_STATUS, 0.0, sql__held_back=10, sql__rows=3),
        *statements(10, "SELECT u.a FROM u WHERE u.id = ?", 1.0),
    ]
    (found,) = advised(events, NAME).advice
    assert said(found.title) == 'Index "t" on "status"'
    assert [said(each) for each in found.evidence] == [
        "1 shape of statements took 30.0 s, 75.00 % of the 40.0 s of all slow statements recorded",
        f"{BY_STATUS}: recorded 21 times, held back 10 times; the slowest took 1.50 s; it gave 3 rows on average",
    ]
    assert said(found.gain).startswith("At most 30.0 s of 40.0 s")
    assert found.commands[-1] == 'CREATE INDEX CONCURRENTLY "ix_t_status" ON "t" ("status");'


def test_what_one_index_serves_is_one_advice() -> None:
    """(status) is what (status, at) begins with: the wider one is advised, with the time of both."""
    events = [*statements(20, BY_STATUS, 1.0), *statements(20, BY_BOTH, 2.0)]
    (found,) = advised(events, NAME).advice
    assert said(found.title) == 'Index "t" on "status", "at"'
    assert said(found.evidence[0]).startswith("2 shapes of statements took 60.0 s, 100.00 %")


def test_the_greatest_gain_comes_first_and_not_all_at_once() -> None:
    """Seven indexes could help: the five whose statements took longest are advised, the rest is said to be left out."""
    events = [each for number in range(7) for each in statements(20, _by_b(f"t{number}"), 1.0 + number)]
    found = advised(events, NAME)
    assert titles(found.advice) == [f'Index "t{number}" on "b"' for number in (6, 5, 4, 3, 2)]
    assert len(found.advice) == MOST_ADVICE
    assert [said(each.text) for each in found.remarks] == [
        "2 further indexes are left out: make these first, and look again"
    ]


def test_thin_data_and_small_shares_say_nothing() -> None:
    """19 statements are too few; 20 that took less than a hundredth of all the time are not worth an index."""
    many = [*statements(30, "SELECT a FROM u WHERE id = ?", 100.0), *statements(20, BY_STATUS, 1.0)]
    assert advised(many, NAME).advice == ()
    few = advised([*statements(19, BY_STATUS, 1.0)], NAME)
    assert (few.advice, few.unmeasured) == ((), ())


def test_what_cannot_be_read_is_told() -> None:
    """A condition by OR, and another kind of server: named with the time they took and why."""
    either = "SELECT a FROM t WHERE b = ? OR c = ?"
    events = [
        *statements(20, either, 1.0),
        *statements(20, "SELECT a FROM m WHERE b = ?", 2.0, sql__system="mysql"),
    ]
    found = advised(events, NAME)
    assert found.advice == ()
    assert [said(each.text) for each in found.remarks] == [
        "no index for SELECT a FROM m WHERE b = ? (40.0 s recorded): only PostgreSQL's statements are read",
        f"no index for {either} (20.0 s recorded): it joins conditions by OR, which no single index serves",
    ]


def test_nothing_recorded_is_unmeasured() -> None:
    """Requests alone tell nothing of statements: what to switch on is said."""
    found = advised([*requests(50, "/a", 0.1)], NAME)
    assert found.advice == ()
    (gap,) = found.unmeasured
    assert "no slow statement was recorded" in said(gap.why)
    assert gap.commands == ("logging_lib.sqlalchemy.observe(engine, slow=0.5)",)


def test_statements_are_narrowed_as_their_requests_are() -> None:
    """A condition on the endpoint holds for the statements of its requests, too."""
    events = [
        *statements(20, BY_STATUS, 1.0, sql__endpoint="/a"),
        *statements(20, "SELECT a FROM u WHERE b = ?", 1.0, sql__endpoint="/b"),
    ]
    found = advised(events, NAME, where=Equals("http.route", "/b"))
    assert titles(found.advice) == ['Index "u" on "b"']
