"""``pool-size``: an application that keeps far more connections open than it uses."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Final

from analyzers.analysis import Unit
from analyzers.blocks import Advice
from analyzers.language import Amount, message
from analyzers.recommendations.measuring import ENOUGH, fraction, samples, share, text, total
from analyzers.recommendations.model import Aim, Asked, Finding, Rule, Suggestion
from analyzers.recommendations.postgresql.servers import ADDRESS, DATASET, UNSAMPLED
from analyzers.store.query import Avg, Count, Max, Measure
from analyzers.store.result import Row

NAME: Final = "pool-size"
PAGE: Final = "runbooks/connections-exceeded.md"
NOTICEABLE: Final = Fraction(50, 100)
"""Of the server's limit, at the peak: below it idle connections are in nobody's way."""
IDLE: Final = Fraction(1, 2)
"""Of the connections, on average: a pool that is mostly idle is greater than it need be."""
SPARE: Final = Fraction(3, 2)
"""Connections to keep for each that was at work at the peak, as samples miss the moments between them."""
_PLACE: Final = "postgresql.server.connections"


def judge(asked: Asked) -> Finding:
    """Compare the connections that are open with those at work.

    The pools themselves are not measured: what the server sees of them is.
    """
    measures: dict[str, Measure] = {
        "samples": Count(),
        "peak": Max(f"{_PLACE}.used.count"),
        "limit": Max(f"{_PLACE}.limit"),
        "used": Avg(f"{_PLACE}.used.count"),
        "idle": Avg(f"{_PLACE}.idle"),
        "active": Max(f"{_PLACE}.active"),
        "in_transaction": Max(f"{_PLACE}.idle_in_transaction"),
    }
    rows = samples(asked, DATASET, "server", measures, (ADDRESS,))
    return Finding(tuple(_suggestion(row) for row in rows if _idle(row))) if rows else UNSAMPLED


RULE: Final = Rule(NAME, message("The size of the connection pool"), judge)


def _idle(row: Row) -> bool:
    peak, limit, active = (fraction(row, name) for name in ("peak", "limit", "active"))
    if peak is None or not limit or active is None or total(row, "samples") < ENOUGH:
        return False
    return peak / limit >= NOTICEABLE and share(total(row, "idle"), total(row, "used")) >= IDLE


def _suggestion(row: Row) -> Suggestion:
    peak, limit = total(row, "peak"), total(row, "limit")
    busy = total(row, "active") + total(row, "in_transaction")
    wanted = max(1, ceil(busy * SPARE))
    advice = Advice(
        rule=NAME,
        title=message("Keep fewer connections to {server} open", server=text(row, ADDRESS)),
        evidence=(
            message(
                "{peak} of {limit} connections were open at the peak ({share})",
                peak=Amount(peak, Unit.COUNT),
                limit=Amount(limit, Unit.COUNT),
                share=Amount(share(peak, limit), Unit.RATIO),
            ),
            message(
                "on average {idle} of {used} were idle; at the peak {busy} were in a statement or a transaction",
                idle=Amount(total(row, "idle"), Unit.COUNT),
                used=Amount(total(row, "used"), Unit.COUNT),
                busy=Amount(busy, Unit.COUNT),
            ),
        ),
        gain=message(
            "Room for {room} more connections before the server refuses any, and the memory of the others. {wanted} "
            "in all processes together are half as many again as were at work at once in any sample; what happened "
            "between samples is not known, so watch for TimeoutError of the pool.",
            room=Amount(max(peak - wanted, Fraction(0)), Unit.COUNT),
            wanted=wanted,
        ),
        commands=(
            f"size = max(1, {wanted} // int(os.environ['WEB_CONCURRENCY']))  # gunicorn's number of processes",
            "engine = create_engine(url, pool_size=size, max_overflow=1, pool_recycle=1800, pool_pre_ping=True)",
        ),
        page=PAGE,
    )
    return Suggestion(advice, Aim.NO_FAILURE, share(peak, limit))
