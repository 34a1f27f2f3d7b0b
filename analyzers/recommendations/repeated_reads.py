"""``repeated-reads``: one SELECT that is asked again and again, and takes a good part of the database's time."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from analyzers.analysis import Unit
from analyzers.blocks import Advice
from analyzers.fields import RESPONSE_TIME
from analyzers.language import Amount, message
from analyzers.recommendations.measuring import requests, samples, share, text, total
from analyzers.recommendations.model import Aim, Asked, Finding, Gap, Rule, Suggestion
from analyzers.recommendations.postgresql.servers import ADDRESS, DATASET, UNSAMPLED
from analyzers.recommendations.wording import short
from analyzers.store.query import And, Count, Equals, Measure, Sum
from analyzers.store.result import Row

NAME: Final = "repeated-reads"
PAGE: Final = "runbooks/slow-queries.md"
PER_MINUTE: Final = 60
"""Executions. An answer kept for a minute spares all but one of them, at best; seldom asked ones it hardly spares."""
LEAST_SHARE: Final = Fraction(10, 100)
"""Of the time of all statements; what takes less is not worth answers that may be old."""
MOST_ROWS: Final = 1000
"""On average: greater answers cost a cache more than the statement."""
MOST_ADVICE: Final = 3
KEPT_SECONDS: Final = 60

_PLACE: Final = "postgresql.statement"
_CALLS: Final = f"{_PLACE}.query.calls"
_MILLISECONDS: Final = f"{_PLACE}.query.time.total.ms"
_ROWS: Final = f"{_PLACE}.query.rows"
_SELECTS: Final = And((Equals(f"{_PLACE}.scope", "query"), Equals(f"{_PLACE}.operation", "SELECT")))
_TEXT: Final = f"{_PLACE}.query.text"


def judge(asked: Asked) -> Finding:
    """Look at the slowest shapes of each server, as pg_stat_statements counts them."""
    sums: dict[str, Measure] = {"calls": Sum(_CALLS), "ms": Sum(_MILLISECONDS), "rows": Sum(_ROWS), "samples": Count()}
    servers = samples(asked, DATASET, "statement", sums, (ADDRESS,), Equals(f"{_PLACE}.scope", "type"))
    if not servers:
        return _unsampled(asked)
    every = {row[ADDRESS]: total(row, "ms") for row in servers}
    shapes = samples(asked, DATASET, "statement", sums, (ADDRESS, _TEXT), _SELECTS)
    likely = [row for row in shapes if _repeated(asked, row, every.get(row[ADDRESS], Fraction(0)))]
    ranked = sorted(likely, key=lambda row: (-total(row, "ms"), text(row, _TEXT)))
    waited = total(requests(asked, {"seconds": Sum(RESPONSE_TIME)})[0], "seconds")
    return Finding(tuple(_suggestion(asked, row, every[row[ADDRESS]], waited) for row in ranked[:MOST_ADVICE]))


RULE: Final = Rule(NAME, message("Reads that a cache could spare"), judge)


def _unsampled(asked: Asked) -> Finding:
    if not samples(asked, DATASET, "server", {"samples": Count()}, (ADDRESS,)):
        return UNSAMPLED
    why = message("PostgreSQL's statements were not sampled: pg_stat_statements is not set up")
    return Finding(gaps=(Gap(why, ("CREATE EXTENSION pg_stat_statements;",)),))


def _repeated(asked: Asked, row: Row, every: Fraction) -> bool:
    calls = total(row, "calls")
    often = _per_minute(asked, calls) >= PER_MINUTE
    return often and share(total(row, "ms"), every) >= LEAST_SHARE and total(row, "rows") <= MOST_ROWS * calls


def _per_minute(asked: Asked, calls: Fraction) -> Fraction:
    return calls * 60 / Fraction(asked.window.length.total_seconds())


def _suggestion(asked: Asked, row: Row, every: Fraction, waited: Fraction) -> Suggestion:
    calls, milliseconds = total(row, "calls"), total(row, "ms")
    advice = Advice(
        rule=NAME,
        title=message("Keep the answers of a read that is repeated: {statement}", statement=short(text(row, _TEXT))),
        evidence=(
            message(
                "executed {calls} times, {rate} a minute, with {rows} rows on average",
                calls=Amount(calls, Unit.COUNT),
                rate=Amount(_per_minute(asked, calls), Unit.COUNT),
                rows=Amount(total(row, "rows") / calls, Unit.COUNT),
            ),
            message(
                "it took {share} of the time of all statements of {server}: {seconds} of {every}",
                share=Amount(share(milliseconds, every), Unit.RATIO),
                server=text(row, ADDRESS),
                seconds=Amount(milliseconds / 1000, Unit.SECONDS),
                every=Amount(every / 1000, Unit.SECONDS),
            ),
        ),
        gain=message(
            "At most {seconds}, if all executions ask for the same: which values they ask for is not recorded, so "
            "count the cache's hits. Answers are up to {kept} old then; only for what may be.",
            seconds=Amount(milliseconds / 1000, Unit.SECONDS),
            kept=Amount(Fraction(KEPT_SECONDS), Unit.SECONDS),
        ),
        commands=(f"@cache.memoize(timeout={KEPT_SECONDS})  # Flask-Caching, on the function that asks",),
        page=PAGE,
    )
    return Suggestion(advice, Aim.TIME, share(milliseconds / 1000, waited or every / 1000))
