"""Grouping, as people type it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from analyzers.selection import parse_dimensions
from analyzers.selection.errors import SelectionError
from analyzers.store.query import Calendar, CalendarUnit, Field, Network, QueryError, StatusClass
from analyzers.store.schema import load_schema

SCHEMA = load_schema("logs-web.request-*")
BERLIN = ZoneInfo("Europe/Berlin")


def test_the_bucket_comes_first_and_aliases_are_resolved() -> None:
    """Rows come in order of time, and under stored names."""
    found = parse_dimensions(["endpoint", "status_code"], "day", BERLIN, SCHEMA)
    assert found == (
        Calendar(CalendarUnit.DAY, "Europe/Berlin"),
        Field("http.route"),
        Field("http.response.status_code"),
    )


@pytest.mark.parametrize(
    ("by", "every", "complaint"),
    [
        (["endpoint", "http.route"], None, "twice"),
        (["@timestamp"], None, "--every"),
        (["message"], None, "cannot be grouped"),
        ([], "fortnight", "give one of"),
    ],
)
def test_refusals(by: list[str], every: str | None, complaint: str) -> None:
    """What cannot be grouped by is refused, and what to do instead is said."""
    with pytest.raises(SelectionError, match=complaint):
        parse_dimensions(by, every, BERLIN, SCHEMA)


def test_the_names_of_people() -> None:
    """Names mean stored fields, classes and networks; in the stream of statements an endpoint is another field."""
    by = ["user", "browser", "version", "status_class", "network", "service"]
    assert parse_dimensions(by, None, BERLIN, SCHEMA) == (
        Field("user.id"),
        Field("user_agent.name"),
        Field("service.version"),
        StatusClass(),
        Network(),
        Field("service.name"),
    )
    statements = load_schema("logs-sql.query-*")
    assert parse_dimensions(["endpoint", "query_type"], None, BERLIN, statements) == (
        Field("sql.endpoint"),
        Field("sql.operation"),
    )


def test_an_unknown_field_is_refused() -> None:
    """A misspelt field is answered with the right name."""
    with pytest.raises(QueryError, match="endpoint"):
        parse_dimensions(["endpont"], None, BERLIN, SCHEMA)
