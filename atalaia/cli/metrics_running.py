"""``atalaia metrics run``: sample until told to stop, or once for a person to look at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Unpack

import click

from atalaia.cli.metrics_options import VARIABLES, Interval, Typed, samplers_of
from atalaia.cli.options import TABLE_OR_JSON
from atalaia.cli.render.safe import one_line, printable
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.teaching import Command
from atalaia.signals import ending_at_signals
from logging_lib import configure, shutdown
from logging_lib.errors import AtalaiaError
from logging_lib.metrics.runner import Runner
from logging_lib.metrics.sample import Sampler
from logging_lib.metrics.threads import LOCK_NAME, OneProcess
from logging_lib.settings import LoggingSettings

_TOP: Final = 5


@click.command(
    "run",
    cls=Command,
    short_help="Sample at an interval into the log's directory",
    examples=(
        "atalaia metrics run --once",
        "atalaia metrics run --directory /var/log/ti-osn --process gunicorn --process '^postgres$'",
        "ATALAIA_METRICS_POSTGRESQL=postgresql://monitor:…@db/tickets atalaia metrics run --no-host",
        "atalaia metrics run --once --format json | atalaia ingest - --pipeline request",
    ),
)
@click.option("--host/--no-host", default=True, show_default=True, help="Sample this machine.")
@click.option(
    "--process",
    "patterns",
    metavar="PATTERN",
    multiple=True,
    help="Record every process whose name or command line has this regular expression; repeatable.",
)
@click.option(
    "--top",
    type=click.IntRange(0),
    default=_TOP,
    show_default=True,
    help="Record the processes that use most processor time, and those with most memory: how many of each.",
)
@click.option(
    "--postgresql",
    metavar="DSN",
    multiple=True,
    help=f"Sample this PostgreSQL; repeatable. With a password, set {VARIABLES['postgresql']} instead.",
)
@click.option(
    "--redis",
    metavar="URL",
    multiple=True,
    help=f"Sample this Redis; repeatable. With a password, set {VARIABLES['redis']} instead.",
)
@click.option(
    "--interval",
    type=Interval(),
    metavar="DURATION",
    default="15s",
    show_default=True,
    help="The time between two readings; they are taken at whole multiples of it.",
)
@click.option(
    "--service", default="metrics", show_default=True, help="The service of the records, and their file's name."
)
@click.option("--environment", help="Their environment.  [ATALAIA_ENVIRONMENT, or production]")
@click.option(
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the log files go.  [ATALAIA_LOG_DIRECTORY, or logs]",
)
@click.option("--once", is_flag=True, help="Read twice within a second, print what would be recorded, write nothing.")
@TABLE_OR_JSON
@click.pass_obj
def run(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Sample this machine, PostgreSQL and Redis, and write what is read as log records.

    The records go where an application's go: one JSON object a line in DIRECTORY/SERVICE-YYYY-MM-DD.ndjson, for
    'atalaia ingest', 'atalaia ship' or Logstash to take into the data streams metrics-host.system-*,
    metrics-postgresql.server-* and metrics-redis.server-*. 'atalaia metrics fields' explains every field.

    A sampler that fails is told in the same file and on stderr, and asked again at the next interval. One process
    samples into a directory; a second one is refused. Ctrl-C or SIGTERM ends it.

    Exit status: 0 ended by SIGTERM, or all was read once; 130 ended by Ctrl-C; 2 a mistake, or something could not be
    read once.
    """
    samplers = samplers_of(typed)
    if typed["once"]:
        from atalaia.cli.metrics_once import print_once  # noqa: PLC0415 - rich takes long to import

        return print_once(samplers, typed, runtime.clock)
    settings = configure(
        service=typed["service"], environment=typed["environment"], directory=typed["directory"], clock=runtime.clock
    )
    try:
        return _run(samplers, settings, typed, runtime)
    finally:
        shutdown()


def _run(samplers: Sequence[Sampler], settings: LoggingSettings, typed: Typed, runtime: Runtime) -> int:
    lock = OneProcess(settings.directory / LOCK_NAME)
    if not lock.acquire():
        raise AtalaiaError(
            f"another process samples into {settings.directory} already", "end it, or name another --directory"
        )
    names = ", ".join(sampler.name for sampler in samplers)
    where = f"{settings.directory}/{settings.identity.service}-YYYY-MM-DD.ndjson"
    seconds = typed["interval"].total_seconds()
    note(printable(f"sampling every {seconds:g} s into {where}: {names} (Ctrl-C ends it)"))
    runner = Runner(samplers, seconds, runtime.clock, lambda text: note(one_line(text)))
    with ending_at_signals() as ending:
        runner.run(ending.stop)
    lock.release()
    failing = f"; at the end these failed: {', '.join(runner.failing)}" if runner.failing else ""
    note(printable(f"took {runner.emitted:,} samples{failing}"))
    return ExitStatus.INTERRUPTED if ending.interrupted else ExitStatus.OK
