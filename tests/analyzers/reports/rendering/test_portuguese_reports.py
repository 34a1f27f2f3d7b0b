"""The reports that the builders make, read in Portuguese: no English sentence of the whole product is left in them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from analyzers.language import language_of
from analyzers.reports.building import build_report
from analyzers.reports.document import Kind
from analyzers.reports.periods import parse_period
from analyzers.reports.question import Question, Sources, built_in
from analyzers.reports.rendering import render_text
from analyzers.store.memory.store import MemoryStore
from tests.analyzers.language.leftovers import english_only
from tests.analyzers.reports.weeks_data import ZONE, two_weeks

_MADE = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "key"), [(Kind.DAILY, "2024-03-25"), (Kind.WEEKLY, "2024-W13"), (Kind.MONTHLY, "2024-03")]
)
def test_no_english_is_left_in_a_report(kind: Kind, key: str) -> None:
    """Day, week and month of two weeks of requests, judged by the objectives built in; commands stay as they are."""
    question = Question(parse_period(kind, key), ZONE, built_in(ZONE), _MADE)
    made = build_report(Sources(MemoryStore(two_weeks())), question).report
    text = render_text(made, language_of("pt_BR", ZONE))
    names = {"memory", "slow"}  # of the store, of an argument
    said = re.sub(r"atalaia [a-z -]+|logging_lib\S*|ATALAIA_\S*|\S*/\S*", " ", text)
    assert {word for word in english_only() - names if re.search(rf"\b{word}\b", said)} == set()


def test_there_is_english_to_find() -> None:
    """The test above would find these: each is said in a report."""
    assert {"objectives", "missed", "Busiest", "hours", "measured", "availability"} <= english_only()
