"""The filter language: what it means, and what it refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.selection import parse_where, print_where
from analyzers.selection.errors import SelectionError
from analyzers.store.memory.event import Event
from analyzers.store.memory.predicates import holds
from analyzers.store.query import (
    EVERYTHING,
    And,
    Contains,
    Equals,
    Exists,
    In,
    InNetwork,
    Not,
    Or,
    Predicate,
    Prefix,
    QueryError,
    Range,
    Words,
)
from analyzers.store.schema import load_schema
from tests.analyzers.events import at, request

SCHEMA = load_schema("logs-web.request-*")
STATUS, ROUTE, LEVEL = "http.response.status_code", "http.route", "log.level"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", EVERYTHING),
        (" * ", EVERYTHING),
        ("status_code = 500", Equals(STATUS, 500)),
        ("status_code==500", Equals(STATUS, 500)),
        ("http.response.status_code:500", Equals(STATUS, 500)),
        ("status_code != 200", Not(Equals(STATUS, 200))),
        ("response_time > .5", Range("response_time", gt=0.5)),
        ("status_code <= 299", Range(STATUS, lte=299)),
        ("endpoint: /api*", Prefix(ROUTE, "/api")),
        ('endpoint: "/api /x"*', Prefix(ROUTE, "/api /x")),
        ("user_id:*", Exists("user.id")),
        ('endpoint: "*"', Equals(ROUTE, "*")),
        ("level in (INFO, 'not in')", In(LEVEL, ("INFO", "not in"))),
        ("level NOT IN (INFO)", Not(In(LEVEL, ("INFO",)))),
        ('message ~ "time out"', Words("message", "time out")),
        ("message!~timeout and url.path ~ /api", And((Not(Words("message", "timeout")), Contains("url.path", "/api")))),
        ("endpoint = /~ana", Equals(ROUTE, "/~ana")),
        ("status_code:(500 or 503)", In(STATUS, (500, 503))),
        ("level: and", Equals(LEVEL, "and")),
        (r'endpoint = "a\"b\\c"', Equals(ROUTE, 'a"b\\c')),
        ("ip_address = 2001:db8::1", None),
        ('ip_address = "2001:DB8::1"', Equals("client.ip", "2001:db8::1")),
        ("client.ip = 10.0.0.0/8", InNetwork("client.ip", "10.0.0.0/8")),
        ('ip_address != "2001:DB8::/32"', Not(InNetwork("client.ip", "2001:db8::/32"))),
        ("ip_address:203.0.113.0/24", InNetwork("client.ip", "203.0.113.0/24")),
        (
            "client.ip in (10.0.0.1, 10.1.0.0/16)",
            Or((In("client.ip", ("10.0.0.1",)), InNetwork("client.ip", "10.1.0.0/16"))),
        ),
        (
            "level=a and level=b or not level=c",
            Or((And((Equals(LEVEL, "a"), Equals(LEVEL, "b"))), Not(Equals(LEVEL, "c")))),
        ),
        ("level=a and (level=b or level=c)", And((Equals(LEVEL, "a"), Or((Equals(LEVEL, "b"), Equals(LEVEL, "c")))))),
    ],
)
def test_meaning(text: str, meant: Predicate | None) -> None:
    """Each form means the predicate written beside it; ``None`` is refused (a colon must be quoted)."""
    if meant is None:
        with pytest.raises(SelectionError):
            parse_where(text, SCHEMA)
    else:
        assert parse_where(text, SCHEMA) == meant


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("status_code >=", "ends too early"),
        ("status_code = 5xx", "not a whole number.*at character 15"),
        ("status_code = 500.0", "not a whole number"),
        ("response_time < fast", "not a number"),
        ("response_time < 1e999", "not a number"),
        ("level > INFO", "no order.*at character 9"),
        ("level = IN*", "not a prefix"),
        ("status_code: 5*", "no prefixes"),
        ("@timestamp > 3", "date field"),
        ("message = x", "text field"),
        ("status_code ~ 5", "not searched by text at character 15"),
        ("ip_address = 300.1.1.1", "not an IP address"),
        ("ip_address = 10.0.0.1/24", "host bits set.*at character 14"),
        ("endpoint = 10.0.0.0/24 and ip_address > 10.0.0.0/24", "no order"),
        ('level = "open', "at character 9"),
        ("level = a b", "at character 11"),
        ("(level = a", "ends too early"),
        (r'level = "\x"', "not an escape"),
    ],
)
def test_refusals_say_where(text: str, complaint: str) -> None:
    """What cannot be meant is refused with its place and reason."""
    with pytest.raises(SelectionError, match=complaint):
        parse_where(text, SCHEMA)


def test_an_unknown_field_suggests_the_nearest() -> None:
    """A misspelt field is answered with the right name."""
    with pytest.raises(QueryError, match="status_code"):
        parse_where("statuscode = 500", SCHEMA)


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=8)
LEAVES: st.SearchStrategy[Predicate] = st.one_of(
    st.builds(Equals, st.just(ROUTE), TEXTS | st.sampled_from(["and", "*", 'a"b', "back\\slash", "line\nfeed", ""])),
    st.builds(Equals, st.just(STATUS), st.integers(-(2**15), 2**15)),
    st.builds(Prefix, st.just(ROUTE), TEXTS),
    st.builds(Contains, st.just(ROUTE), TEXTS),
    st.builds(Words, st.just("message"), TEXTS),
    st.builds(InNetwork, st.just("client.ip"), st.sampled_from(["10.0.0.0/8", "2001:db8::/48", "0.0.0.0/0"])),
    st.builds(Exists, st.sampled_from([ROUTE, STATUS, "response_time"])),
    st.builds(In, st.just(STATUS), st.lists(st.integers(100, 599), min_size=1, max_size=3).map(tuple)),
    st.builds(lambda value: Range("response_time", lt=value), st.floats(allow_nan=False, allow_infinity=False)),
    st.builds(lambda value: Range(STATUS, gte=value), st.integers(100, 599)),
)
PREDICATES: st.SearchStrategy[Predicate] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Not, inner),
    ),
    max_leaves=8,
)


@given(PREDICATES)
def test_a_printed_predicate_is_read_back(predicate: Predicate) -> None:
    """Printing and reading again gives the very same predicate."""
    assert parse_where(print_where(predicate), SCHEMA) == predicate


@given(st.integers(100, 599), st.integers(100, 599), st.sampled_from([200, 404, 500]))
def test_predicates_without_a_form_of_their_own_keep_their_meaning(low: int, high: int, status: int) -> None:
    """Ranges with two bounds and empty or single combinations print as something equivalent."""
    event = Event.of(request(at("2024-01-15T10:00:00Z"), status))
    both = Range(STATUS, gte=low, lt=high)
    for predicate in (both, Not(both), Or((both, Or(()))), And((Or((both,)), EVERYTHING)), In(STATUS, ()), Not(Or(()))):
        assert holds(parse_where(print_where(predicate), SCHEMA), event) == holds(predicate, event)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever is typed gives a predicate or one of our own errors, never another exception."""
    try:
        parse_where(text, SCHEMA)
    except (SelectionError, QueryError) as error:
        assert error.message  # noqa: PT017  # both outcomes are right, and neither may be anything else
