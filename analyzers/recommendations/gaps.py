"""What is said where nothing was measured, and what to run to have it measured."""

from __future__ import annotations

from typing import Final

from analyzers.language import message
from analyzers.recommendations.model import Gap

_SAMPLE: Final = "atalaia metrics run --directory /var/log/atalaia"


def no_slow_statements() -> Gap:
    """Return the gap of a window without a slow statement."""
    return Gap(
        message(
            "no slow statement was recorded: either none took as long as the application's threshold, or it does not "
            "observe its engine"
        ),
        ("logging_lib.sqlalchemy.observe(engine, slow=0.5)",),
    )


def no_postgresql() -> Gap:
    """Return the gap of a window without a sample of a PostgreSQL."""
    return Gap(
        message("no PostgreSQL was sampled in this window"),
        (f"ATALAIA_METRICS_POSTGRESQL=postgresql://atalaia_monitor@127.0.0.1/postgres {_SAMPLE}",),
    )


def no_redis() -> Gap:
    """Return the gap of a window without a sample of a Redis."""
    return Gap(
        message("no Redis was sampled in this window"),
        (f"ATALAIA_METRICS_REDIS=redis://127.0.0.1:6379/0 {_SAMPLE}",),
    )


def no_machine(server: str) -> Gap:
    """Return the gap of a server of whose machine nothing is known."""
    return Gap(
        message("the memory of the machine of {server} was not sampled: run the sampler there", server=server),
        (_SAMPLE,),
    )
