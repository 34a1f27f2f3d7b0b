"""``deadlocks`` and ``idle-in-transaction``: transactions that stand in each other's way."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from analyzers.analysis import Unit
from analyzers.blocks import Advice
from analyzers.language import Amount, message
from analyzers.recommendations.measuring import ENOUGH, samples, share, text, total
from analyzers.recommendations.model import Aim, Asked, Finding, Rule, Suggestion
from analyzers.recommendations.postgresql.servers import ADDRESS, DATABASE, DATASET, UNSAMPLED, setting
from analyzers.store.query import And, Count, CountIf, Max, Measure, Range, Sum
from analyzers.store.result import Row

DEADLOCKS: Final = "deadlocks"
IDLE: Final = "idle-in-transaction"
PAGE: Final = "runbooks/slow-queries.md"
LEAST_DEADLOCKS: Final = 2
"""In the window. Each is a transaction that was cancelled; one may be an accident of two people."""
LONG_SECONDS: Final = 300
"""A transaction that waits so long for its client waits for one that has forgotten it: a web server gives up a request
long before (gunicorn's ``timeout`` is 30 s). It keeps its locks, and vacuum from removing dead rows (PostgreSQL's
documentation, ``idle_in_transaction_session_timeout``)."""
LEAST_SAMPLES: Final = 3
"""So many times that was seen."""

_PLACE: Final = "postgresql.server.connections.idle_in_transaction"
_LONGEST: Final = "postgresql.server.transactions.longest.sec"
_FORGOTTEN: Final = And((Range(_PLACE, gte=1), Range(_LONGEST, gte=LONG_SECONDS)))


def judge_deadlocks(asked: Asked) -> Finding:
    """Count the deadlocks of each database."""
    place = "postgresql.database.interval"
    measures: dict[str, Measure] = {
        "deadlocks": Sum(f"{place}.deadlocks"),
        "commits": Sum(f"{place}.transactions.commit"),
        "rollbacks": Sum(f"{place}.transactions.rollback"),
    }
    rows = samples(asked, DATASET, "database", measures, (ADDRESS, DATABASE))
    if not rows:
        return UNSAMPLED
    return Finding(tuple(_deadlocked(row) for row in rows if total(row, "deadlocks") >= LEAST_DEADLOCKS))


def judge_idle(asked: Asked) -> Finding:
    """Count the samples in which a client sat in a transaction while one was long open."""
    measures: dict[str, Measure] = {
        "samples": Count(),
        "forgotten": CountIf(_FORGOTTEN),
        "most": Max(_PLACE),
        "longest": Max(_LONGEST),
    }
    rows = samples(asked, DATASET, "server", measures, (ADDRESS,))
    if not rows:
        return UNSAMPLED
    enough = [row for row in rows if total(row, "samples") >= ENOUGH]
    return Finding(tuple(_idle(row) for row in enough if total(row, "forgotten") >= LEAST_SAMPLES))


DEADLOCKS_RULE: Final = Rule(DEADLOCKS, message("Deadlocks"), judge_deadlocks)
IDLE_RULE: Final = Rule(IDLE, message("Transactions that wait for their client"), judge_idle)


def _deadlocked(row: Row) -> Suggestion:
    deadlocks, every = total(row, "deadlocks"), total(row, "commits") + total(row, "rollbacks")
    advice = Advice(
        rule=DEADLOCKS,
        title=message(
            "Lock rows in one order in {database} of {server}", database=text(row, DATABASE), server=text(row, ADDRESS)
        ),
        evidence=(
            message(
                "{deadlocks} deadlocks in {every} transactions: each cancelled one of them",
                deadlocks=Amount(deadlocks, Unit.COUNT),
                every=Amount(every, Unit.COUNT),
            ),
        ),
        gain=message(
            "No cancelled transactions, where all code that changes the same rows locks them in the same order. Which "
            "statements met is in the server's own log; with log_lock_waits it tells of long waits, too."
        ),
        commands=(
            *setting("log_lock_waits", "on"),
            "session.scalars(select(Ticket).where(Ticket.id.in_(ids)).order_by(Ticket.id).with_for_update())",
        ),
        page=PAGE,
    )
    return Suggestion(advice, Aim.NO_FAILURE, share(deadlocks, every))


def _idle(row: Row) -> Suggestion:
    advice = Advice(
        rule=IDLE,
        title=message("End transactions on {server} that their client has forgotten", server=text(row, ADDRESS)),
        evidence=(
            message(
                "in {forgotten} of {samples} samples a client sat idle in a transaction while one had been open for "
                "{long} or more",
                forgotten=Amount(total(row, "forgotten"), Unit.COUNT),
                samples=Amount(total(row, "samples"), Unit.COUNT),
                long=Amount(Fraction(LONG_SECONDS), Unit.SECONDS),
            ),
            message(
                "at most {most} clients at once; the longest transaction was open for {longest}",
                most=Amount(total(row, "most"), Unit.COUNT),
                longest=Amount(total(row, "longest"), Unit.SECONDS),
            ),
        ),
        gain=message(
            "Locks are let go, and vacuum can remove dead rows again; how much that is was not measured. The longest "
            "transaction may be another one, at work: a backup, a report. New sessions take it over; a client that is "
            "cut off sees an error, so look for code that waits for something else inside a transaction."
        ),
        commands=setting("idle_in_transaction_session_timeout", f"{LONG_SECONDS}s"),
        page=PAGE,
    )
    return Suggestion(advice, Aim.NO_FAILURE, share(total(row, "forgotten"), total(row, "samples")))
