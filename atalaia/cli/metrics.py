"""``atalaia metrics``: the numbers of the machine and its servers, as log records."""

from __future__ import annotations

from typing import Final

import click

from atalaia.cli.groups import Lazy, LazyGroup

COMMANDS: Final[tuple[Lazy, ...]] = (
    Lazy("run", "atalaia.cli.metrics_running", "run"),
    Lazy("fields", "atalaia.cli.metrics_fields", "fields"),
)
"""The commands below ``atalaia metrics``, in the order of ``--help``; each is imported only when it is named."""


@click.group(
    "metrics", cls=LazyGroup, lazy=COMMANDS, short_help="Sample the machine, PostgreSQL and Redis into the log"
)
def metrics() -> None:
    """Sample the machine, PostgreSQL and Redis: their numbers become log records, on the road of all other lines."""
