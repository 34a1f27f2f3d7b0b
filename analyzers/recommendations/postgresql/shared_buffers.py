"""``shared-buffers``: a server that finds too little of what it reads in its own cache."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from analyzers.analysis import Unit
from analyzers.blocks import Advice
from analyzers.fields import RESPONSE_TIME
from analyzers.language import Amount, Message, message
from analyzers.recommendations.gaps import no_machine
from analyzers.recommendations.machines import memory_of
from analyzers.recommendations.measuring import requests, share, total
from analyzers.recommendations.model import Aim, Asked, Finding, Rule, Suggestion
from analyzers.recommendations.postgresql.servers import ADDRESS, DATASET, MIB, UNSAMPLED, grown, setting
from analyzers.store.query import Sum

NAME: Final = "shared-buffers"
PAGE: Final = "runbooks/slow-queries.md"
LEAST_HITS: Final = Fraction(99, 100)
"""Of the blocks wanted, in the server's cache: what Heroku's Dev Center advises for most applications ("Understanding
Heroku Postgres Data Caching")."""
LEAST_BLOCKS: Final = 100_000
"""Blocks wanted in the window (800 MB); a server that reads less has no ratio worth judging."""
OF_MEMORY: Final = Fraction(1, 4)
""""a reasonable starting value for shared_buffers is 25% of the memory in your system": PostgreSQL's documentation,
"Resource Consumption"."""

_COUNTERS: Final = {
    "hit": "postgresql.database.blocks.hit",
    "read": "postgresql.database.blocks.read",
    "ms": "postgresql.database.blocks.time.read.ms",
}


def judge(asked: Asked) -> Finding:
    """Compare what was found in the cache with all that was wanted, over all databases of each server."""
    databases = grown(asked, "database", _COUNTERS, (ADDRESS, "postgresql.database.oid"))
    if not databases:
        return UNSAMPLED
    suggestions, gaps = [], []
    for address in sorted({key[0] for key in databases}):
        sums = _summed([grew for key, grew in databases.items() if key[0] == address])
        wanted = sums["hit"] + sums["read"]
        if wanted < LEAST_BLOCKS or sums["hit"] / wanted >= LEAST_HITS:
            continue
        memory = memory_of(asked, DATASET, "server", ADDRESS, address)
        if memory is None:
            gaps.append(no_machine(address))
        else:
            waited = total(requests(asked, {"seconds": Sum(RESPONSE_TIME)})[0], "seconds")
            suggestions.append(_suggestion(address, sums, memory, waited))
    return Finding(tuple(suggestions), tuple(gaps))


RULE: Final = Rule(NAME, message("PostgreSQL's cache (shared_buffers)"), judge)


def _summed(grown: Sequence[Mapping[str, Fraction]]) -> Mapping[str, Fraction]:
    return {name: sum((each[name] for each in grown), Fraction(0)) for name in _COUNTERS}


def _suggestion(address: str, sums: Mapping[str, Fraction], memory: int, waited: Fraction) -> Suggestion:
    wanted = sums["hit"] + sums["read"]
    size = int(memory * OF_MEMORY) // MIB
    advice = Advice(
        rule=NAME,
        title=message("Give {server} a greater cache: shared_buffers, if it has less", server=address),
        evidence=(
            message(
                "{share} of the {blocks} blocks wanted were in the cache; {floor} is usual",
                share=Amount(share(sums["hit"], wanted), Unit.RATIO),
                blocks=Amount(wanted, Unit.COUNT),
                floor=Amount(LEAST_HITS, Unit.RATIO),
            ),
            message("its machine has {memory}, a quarter of which is advised", memory=Amount(memory, Unit.BYTES)),
        ),
        gain=_gain(sums["ms"] / 1000),
        commands=setting("shared_buffers", f"{size}MB", restart=True),
        page=PAGE,
    )
    return Suggestion(advice, Aim.TIME, share(sums["ms"] / 1000, waited))


def _gain(seconds: Fraction) -> Message:
    if not seconds:
        return message(
            "Unknown: how long the reads took was not measured (track_io_timing is off), and the kernel may have had "
            "many of the blocks. No more than 40 % of the memory should go there; a restart is needed."
        )
    return message(
        "At most the {seconds} that reading took: blocks that are wanted only once are read all the same, and the "
        "kernel may have had many. No more than 40 % of the memory should go there; a restart is needed.",
        seconds=Amount(seconds, Unit.SECONDS),
    )
