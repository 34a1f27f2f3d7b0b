"""What is behind the errors or the slowness of a window, as a page."""

from __future__ import annotations

from dataclasses import dataclass

from analyzers.analysis import State
from analyzers.blocks import Table
from analyzers.explanation import ExplainRequest, explain
from analyzers.explanation.what import WHATS, what_of
from analyzers.language import Message, message
from analyzers.selection.errors import SelectionError
from analyzers.store.interface import Store
from atalaia.web.asked import Question
from atalaia.web.views import links
from atalaia.web.views.choices import Choice
from atalaia.web.views.examples import examples_table
from atalaia.web.views.explained import explained_words, findings_table, statements_table, weeks_table
from atalaia.web.views.promised import Promised

_TITLES = {"errors": message("Errors"), "latency": message("Slowness"), "availability": message("Availability")}


@dataclass(frozen=True, slots=True)
class Explained:
    """The page.

    Attributes:
        state: How the window is judged.
        verdict: That in words, and what stands out.
        whats: What can be explained.
        findings: What stands out.
        weeks: The same hours of the weeks before.
        statements: Slow statements that took longer than usual.
        examples: Bad requests.
        drill: The drill-down of the same question.
    """

    state: State
    verdict: tuple[Message, ...]
    whats: tuple[Choice, ...]
    findings: Table
    weeks: Table
    statements: Table
    examples: Table
    drill: str


def explained(store: Store, question: Question, promised: Promised, zone: str) -> Explained:
    """Return what is behind the bad requests of a question; ``what=`` says what is bad, as ``atalaia explain`` has it.

    Raises:
        SelectionError: When the address cannot be read.
        QueryError: When it names a field that requests do not have.
        StoreError: When the store cannot answer.
    """
    name = question.one("what") or WHATS[0]
    if name not in WHATS:
        raise SelectionError(f"what={name} cannot be explained", f"give one of {', '.join(WHATS)}")
    what = what_of(name, promised.thresholds, None)
    request = ExplainRequest(
        question.window,
        what.bad,
        what.counted,
        what.target,
        what.limit,
        where=question.predicate(),
        zone=zone,
        noun=what.noun,
    )
    found = explain(store, request)
    return Explained(
        found.state,
        explained_words(found),
        tuple(Choice(_TITLES[each], question.same(links.EXPLAIN, what=each), each == name) for each in WHATS),
        findings_table(found, question),
        weeks_table(found, question),
        statements_table(found),
        examples_table(found.examples, question, failed=name != "latency"),
        question.address(links.DRILL, by=None),
    )
