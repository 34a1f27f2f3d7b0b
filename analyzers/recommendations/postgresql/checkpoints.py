"""``checkpoints``: a server that writes so much between two due checkpoints that it must make more."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from analyzers.analysis import Unit
from analyzers.blocks import Advice
from analyzers.language import Amount, message
from analyzers.recommendations.measuring import share
from analyzers.recommendations.model import Aim, Asked, Finding, Rule, Suggestion
from analyzers.recommendations.postgresql.servers import ADDRESS, UNSAMPLED, grown

NAME: Final = "checkpoints"
PAGE: Final = "runbooks/slow-queries.md"
LEAST: Final = 12
"""Checkpoints in the window: an hour of those that are due, at the default ``checkpoint_timeout`` of 5 minutes."""
REQUESTED: Final = Fraction(1, 2)
"""Of all checkpoints; more than backups ask for. Of checkpoints that occur too frequently the server's own log says
"Consider increasing the configuration parameter max_wal_size" (its documentation, "WAL Configuration")."""
_DOUBLE: Final = (
    "SELECT format('ALTER SYSTEM SET max_wal_size = %L', 2 * setting::bigint || 'MB') FROM pg_settings "
    "WHERE name = 'max_wal_size' \\gexec"
)
"""psql runs what the query gives, with ``\\gexec``: what the setting is now was not sampled."""

_COUNTERS: Final = {
    "scheduled": "postgresql.bgwriter.checkpoints.scheduled",
    "requested": "postgresql.bgwriter.checkpoints.requested",
    "buffers": "postgresql.bgwriter.buffers.checkpoints",
}


def judge(asked: Asked) -> Finding:
    """Compare the checkpoints asked for with those that were due by time."""
    servers = grown(asked, "server", _COUNTERS, (ADDRESS,))
    if not servers:
        return UNSAMPLED
    return Finding(tuple(_suggestion(key[0], grew) for key, grew in servers.items() if _too_many(grew)))


RULE: Final = Rule(NAME, message("PostgreSQL's checkpoints (max_wal_size)"), judge)


def _too_many(grew: Mapping[str, Fraction]) -> bool:
    every = grew["scheduled"] + grew["requested"]
    return every >= LEAST and grew["requested"] / every > REQUESTED


def _suggestion(address: str, grew: Mapping[str, Fraction]) -> Suggestion:
    every = grew["scheduled"] + grew["requested"]
    advice = Advice(
        rule=NAME,
        title=message("Let {server} make fewer checkpoints: double max_wal_size", server=address),
        evidence=(
            message(
                "{requested} of {every} checkpoints ({share}) came before they were due, because the log was full",
                requested=Amount(grew["requested"], Unit.COUNT),
                every=Amount(every, Unit.COUNT),
                share=Amount(share(grew["requested"], every), Unit.RATIO),
            ),
            message("they wrote {buffers} buffers", buffers=Amount(grew["buffers"], Unit.COUNT)),
        ),
        gain=message(
            "Fewer writes of the same pages; how much faster statements get was not measured. Backups and CHECKPOINT "
            "ask for checkpoints too, and are counted. Recovery after a crash takes longer, and the log takes up to "
            "twice its space. No restart is needed; look again after a day, and double it again if need be."
        ),
        commands=("SHOW max_wal_size;", _DOUBLE, "SELECT pg_reload_conf();"),
        page=PAGE,
    )
    return Suggestion(advice, Aim.TIME, Fraction(0))
