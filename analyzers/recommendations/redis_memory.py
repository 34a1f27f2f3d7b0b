"""``redis-memory``: a cache that throws out keys for want of memory, or seldom has what it is asked for."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from analyzers.analysis import Unit
from analyzers.blocks import Advice
from analyzers.language import Amount, Message, message
from analyzers.recommendations.gaps import no_redis
from analyzers.recommendations.measuring import ENOUGH, fraction, samples, share, text, total
from analyzers.recommendations.model import Aim, Asked, Finding, Rule, Suggestion
from analyzers.store.query import Count, Max, Measure, Sum
from analyzers.store.result import Row

NAME: Final = "redis-memory"
PAGE: Final = "runbooks/high-memory.md"
DATASET: Final = "redis.server"
ADDRESS: Final = "redis.address"
LEAST_EVICTED: Final = 100
"""Keys in the window; fewer are the edge of a cache that fits."""
LEAST_HITS: Final = Fraction(80, 100)
"""Of the look-ups. Redis's documentation names no figure; below this one, more than every fifth look-up is made for
nothing, and then the work besides."""
LEAST_LOOKUPS: Final = 1000
_MIB: Final = 1024 * 1024


def judge(asked: Asked) -> Finding:
    """Look at evictions and hits of each server."""
    measures: dict[str, Measure] = {
        "samples": Count(),
        "evicted": Sum("redis.info.interval.keys.evicted"),
        "expired": Sum("redis.info.interval.keys.expired"),
        "hits": Sum("redis.info.interval.keyspace.hits"),
        "misses": Sum("redis.info.interval.keyspace.misses"),
        "limit": Max("redis.info.memory.max.value"),
        "used": Max("redis.info.memory.used.value"),
    }
    rows = samples(asked, DATASET, "server", measures, (ADDRESS,))
    if not rows:
        return Finding(gaps=(no_redis(),))
    enough = [row for row in rows if total(row, "samples") >= ENOUGH]
    return Finding(
        (
            *(_evicting(row) for row in enough if _evicts(row)),
            *(_missing(row) for row in enough if _misses(row) and not _evicts(row)),
        )
    )


RULE: Final = Rule(NAME, message("Redis's memory and hits"), judge)


def _evicts(row: Row) -> bool:
    return total(row, "evicted") >= LEAST_EVICTED and (fraction(row, "limit") or 0) > 0


def _misses(row: Row) -> bool:
    lookups = total(row, "hits") + total(row, "misses")
    return lookups >= LEAST_LOOKUPS and total(row, "hits") / lookups < LEAST_HITS


def _evicting(row: Row) -> Suggestion:
    limit = total(row, "limit")
    doubled = -int(-2 * limit // _MIB)
    advice = Advice(
        rule=NAME,
        title=message("Double the memory of the cache {server}", server=text(row, ADDRESS)),
        evidence=(
            message(
                "{evicted} keys were thrown out for want of memory; it used at most {used} of {limit}",
                evicted=Amount(total(row, "evicted"), Unit.COUNT),
                used=Amount(total(row, "used"), Unit.BYTES),
                limit=Amount(limit, Unit.BYTES),
            ),
            _hits(row),
        ),
        gain=message(
            "At most the {misses} look-ups that missed; those of keys that were never there, or had expired, miss all "
            "the same. See that the machine has the memory ('free -m'); the second command keeps the setting over a "
            "restart.",
            misses=Amount(total(row, "misses"), Unit.COUNT),
        ),
        commands=(f"redis-cli CONFIG SET maxmemory {doubled}mb", "redis-cli CONFIG REWRITE"),
        page=PAGE,
    )
    return Suggestion(advice, Aim.TIME, Fraction(0))


def _missing(row: Row) -> Suggestion:
    advice = Advice(
        rule=NAME,
        title=message("Keep keys in the cache {server} longer", server=text(row, ADDRESS)),
        evidence=(
            _hits(row),
            message(
                "{evicted} keys were thrown out for want of memory, so that is not why; {expired} expired",
                evicted=Amount(total(row, "evicted"), Unit.COUNT),
                expired=Amount(total(row, "expired"), Unit.COUNT),
            ),
        ),
        gain=message(
            "At most the {misses} look-ups that missed. Which keys they were of is not recorded: where each is asked "
            "for once, a cache is of no use and only costs the look-up.",
            misses=Amount(total(row, "misses"), Unit.COUNT),
        ),
        commands=("redis-cli INFO keyspace", "CACHE_DEFAULT_TIMEOUT = 900  # Flask-Caching; 300 s by default"),
        page=PAGE,
    )
    return Suggestion(advice, Aim.TIME, Fraction(0))


def _hits(row: Row) -> Message:
    hits, misses = total(row, "hits"), total(row, "misses")
    return message(
        "{share} of {lookups} look-ups found their key",
        share=Amount(share(hits, hits + misses) if hits + misses else None, Unit.RATIO),
        lookups=Amount(hits + misses, Unit.COUNT),
    )
