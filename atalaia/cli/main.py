"""The ``atalaia`` command: what there is, and how it is entered."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from typing import Final

import click

from analyzers.jobs import ANALYSES
from atalaia.cli.alerting import alerts
from atalaia.cli.analyses import analysis_command, sla
from atalaia.cli.boundary import guarded
from atalaia.cli.demonstrating import demo
from atalaia.cli.ingesting import ingest
from atalaia.cli.reporting import report
from atalaia.cli.runtime import PROGRAM, Runtime, installed_version
from atalaia.cli.serving import serve

COMMANDS: Final[tuple[click.Command, ...]] = (
    ingest,
    *map(analysis_command, ANALYSES),
    sla,
    alerts,
    report,
    serve,
    demo,
)
"""Every command, in the order of ``--help``."""


class InOrder(click.Group):
    """A group that lists its commands as they were given."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, first things first."""
        del ctx  # the order does not depend on it
        return list(self.commands)


@click.group(PROGRAM, cls=InOrder, commands={each.name: each for each in COMMANDS if each.name})
@click.version_option(installed_version(), prog_name=PROGRAM)
def cli() -> None:
    """Ask structured logs: how many requests, how fast, how many failed, and were the promises kept?

    Start with 'atalaia ingest FILE --pipeline request', then ask 'atalaia errors --by endpoint', or watch it live with
    'atalaia serve'. Events are kept in ./atalaia-data unless --store or ATALAIA_STORE says otherwise.

    Exit status: 0 fine, 1 a promise or threshold was breached, 2 a mistake or nothing to judge.
    """


def main(argv: Sequence[str] | None = None, runtime: Runtime | None = None) -> int:
    """Run a command line and return its exit status; never raises for what a person can do wrong.

    Args:
        argv: The arguments after the program's name; those of the process by default.
        runtime: The edges; the real ones by default.
    """
    _survive_any_encoding()
    words = list(sys.argv[1:] if argv is None else argv)
    return guarded(lambda: _run(words, runtime or Runtime()))


def _run(words: list[str], runtime: Runtime) -> int:
    with cli.make_context(PROGRAM, words, obj=runtime) as context:
        status = cli.invoke(context)
    return int(status)


def _survive_any_encoding() -> None:
    """Write what a terminal's encoding lacks as an escape instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
