"""The chapter of recommendations."""

from __future__ import annotations

from typing import Final

from analyzers.blocks import Block, Prose, Recommendations, Section
from analyzers.language import Message, joined, message
from analyzers.recommendations import RULES, Remedy, recommend, remedies
from analyzers.reports.question import Question
from analyzers.store.interface import Store

_OF_THE_STORE: Final = frozenset({"log-retention"})
"""What is not asked: it looks at the files of the store, which are others the day after, or in a copy."""


def advice_sections(store: Store, question: Question) -> tuple[Section, ...]:
    """Return what to do, judged by what was measured in the period, and what could not be judged. Nothing is run.

    Raises:
        StoreError: When the store cannot answer.
    """
    rules = tuple(rule for rule in RULES.values() if rule.name not in _OF_THE_STORE)
    found = recommend(
        store, question.window, where=question.service, environment=question.contract.environment, rules=rules
    )
    empty = message("Nothing to recommend by what was measured.")
    blocks: list[Block] = [Recommendations("advice", found.advice, empty)]
    if found.remarks:
        blocks.append(Prose("remarks", tuple(each.text for each in found.remarks), is_list=True))
    chapter = Section("recommendations", message("What to do"), tuple(blocks))
    if not found.unmeasured:
        return (chapter,)
    gaps = Prose("gaps", tuple(map(_gap, remedies(found.unmeasured))), is_list=True)
    return chapter, Section("not_judged", message("What could not be judged"), (gaps,))


def _gap(gap: Remedy) -> Message:
    rules = joined(*gap.titles)
    if not gap.commands:
        return message("{rules}: {why}.", rules=rules, why=gap.why)
    commands = "; ".join(gap.commands)
    return message("{rules}: {why}. To have it measured: {commands}", rules=rules, why=gap.why, commands=commands)
