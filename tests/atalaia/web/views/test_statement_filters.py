"""Filters of requests, said of slow statements; and what is worth looking at next."""

from __future__ import annotations

import pytest

from analyzers.fields import REQUEST_STREAM
from analyzers.selection import parse_where, print_where
from analyzers.store.query import EVERYTHING
from analyzers.store.schema import load_schema
from atalaia.web.views.dimensions import next_dimension
from atalaia.web.views.statement_filters import of_statements


def test_an_endpoint_is_that_of_the_statement() -> None:
    """What statements have under their own name is asked by it; what they have not is told, not dropped in silence."""
    found = of_statements(("endpoint = /login", "status_code >= 500", "user.id = 7"), ("sql.operation = SELECT",))
    assert print_where(found.where) == "sql.endpoint = /login and user.id = 7 and sql.operation = SELECT"
    assert found.unused == ("status_code >= 500",)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("endpoint = /a or endpoint = /b", "sql.endpoint = /a or sql.endpoint = /b"),
        ("not endpoint: /api*", "not sql.endpoint:/api*"),
        ("endpoint = /a or status_code = 500", None),
        ("endpoint = /a and method = GET", None),
    ],
)
def test_a_condition_is_said_whole_or_not_at_all(condition: str, said: str | None) -> None:
    """Half of an alternative would be another question."""
    found = of_statements((condition.replace("method", "http.request.method"),))
    assert (None if found.where == EVERYTHING else print_where(found.where)) == said


def test_a_settled_dimension_is_not_offered_next() -> None:
    """With an endpoint and a status chosen, the version is what is left; a range settles nothing."""
    schema = load_schema(REQUEST_STREAM)
    where = [parse_where(text, schema) for text in ("endpoint = /login", "status_code = 500")]
    assert next_dimension((), where, schema) == "version"
    assert next_dimension((), where[:1], schema) == "status"
    assert next_dimension(("status",), where[:1], schema) == "version"
    assert next_dimension((), [parse_where("status_code >= 500", schema)], schema) == "endpoint"
