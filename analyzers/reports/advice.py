"""The chapter of recommendations."""

from __future__ import annotations

from typing import Final

from analyzers.language import message
from analyzers.recommendations import RULES, Advised, recommend
from analyzers.reports.document import Block, Heading, Prose, Recommendations, Section, Table
from analyzers.reports.question import Question
from analyzers.store.interface import Store
from analyzers.units import Unit

_OF_THE_STORE: Final = frozenset({"log-retention"})
"""What is not asked: it looks at the files of the store, which are others the day after, or in a copy."""


def advice_section(store: Store, question: Question) -> Section:
    """Return what to do, judged by what was measured in the period. Nothing is run.

    Raises:
        StoreError: When the store cannot answer.
    """
    rules = tuple(rule for rule in RULES.values() if rule.name not in _OF_THE_STORE)
    found = recommend(
        store, question.window, where=question.service, environment=question.contract.environment, rules=rules
    )
    empty = message("Nothing to recommend by what was measured.")
    blocks: list[Block] = [Recommendations("advice", found.advice, empty)]
    if found.unmeasured:
        blocks.append(_unmeasured(found))
    if found.remarks:
        blocks.append(Prose("remarks", tuple(each.text for each in found.remarks), is_list=True))
    return Section("recommendations", message("What to do"), tuple(blocks))


def _unmeasured(found: Advised) -> Table:
    return Table(
        "not_judged",
        message("What could not be judged"),
        (
            Heading("rule", message("Looked for"), Unit.KEY),
            Heading("why", message("Why not"), Unit.KEY),
            Heading("commands", message("To have it measured"), Unit.KEY),
        ),
        tuple((each.title, each.why, "\n".join(each.commands)) for each in found.unmeasured),
        message("Everything could be judged."),
    )
