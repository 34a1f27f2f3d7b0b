"""Whether a value stands out, and by how much: an exact test, and a score to compare conditions by."""

from __future__ import annotations

from fractions import Fraction
from math import log
from typing import Final

from analyzers.explanation.request import Tally

ALPHA: Final = Fraction(1, 100)
"""How often, at most, something is said to stand out where everything is spread evenly."""
LEAST_LIFT: Final = Fraction(5, 4)
"""A share of the bad events that is a quarter greater than the share of all events; less is not worth a word."""
LEAST_SHARE: Final = Fraction(1, 10)
"""Of the bad events; less explains nothing."""
_PSEUDO: Final = 1.0
"""How many bad events at the common rate a condition's own rate of the weeks before is smoothed with."""


def lift(part: Tally, all_events: Tally) -> Fraction:
    """Return the share of the bad events by the share of all events; both have at least one."""
    return Fraction(part.bad, all_events.bad) / Fraction(part.counted, all_events.counted)


def stands_out(part: Tally, all_events: Tally, looked_at: int, kept: Fraction = Fraction(1)) -> bool:
    """Tell whether bad events are concentrated in a part of the events beyond what chance gives.

    Were the bad events spread over all events, each would fall into a part of the share ``p`` with the probability
    ``p``: at least ``k`` of ``K`` do with that of the regularized incomplete beta function ``I_p(k, K - k + 1)``, the
    exact tail of the binomial distribution. By Bonferroni's correction it is compared with ``ALPHA`` by the number of
    values that were looked at.

    Args:
        part: The events of a value.
        all_events: All events.
        looked_at: How many values were looked at.
        kept: Which share of the events was kept by a sampler: only those are evidence.
    """
    if not part.bad or part.counted >= all_events.counted or not all_events.bad:
        return False
    if lift(part, all_events) < LEAST_LIFT or part.bad < LEAST_SHARE * all_events.bad:
        return False
    # scipy takes a tenth of a second to import: only who explains pays for it
    from scipy.special import betainc  # noqa: PLC0415

    found, of = float(part.bad * kept), float(all_events.bad * kept)
    tail = betainc(max(found, 1.0), of - found + 1, part.counted / all_events.counted)
    return bool(tail * looked_at < float(ALPHA))


def score(part: Tally, all_events: Tally, before: Tally, all_before: Tally) -> float:
    """Return by how much it is likelier that a part has a rate of its own than that it has its usual one.

    Kulldorff's scan statistic (A spatial scan statistic, 1997): the log of the likelihood ratio of ``k`` bad events
    where ``e`` of ``K`` were expected. A condition that takes in the same bad events with less traffic scores more, and
    so does one that takes in more of them with the same traffic. Expected is what the weeks before would give.
    """
    common = float(all_before.rate or 0) or 0.5 / (all_before.counted + 1)
    own = (before.bad + _PSEUDO) / (before.counted + _PSEUDO / common)
    bad, of = part.bad, all_events.bad
    expected = min(of * (part.counted * own) / (all_events.counted * common), of)
    if bad <= expected or not expected:
        return 0.0
    rest = of - bad
    return bad * log(bad / expected) + (rest * log(rest / (of - expected)) if rest else 0.0)
