"""What could not be judged, in a report of nothing but requests: each remedy once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from analyzers.blocks import Prose
from analyzers.language import english, language_of
from analyzers.recommendations import RULES
from analyzers.reports.building import build_report
from analyzers.reports.document import Kind, Report
from analyzers.reports.periods import parse_period
from analyzers.reports.question import Question, Sources, built_in
from analyzers.reports.rendering import Envelope, render_html, render_text, report_mail
from analyzers.store.memory.store import MemoryStore
from tests.analyzers.reports.finding import block
from tests.analyzers.reports.weeks_data import ZONE, two_weeks

_OF_POSTGRESQL = (
    "repeated-reads",
    "max-connections",
    "pool-size",
    "deadlocks",
    "idle-in-transaction",
    "shared-buffers",
    "work-mem",
    "checkpoints",
)
_REMEDY = "ATALAIA_METRICS_POSTGRESQL="


@pytest.fixture(scope="module")
def report() -> Report:
    """A day on which requests were logged, and nothing was sampled."""
    question = Question(parse_period(Kind.DAILY, "2024-03-25"), ZONE, built_in(ZONE), datetime(2024, 5, 1, tzinfo=UTC))
    return build_report(Sources(MemoryStore(two_weeks())), question).report


def test_a_remedy_names_all_rules_that_lack_it(report: Report) -> None:
    """Eight rules need samples of PostgreSQL: one entry names the eight, and every other reason has one too."""
    said = [english(each) for each in block(report, "not_judged", "gaps", Prose).sentences]
    [postgresql] = [each for each in said if _REMEDY in each]
    titles = "; ".join(english(RULES[name].title) for name in _OF_POSTGRESQL)
    assert postgresql.startswith(f"{titles}: no PostgreSQL was sampled in this window. To have it measured: ")
    assert len(said) == 5, "PostgreSQL, Redis, slow statements, statements in requests, templates"


@pytest.mark.parametrize("name", ["en", "pt_BR"])
def test_every_rendering_says_it_once(report: Report, name: str) -> None:
    """Page, mail (its text too) and terminal, in both languages."""
    language = language_of(name, ZONE)
    mail = report_mail(report, language, Envelope("atalaia@example.org", "ana@example.org", report.made))
    bodies = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    assert len(bodies) == 2
    for shown in (render_html(report, language), render_text(report, language), *bodies):
        assert shown.count(_REMEDY) == 1
