"""``atalaia pipeline run``: Logstash configurations as they are, in this process."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TypedDict, Unpack

import click

from atalaia.cli.locations import PATH_DATA, STORE, default_data_directory, default_dead_letter
from atalaia.cli.noting import noted_logs
from atalaia.cli.pipeline_options import DEAD_LETTER, ECS, ESCAPES, pipelines_option, sources_of
from atalaia.cli.render.safe import one_line, printable
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.teaching import Command
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.pipeline import Pipeline
from atalaia.pipeline.runtime.collection import eased_collection
from atalaia.pipeline.runtime.places import letter_places
from atalaia.pipeline.runtime.running import Running, Surroundings, writes_documents
from atalaia.pipeline.runtime.shared_store import SharedStore
from atalaia.pipeline.runtime.sources import PipelineSource, compile_source, limits_of
from atalaia.pipeline.runtime.topology import connect
from atalaia.signals import ending_at_signals
from logging_lib.clock import Clock


class Typed(TypedDict):
    """The options of ``pipeline run``, as click passes them."""

    names: tuple[str, ...]
    pipelines_file: Path | None
    ecs: str
    escapes: bool
    store: str
    dead_letter: Path | None
    path_data: Path | None
    stats: bool
    stats_format: str | None


@click.command(
    "run",
    cls=Command,
    short_help="Run Logstash configurations as they are",
    examples=(
        "atalaia pipeline run filter.conf < app.log",
        "tail -f access.log | atalaia pipeline run access-filter.conf --stats",
        "atalaia pipeline run /etc/logstash/conf.d --store ./web",
        "atalaia pipeline run --pipelines /etc/logstash/pipelines.yml --ecs-compatibility v8",
    ),
)
@click.argument("names", metavar="[CONF…]", nargs=-1)
@pipelines_option("A pipelines.yml, for several pipelines at once.")
@ECS
@ESCAPES
@STORE
@DEAD_LETTER
@PATH_DATA
@click.option("--stats", is_flag=True, help="At the end, say on stderr what each plugin did.")
@click.option(
    "--stats-format", type=click.Choice(("table", "json")), help="The form of --stats, which this implies.  [table]"
)
@click.pass_obj
def run(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Run Logstash configurations as they are, without Logstash.

    CONF is a file, a directory or a pattern; several make one pipeline, in the order of their names. Without inputs it
    reads stdin, without outputs it prints, as Logstash does. With the stdin and stdout plugins it is a filter for
    shell pipes: stdout has the events and nothing else.

    An elasticsearch output writes to --store, whatever its hosts say. What is read counts as read only once its events
    are durable: stored, written, or kept as dead letters. Ctrl-C ends the inputs, and what was read is finished; a
    second one ends at once.

    Exit status: 0 all inputs ended, or SIGTERM; 130 Ctrl-C; 2 a mistake.
    """
    dead_letter = typed["dead_letter"] or default_dead_letter(typed["store"])
    variables, places = letter_places(dead_letter, os.environ)
    defaults = PipelineSource(ecs_compatibility=EcsCompatibility(typed["ecs"]), support_escapes=typed["escapes"])
    sources = sources_of(typed["names"], typed["pipelines_file"], defaults, variables)
    with noted_logs():
        pipelines = [compile_source(each, runtime.clock, variables) for each in sources]
    groups = connect(pipelines)
    stored = any(writes_documents(each) for each in pipelines)
    directory = typed["path_data"] or default_data_directory(typed["store"])
    shows = directory if stored or typed["path_data"] else None
    with ending_at_signals() as ending, _store(typed["store"] if stored else None, runtime.clock, ending.stop) as store:
        surroundings = Surroundings(store, places, directory, runtime.clock, limits_of(sources))
        running = Running(groups, surroundings, ending.stop)
        try:
            with noted_logs(), _counters(shows, pipelines, runtime.clock) as tick, eased_collection():
                running.run(tick)
        finally:
            _tell(pipelines, typed, running.dead_lettered, dead_letter)
    return ExitStatus.INTERRUPTED if ending.interrupted else ExitStatus.OK


@contextmanager
def _store(location: str | None, clock: Clock, stop: Event) -> Iterator[SharedStore | None]:
    """Open the store when an output needs it; what it needs takes long to import."""
    if location is None:
        yield None
        return
    from analyzers.store.open import open_store  # noqa: PLC0415 - see above

    with open_store(location, writable=True, clock=clock) as store:
        yield SharedStore(store, stop, lambda text: note(one_line(text)))


@contextmanager
def _counters(directory: Path | None, pipelines: Sequence[Pipeline], clock: Clock) -> Iterator[Callable[[], None]]:
    """Keep the counters' files while pipelines run."""
    if directory is None:
        yield lambda: None
        return
    from atalaia.pipeline.runtime.snapshots import SnapshotWriter  # noqa: PLC0415 - not for a filter in a shell pipe

    writer = SnapshotWriter(directory, [each.counters for each in pipelines], clock)
    try:
        yield writer.tick
    finally:
        writer.close()


def _tell(pipelines: Sequence[Pipeline], typed: Typed, dead_lettered: int, dead_letter: Path) -> None:
    if dead_lettered:
        where = printable(str(dead_letter))
        note(f"{dead_lettered:,} events could not go on; they are kept in {where}, see 'atalaia pipeline dlq list'")
    if not typed["stats"] and typed["stats_format"] is None:
        return
    from atalaia.cli.render.counters import counters_json, print_counters  # noqa: PLC0415 - rich takes long to import

    counters = [each.counters for each in pipelines]
    if typed["stats_format"] == "json":
        sys.stderr.write(f"{counters_json(counters)}\n")
    else:
        print_counters(counters, sys.stderr)
    sys.stderr.flush()
