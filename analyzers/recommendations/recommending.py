"""Ask the rules, and put what they say in order."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from analyzers.jobs.job import REQUESTS
from analyzers.recommendations.model import Advised, Asked, Finding, Remark, Rule, Suggestion, Unmeasured
from analyzers.recommendations.registry import RULES
from analyzers.store.checks import check_query
from analyzers.store.interface import Store
from analyzers.store.query import EVERYTHING, Predicate, Query, QueryError, Window


def recommend(
    store: Store,
    window: Window,
    *,
    where: Predicate = EVERYTHING,
    environment: str = "*",
    rules: Sequence[Rule] = tuple(RULES.values()),
) -> Advised:
    """Return what to do, judged by what was measured in a window. Nothing is changed anywhere.

    Args:
        store: Where the events are.
        window: Which of them.
        where: Which requests, in the fields of requests; slow statements are narrowed by the same.
        environment: The last part of the data streams' names; ``*`` for every one.
        rules: Which rules are asked; all by default, see :func:`rules_named`.

    Raises:
        QueryError: When ``where`` names a field that requests do not have.
        StoreError: When the store cannot answer.
    """
    asked = Asked(store, window, environment, where)
    check_query(Query(f"logs-web.request-{environment}", window, (REQUESTS,), where=where))
    found = [(rule, rule.judge(asked)) for rule in rules]
    suggestions = [each for _, finding in found for each in finding.suggestions]
    return Advised(
        advice=tuple(each.advice for each in sorted(suggestions, key=_rank)),
        unmeasured=tuple(each for rule, finding in found for each in _unmeasured(rule, finding)),
        remarks=tuple(Remark(rule.name, text) for rule, finding in found for text in finding.remarks),
        rules=tuple(rule.name for rule in rules),
    )


def rules_named(names: Sequence[str]) -> tuple[Rule, ...]:
    """Return the rules of these names, in the registry's order; all when none is named.

    Raises:
        QueryError: When there is no such rule.
    """
    for name in names:
        if name not in RULES:
            near = difflib.get_close_matches(name, RULES, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(RULES)}"
            raise QueryError(f"there is no rule {name!r}", hint)
    return tuple(rule for rule in RULES.values() if not names or rule.name in names)


def _rank(suggestion: Suggestion) -> tuple[int, float, str]:
    return suggestion.aim, -float(suggestion.share), suggestion.advice.rule


def _unmeasured(rule: Rule, finding: Finding) -> tuple[Unmeasured, ...]:
    return tuple(Unmeasured(rule.name, rule.title, gap.why, gap.commands) for gap in finding.gaps)
