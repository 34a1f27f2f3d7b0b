"""The reports that the builders make, read in Portuguese: no English sentence of the whole product is left in them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from analyzers.language import language_of
from analyzers.language.catalogs import catalog_of
from analyzers.reports.building import build_report
from analyzers.reports.document import Kind
from analyzers.reports.periods import parse_period
from analyzers.reports.question import Question, Sources, built_in
from analyzers.reports.rendering import render_text
from analyzers.store.memory.store import MemoryStore
from tests.analyzers.language.collecting import collected
from tests.analyzers.reports.weeks_data import ZONE, two_weeks

_LEAST = 4
_MADE = datetime(2024, 5, 1, tzinfo=UTC)


def words(text: str) -> set[str]:
    """Return the words of a sentence, its values taken out."""
    found = re.findall(r"[^\W\d_]+", re.sub(r"\{\w*\}", " ", text))
    return {word for word in found if len(word) >= _LEAST}


def english_only() -> set[str]:
    """Return the words of our English sentences that no Portuguese one has: ``status`` and ``backup`` are both's."""
    catalog = catalog_of("pt_BR")
    both = {word for text in catalog.single.values() for word in words(text)}
    both |= {word for forms in catalog.plurals.values() for text in forms for word in words(text)}
    sentences = (each for text in collected() for each in ((text,) if isinstance(text, str) else text))
    return {word for text in sentences for word in words(text)} - both


@pytest.mark.parametrize(
    ("kind", "key"), [(Kind.DAILY, "2024-03-25"), (Kind.WEEKLY, "2024-W13"), (Kind.MONTHLY, "2024-03")]
)
def test_no_english_is_left_in_a_report(kind: Kind, key: str) -> None:
    """Day, week and month of two weeks of requests; names of objectives and commands stay as they are."""
    question = Question(parse_period(kind, key), ZONE, built_in(ZONE), _MADE)
    made = build_report(Sources(MemoryStore(two_weeks())), question).report
    text = render_text(made, language_of("pt_BR", ZONE))
    names = {"availability", "latency", "error", "rate", "memory", "slow"}  # of objectives, the store, an argument
    said = re.sub(r"atalaia [a-z -]+|logging_lib\S*|ATALAIA_\S*|\S*/\S*", " ", text)
    assert {word for word in english_only() - names if re.search(rf"\b{word}\b", said)} == set()


def test_there_is_english_to_find() -> None:
    """The test above would find these: each is said in a report."""
    assert {"objectives", "missed", "Busiest", "hours", "measured"} <= english_only()
