"""What an explanation shows on a page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction

import pytest

from analyzers.explanation import ExplainRequest, explain
from analyzers.fields import RESPONSE_TIME
from analyzers.language import language_of
from analyzers.reports.rendering.shown import Speaker
from analyzers.store.document import Document, JsonValue
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Range, Window
from analyzers.store.zones import load_zone
from atalaia.web.views.explained import statements_table
from tests.analyzers.events import at

START = at("2026-03-12T10:00:00Z")


@pytest.mark.parametrize(
    ("weeks", "usual", "said"),
    [(1, "nova", "took 30.0 s, new: none in the weeks before: DELETE t"), (0, "não medido", "took 30.0 s: DELETE t")],
)
def test_a_statement_that_no_week_before_had_is_new_and_has_no_usual_time(weeks: int, usual: str, said: str) -> None:
    """Absent is not zero: a new statement is called new, and where no week was looked at, nothing is measured."""
    sql: dict[str, JsonValue] = {"operation": "DELETE", "text": "DELETE t", "endpoint": "/a", "duration": {"sec": 30.0}}
    slow = Document("logs-sql.query-production", "new", {"@timestamp": START.isoformat(), "sql": sql})
    store = MemoryStore([*_visits(START, 3.0), *_visits(START - timedelta(days=7), 0.1), slow])
    hour = Window(START, START + timedelta(hours=1))
    request = ExplainRequest(hour, Range(RESPONSE_TIME, gte=2.0), target=Fraction(95, 100), weeks=weeks)
    found = explain(store, request)
    table, speaker = statements_table(found), Speaker(language_of("pt_BR", load_zone("UTC")))
    assert speaker.cell(table.rows[0][-1], table.headings[-1].unit).text == usual
    assert any(line.endswith(said) for line in found.sentences)


def _visits(when: datetime, seconds: float) -> Iterator[Document]:
    for number in range(100):
        body: dict[str, JsonValue] = {
            "@timestamp": (when + timedelta(milliseconds=number)).isoformat(),
            "http": {"route": "/a", "response": {"status_code": 200}},
            "response_time": seconds,
        }
        yield Document("logs-web.request-production", f"{when} {number}", body)
