"""``atalaia pipeline``: Logstash configurations as they are, without Logstash."""

from __future__ import annotations

from typing import Final

import click

from atalaia.cli.groups import Lazy, LazyGroup

COMMANDS: Final[tuple[Lazy, ...]] = (
    Lazy("run", "atalaia.cli.pipeline_running", "run"),
    Lazy("check", "atalaia.cli.pipeline_checking", "check"),
    Lazy("test", "atalaia.cli.pipeline_testing", "test"),
    Lazy("dlq", "atalaia.cli.pipeline_letters", "dlq"),
)
"""The commands below ``atalaia pipeline``, in the order of ``--help``; each is imported only when it is named."""


@click.group("pipeline", cls=LazyGroup, lazy=COMMANDS, short_help="Run Logstash configurations without Logstash")
def pipeline() -> None:
    """Run Logstash configurations without Logstash: as they are, or refused by file, line and option."""
