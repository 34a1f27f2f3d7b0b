"""``atalaia queries``: slow SQL statements by their type, shape, endpoint."""

from __future__ import annotations

from typing import Unpack

import click

from analyzers.jobs import queries as job
from atalaia.cli.asking import Subject, Typed, answer
from atalaia.cli.options import selecting_of
from atalaia.cli.runtime import Runtime
from atalaia.cli.teaching import Command


@click.command(
    "queries",
    cls=Command,
    short_help="Slow SQL statements: how many, and how long they took",
    examples=(
        "atalaia queries --by query_type",
        "atalaia queries --window 24h --by endpoint --by statement --top 10",
        "atalaia queries --every hour --where 'sql.operation = SELECT' --format csv",
    ),
)
@selecting_of(job.STATEMENT_STREAM)
@click.pass_obj
def command(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Slow SQL statements, as logging_lib reports them, told by their shape, without any value.

    How many there were, how many of them failed, and the time they took: all together, the 95th percentile, and the
    slowest. Faster statements than the application's threshold are not recorded.

    Exit status: 0 there were some, 2 there were none or a mistake.
    """
    return answer(runtime, typed, job.run, ranks=job.RANKS, about=Subject(job.STATEMENT_STREAM))
