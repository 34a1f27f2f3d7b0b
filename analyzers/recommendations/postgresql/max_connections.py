"""``max-connections``: a server whose clients came near its limit, beyond which it refuses them."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from analyzers.analysis import Unit
from analyzers.blocks import Advice
from analyzers.language import Amount, message
from analyzers.recommendations.measuring import ENOUGH, fraction, samples, share, text, total
from analyzers.recommendations.model import Aim, Asked, Finding, Rule, Suggestion
from analyzers.recommendations.postgresql.servers import ADDRESS, DATASET, UNSAMPLED, setting
from analyzers.store.query import Avg, Count, Max, Measure
from analyzers.store.result import Row

NAME: Final = "max-connections"
PAGE: Final = "runbooks/connections-exceeded.md"
NEAR: Final = Fraction(80, 100)
"""Of the limit, at the peak. What is left is less than the second set of processes that a deployment starts beside the
first, where the application has a quarter of them or more."""
AIMED: Final = Fraction(60, 100)
"""Of the new limit, at the same peak."""
MOSTLY_IDLE: Final = Fraction(1, 2)
"""With more of them idle, on average, fewer connections are a better remedy than a higher limit: see ``pool-size``."""
_STEP: Final = 10
_PLACE: Final = "postgresql.server.connections"


def judge(asked: Asked) -> Finding:
    """Compare the peak of each server with its limit."""
    measures: dict[str, Measure] = {
        "samples": Count(),
        "peak": Max(f"{_PLACE}.used.count"),
        "limit": Max(f"{_PLACE}.limit"),
        "reserved": Max(f"{_PLACE}.reserved"),
        "used": Avg(f"{_PLACE}.used.count"),
        "idle": Avg(f"{_PLACE}.idle"),
    }
    rows = samples(asked, DATASET, "server", measures, (ADDRESS,))
    return Finding(tuple(_suggestion(row) for row in rows if _near(row))) if rows else UNSAMPLED


RULE: Final = Rule(NAME, message("PostgreSQL's limit of connections (max_connections)"), judge)


def _near(row: Row) -> bool:
    peak, limit = fraction(row, "peak"), fraction(row, "limit")
    if peak is None or not limit or total(row, "samples") < ENOUGH:
        return False
    idle = share(total(row, "idle"), total(row, "used"))
    return peak / limit >= NEAR and idle < MOSTLY_IDLE


def _suggestion(row: Row) -> Suggestion:
    address, peak, limit = text(row, ADDRESS), total(row, "peak"), total(row, "limit")
    wanted = -int(-peak / AIMED // _STEP) * _STEP
    advice = Advice(
        rule=NAME,
        title=message("Raise the limit of connections of {server}", server=address),
        evidence=(
            message(
                "{peak} of {limit} connections were in use at the peak ({share}), and most of them at work",
                peak=Amount(peak, Unit.COUNT),
                limit=Amount(limit, Unit.COUNT),
                share=Amount(share(peak, limit), Unit.RATIO),
            ),
        ),
        gain=message(
            "No refused connections until the peak grows by two thirds. Each connection takes some MB of memory, and "
            "more of them at work than there are processors make each slower: where it goes on growing, put PgBouncer "
            "in between. A restart is needed."
        ),
        commands=setting("max_connections", str(wanted + int(total(row, "reserved"))), restart=True),
        page=PAGE,
    )
    return Suggestion(advice, Aim.NO_FAILURE, share(peak, limit))
