"""Choose the few conditions that cover most of the bad events with the least traffic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Final, TypeAlias

from analyzers.explanation.baseline import Baseline
from analyzers.explanation.counting import Values, tallies
from analyzers.explanation.evidence import lift, score, stands_out
from analyzers.explanation.model import Condition, Finding
from analyzers.explanation.request import ExplainRequest, Tally
from analyzers.store.interface import Store
from analyzers.store.query import And, Not, Or, Predicate

Conditions: TypeAlias = tuple[Condition, ...]

MOST_SINGLES: Final = 10
MOST_PAIRS: Final = 24
MOST_FINDINGS: Final = 3
LEAST_BAD: Final = 10
"""Fewer bad events than this are explained by nothing: any handful has something in common."""
_SAME: Final = Fraction(95, 100)
_SIMPLER: Final = 0.9
"""One condition is taken instead of two that score little more."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What may explain the bad events.

    Attributes:
        conditions: Single ones first, then pairs.
        looked_at: How many values were looked at to find them.
    """

    conditions: tuple[Conditions, ...]
    looked_at: int


def candidates(values: Sequence[Values], everything: Tally, kept: Fraction) -> Candidates:
    """Return the values that stand out, and pairs of them with each other and with the worst of other aspects."""
    looked_at = sum(len(each.found) + each.others for each in values)
    found = [pair for each in values for pair in each.found if stands_out(pair[1], everything, looked_at, kept)]
    found.sort(key=lambda pair: -score(pair[1], everything, _NONE, _NONE))
    singles = [condition for condition, _ in found[:MOST_SINGLES]]
    worst = [each.found[0][0] for each in values if each.found]
    pairs = {
        frozenset((one, other)): (one, other)
        for one, other in product(singles, dict.fromkeys((*singles, *worst)))
        if one.aspect != other.aspect and not _nested(one, other)
    }
    return Candidates((*((each,) for each in singles), *list(pairs.values())[:MOST_PAIRS]), looked_at)


_NONE: Final = Tally(0, 0)


def choose(
    store: Store,
    request: ExplainRequest,
    found: Candidates,
    counts: tuple[Tally, Sequence[Tally]],
    baseline: Baseline,
    kept: Fraction,
) -> tuple[Finding, ...]:
    """Return what explains the bad events, the best first; each of what those before it have left over.

    Args:
        store: The store, asked once for each finding after the first.
        request: What is asked.
        found: What may explain them.
        counts: The window's events and those of each candidate.
        baseline: The weeks before, with the same candidates.
        kept: Which share of the events a sampler kept.
    """
    everything, of_each = counts
    chosen: list[int] = []
    left, of_left = everything, of_each
    while len(chosen) < MOST_FINDINGS and left.bad >= LEAST_BAD:
        best = _best(found, (left, of_left), baseline, kept)
        if best is None:
            break
        chosen.append(best)
        left, of_left = tallies(store, request, request.window, found.conditions, _outside(found, chosen))
    return tuple(_finding(request, found, number, (everything, of_each), baseline) for number in chosen)


def _outside(found: Candidates, chosen: Sequence[int]) -> Predicate:
    return Not(Or(tuple(predicate_of(found.conditions[number]) for number in chosen)))


def predicate_of(conditions: Conditions) -> Predicate:
    """Return the predicate of the events for which all conditions hold."""
    return And(tuple(each.predicate for each in conditions))


def _best(found: Candidates, counts: tuple[Tally, Sequence[Tally]], baseline: Baseline, kept: Fraction) -> int | None:
    """Return the candidate with the highest score, a single one where a pair is hardly better."""
    everything, of_each = counts
    scores = {
        number: score(tally, everything, baseline.conditions[number], baseline.whole)
        for number, tally in enumerate(of_each)
        if stands_out(tally, everything, found.looked_at + len(of_each), kept) and _adds(found, number, of_each, kept)
    }
    scores = {number: value for number, value in scores.items() if value > 0} or _by_traffic(scores, counts)
    if not scores:
        return None
    highest = max(scores.values())
    near = [number for number, value in scores.items() if value >= _SIMPLER * highest]
    single = [number for number in near if len(found.conditions[number]) == 1]
    return max(single or near, key=lambda number: (scores[number], -number))


def _adds(found: Candidates, number: int, of_each: Sequence[Tally], kept: Fraction) -> bool:
    """Tell whether each part of a pair says something: whether the pair stands out within each of its conditions."""
    parts = found.conditions[number]
    if len(parts) == 1:
        return True
    alone = (place for place, each in enumerate(found.conditions) if len(each) == 1 and each[0] in parts)
    looked_at = found.looked_at + len(of_each)
    return all(stands_out(of_each[number], of_each[place], looked_at, kept) for place in alone)


def _by_traffic(scores: dict[int, float], counts: tuple[Tally, Sequence[Tally]]) -> dict[int, float]:
    """Score by the window alone what is no worse than in the weeks before: it spends the budget all the same."""
    everything, of_each = counts
    return {number: score(of_each[number], everything, _NONE, _NONE) for number in scores}


def _finding(
    request: ExplainRequest,
    found: Candidates,
    number: int,
    counts: tuple[Tally, Sequence[Tally]],
    baseline: Baseline,
) -> Finding:
    everything, of_each = counts
    tally = of_each[number]
    without = everything.without(tally)
    return Finding(
        conditions=found.conditions[number],
        same=_same(found, number, of_each),
        tally=tally,
        before=baseline.conditions[number],
        expected=baseline.expected(number, tally, everything),
        lift=lift(tally, everything),
        without=without,
        state=request.judge(without),
    )


def _same(found: Candidates, number: int, of_each: Sequence[Tally]) -> tuple[Condition, ...]:
    """Return the single conditions that hold for nearly the same events as one that was chosen."""
    chosen = found.conditions[number]
    if len(chosen) > 1:
        return ()
    same = []
    for other, conditions in enumerate(found.conditions):
        if len(conditions) == 2 and chosen[0] in conditions:  # noqa: PLR2004 - a pair
            (beside,) = (each for each in conditions if each != chosen[0])
            alone = next((n for n, each in enumerate(found.conditions) if each == (beside,)), None)
            if alone is not None and _near(of_each[other], of_each[number]) and _near(of_each[other], of_each[alone]):
                same.append(beside)
    return tuple(same)


def _near(both: Tally, one: Tally) -> bool:
    return both.counted >= _SAME * one.counted and both.bad >= _SAME * one.bad


def _nested(one: Condition, other: Condition) -> bool:
    """Whether a pair would say one thing twice: a client and its own network."""
    return {one.aspect.name, other.aspect.name} == {"client", "network"}
