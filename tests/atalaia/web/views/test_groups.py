"""The table of a drill-down, of a few requests that can be counted by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from analyzers.blocks import Linked, Table
from analyzers.fields import HTTP_ROUTE
from analyzers.language import Message, english
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Field, Top, Window
from atalaia.web.asked import Question
from atalaia.web.views.groups import Grouping, groups_table, measure_groups
from tests.analyzers.events import request

NOON = datetime(2024, 1, 15, 12, tzinfo=UTC)
QUESTION = Question(Window(NOON - timedelta(hours=1), NOON))
MANY = {"/a": (1, 3), "/b": (6, 0), "/c": (2, 2), "/d": (1, 0)}
"""Route to good and failed requests: 15, five of which failed."""


def table(by: str) -> Table:
    """Return the two greatest routes and the rest."""
    seen = [
        request(NOON - timedelta(minutes=1), status, route=route)
        for route, (good, bad) in MANY.items()
        for status in [200] * good + [500] * bad
    ]
    grouping = Grouping("endpoint", Field(HTTP_ROUTE), Top(2, by), "status")
    return groups_table(measure_groups(MemoryStore(seen), QUESTION, grouping), QUESTION, grouping, 15)


def shown(table: Table) -> list[tuple[object, ...]]:
    """Return the rows up to the rate of errors, without their links."""
    cells = [[each.value if isinstance(each, Linked) else each for each in row[:5]] for row in table.rows]
    return [tuple(english(each) if isinstance(each, Message) else each for each in row) for row in cells]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("requests", [("/b", 6, 6 / 15, 0, 0.0), ("/a", 4, 4 / 15, 3, 3 / 4), ("2 others", 5, 5 / 15, 2, 2 / 5)]),
        ("errors", [("/a", 4, 4 / 15, 3, 3 / 4), ("/c", 4, 4 / 15, 2, 2 / 4), ("2 others", 7, 7 / 15, 0, 0.0)]),
    ],
)
def test_the_greatest_is_first_and_the_rest_last(by: str, expected: list[tuple[object, ...]]) -> None:
    """Requests, their share of all, errors and their rate of each; the rest has those of both others together."""
    assert shown(table(by)) == expected


def test_what_the_ranking_was_by_is_said() -> None:
    """Below the table, where others are put together."""
    note = table("errors").note
    assert note is not None
    assert english(note) == "The 2 greatest by errors; all others are measured together."
