"""The ``atalaia`` command: what there is, and how it is entered."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from typing import Final

import click

from atalaia.cli.boundary import guarded
from atalaia.cli.groups import Lazy, LazyGroup
from atalaia.cli.runtime import PROGRAM, Runtime

COMMANDS: Final[tuple[Lazy, ...]] = (
    Lazy("ingest", "atalaia.cli.ingesting", "ingest"),
    Lazy("pipeline", "atalaia.cli.pipelines", "pipeline"),
    Lazy("ship", "atalaia.cli.shipping", "run"),
    Lazy("errors", "atalaia.cli.analyses", "errors"),
    Lazy("latency", "atalaia.cli.analyses", "latency"),
    Lazy("throughput", "atalaia.cli.analyses", "throughput"),
    Lazy("availability", "atalaia.cli.analyses", "availability"),
    Lazy("queries", "atalaia.cli.querying", "command"),
    Lazy("logs", "atalaia.cli.logs", "logs"),
    Lazy("sla", "atalaia.cli.sla", "sla"),
    Lazy("explain", "atalaia.cli.explaining", "command"),
    Lazy("capacity", "atalaia.cli.foreseeing", "command"),
    Lazy("anomalies", "atalaia.cli.detecting", "anomalies"),
    Lazy("recommend", "atalaia.cli.recommending", "command"),
    Lazy("alerts", "atalaia.cli.alerting", "alerts"),
    Lazy("runbook", "atalaia.cli.runbooks", "command"),
    Lazy("schedule", "atalaia.cli.scheduling", "schedule"),
    Lazy("example", "atalaia.cli.exemplifying", "example"),
    Lazy("report", "atalaia.cli.reporting", "report"),
    Lazy("verify", "atalaia.cli.verifying", "verify_command"),
    Lazy("metrics", "atalaia.cli.metrics", "metrics"),
    Lazy("elasticsearch", "atalaia.cli.elastic", "elasticsearch"),
    Lazy("kibana", "atalaia.cli.kibana", "kibana"),
    Lazy("serve", "atalaia.cli.serving", "serve"),
    Lazy("store", "atalaia.cli.stores", "store"),
    Lazy("demo", "atalaia.cli.demonstrating", "demo"),
)
"""Every command, in the order of ``--help``."""


@click.group(PROGRAM, cls=LazyGroup, lazy=COMMANDS)
@click.version_option(package_name=PROGRAM, prog_name=PROGRAM)
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
