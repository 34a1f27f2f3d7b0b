"""What becomes of a case of the corpus here, held against what Logstash did."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from atalaia.pipeline.errors import ConfigurationError
from tests.atalaia.pipeline.corpus import Case, alike, load, run, without


class Verdict(StrEnum):
    """How a case comes out."""

    EQUAL = "equal"
    REFUSED_BY_BOTH = "refused, as in Logstash"
    REFUSED_HERE = "refused here only"
    ACCEPTED_HERE = "refused by Logstash only"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Judged:
    """A case and how it comes out.

    Attributes:
        case: The case.
        verdict: How it comes out.
        events: How many events were compared.
        details: What differs, or why it is refused.
    """

    case: Case
    verdict: Verdict
    events: int = 0
    details: str = ""


def judge(case: Case) -> Judged:
    """Load and run a case."""
    try:
        load(case)
    except ConfigurationError as error:
        return Judged(case, Verdict.REFUSED_BY_BOTH if case.refused else Verdict.REFUSED_HERE, details=str(error))
    if case.refused:
        return Judged(case, Verdict.ACCEPTED_HERE)
    return _compared(case)


def _compared(case: Case) -> Judged:
    ours = [without(event, case.ignore) for event in run(case)]
    theirs = [without(event, case.ignore) for event in case.expected]
    wrong = [
        f"event {number}: {our} is not {their}"
        for number, (our, their) in enumerate(zip(ours, theirs, strict=False))
        if not alike(our, their)
    ]
    if len(ours) != len(theirs):
        wrong.append(f"{len(ours)} events, not {len(theirs)}")
    verdict = Verdict.DIFFERENT if wrong else Verdict.EQUAL
    return Judged(case, verdict, len(theirs), "\n".join(wrong))
