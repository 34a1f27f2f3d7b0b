"""Explain a breach: which events spent it, against the same hours of the weeks before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from analyzers.analysis import State
from analyzers.explanation.aspects import aspects_of, fields_of
from analyzers.explanation.baseline import Baseline, read_baseline
from analyzers.explanation.choosing import LEAST_BAD, Candidates, candidates, choose
from analyzers.explanation.counting import Values, tallies, values_of, whole
from analyzers.explanation.examples import examples_of
from analyzers.explanation.model import Aspect, Explanation, Finding, Share, Statement
from analyzers.explanation.releases import dated
from analyzers.explanation.request import ExplainRequest, Tally
from analyzers.explanation.statements import statements_of
from analyzers.explanation.wording import evenly, sentences, too_few
from analyzers.fields import RESPONSE_TIME
from analyzers.store.interface import Store
from analyzers.store.query import And, Not, Or, Predicate
from analyzers.store.schema import load_schema

Advance = Callable[[float, float], None]
"""Is told how many questions have been asked, and of about how many."""

_QUESTIONS = 24


def explain(
    store: Store, request: ExplainRequest, *, examples: bool = True, advance: Advance | None = None
) -> Explanation:
    """Explain which events are behind the bad ones of a window.

    It asks some twenty questions, whatever the window: one for each aspect, one for each week before, a few for what
    stands out.

    Args:
        store: The store.
        request: What is to be explained.
        examples: Whether bad events themselves are wanted.
        advance: Is told how far it is.

    Raises:
        QueryError: When the request cannot be asked of its stream.
        StoreError: When the store cannot answer.
    """
    return _Explaining(store, request, advance or (lambda _done, _of: None)).explain(examples=examples)


class _Explaining:
    def __init__(self, store: Store, request: ExplainRequest, advance: Advance) -> None:
        self._store = store
        self._request = request
        self._advance = advance
        self._asked = 0
        self._aspects, self._defining = aspects_of(load_schema(request.stream), request.bad)

    def explain(self, *, examples: bool) -> Explanation:
        everything, kept = whole(self._store, self._request)
        self._step(2)
        enough = everything.bad >= LEAST_BAD
        values = [self._values(aspect) for aspect in self._aspects] if enough else []
        found = candidates(values, everything, kept)
        baseline = read_baseline(self._store, self._request, found.conditions)
        self._step(len(baseline.weeks))
        findings = self._findings(found, baseline, kept)
        explanation = Explanation(
            request=self._request,
            tally=everything,
            state=self._request.judge(everything),
            weeks=baseline.weeks,
            findings=findings,
            remaining=self._remaining(everything, findings),
            looked_at=self._aspects,
            made_of=self._made_of() if everything.bad else (),
            statements=self._statements(findings, baseline) if enough else (),
            examples=(),
            where=_where(self._request, findings),
            silent=self._silence(everything, findings),
            sentences=(),
        )
        if examples and everything.bad:
            explanation = self._exemplified(explanation)
        return replace(explanation, sentences=sentences(explanation))

    def _values(self, aspect: Aspect) -> Values:
        found = values_of(self._store, self._request, aspect)
        self._step()
        return found

    def _findings(self, found: Candidates, baseline: Baseline, kept: Fraction) -> tuple[Finding, ...]:
        if not found.conditions:
            return ()
        counts = tallies(self._store, self._request, self._request.window, found.conditions)
        self._step()
        chosen = choose(self._store, self._request, found, counts, baseline, kept)
        self._step(len(chosen))
        return tuple(dated(self._store, self._request, each) for each in chosen)

    def _remaining(self, everything: Tally, findings: Sequence[Finding]) -> tuple[Tally, State]:
        if len(findings) > 1:
            outside = Not(Or(tuple(each.predicate for each in findings)))
            left, _ = tallies(self._store, self._request, self._request.window, (), outside)
        else:
            left = findings[0].without if findings else everything
        return left, self._request.judge(left)

    def _made_of(self) -> tuple[Share, ...]:
        """Return the bad events by what they are bad by: their statuses."""
        if not self._defining:
            return ()
        found = self._values(self._defining[0]).found
        return tuple(Share(condition, tally.bad) for condition, tally in found if tally.bad)

    def _silence(self, everything: Tally, findings: Sequence[Finding]) -> str:
        if findings or not everything.bad:
            return ""
        if everything.bad < LEAST_BAD:
            return too_few(everything, LEAST_BAD, self._request.noun)
        return evenly(self._aspects)

    def _statements(self, findings: Sequence[Finding], baseline: Baseline) -> tuple[Statement, ...]:
        found = statements_of(self._store, self._request, findings[0] if findings else None, baseline.weeks)
        self._step()
        return found

    def _exemplified(self, explanation: Explanation) -> Explanation:
        first = explanation.findings[0] if explanation.findings else None
        slow = RESPONSE_TIME in fields_of(self._request.bad)
        where, bad = (first.predicate, first.tally.bad) if first else (And(()), explanation.tally.bad)
        found = examples_of(self._store, self._request, where, bad, slow=slow)
        self._step(2)
        return replace(explanation, examples=found)

    def _step(self, questions: int = 1) -> None:
        self._asked += questions
        self._advance(min(self._asked, _QUESTIONS), _QUESTIONS)


def _where(request: ExplainRequest, findings: Sequence[Finding]) -> Predicate:
    parts = (request.where, *(each.predicate for each in findings[:1]))
    flat = [part for each in parts for part in (each.predicates if isinstance(each, And) else (each,))]
    return And(tuple(dict.fromkeys(flat)))
