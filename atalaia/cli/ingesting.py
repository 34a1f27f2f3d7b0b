"""``atalaia ingest``: files through a pipeline into the store."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Final, TypedDict, Unpack

import click
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from analyzers.store.open import open_store
from atalaia.cli.locations import STORE, default_data_directory, default_dead_letter
from atalaia.cli.noting import noted_logs
from atalaia.cli.render.counting import counted
from atalaia.cli.render.machine import dumped
from atalaia.cli.render.safe import one_line, printable
from atalaia.cli.render.table import console_for
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.teaching import Command
from atalaia.ingest import IngestProgress, IngestSummary, find_pipeline
from atalaia.ingest import ingest as run_ingest
from atalaia.pipeline.runtime.collection import eased_collection

_MOST_REASONS: Final = 5


class Typed(TypedDict):
    """The options of ``ingest``, as click passes them."""

    files: tuple[Path, ...]
    pipeline: str
    store: str
    dead_letter: Path | None
    from_start: bool
    form: str


@click.command(
    "ingest",
    cls=Command,
    short_help="Put log files through a pipeline into the store",
    examples=(
        "atalaia ingest app.ndjson --pipeline request",
        "atalaia ingest /var/log/nginx/access.log --pipeline access --store ./web",
        "zcat access.log.1.gz | atalaia ingest - --pipeline access --format json",
    ),
)
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--pipeline",
    metavar="CONF",
    required=True,
    help="A Logstash configuration file, or a shipped one by name: request, access.",
)
@STORE
@click.option(
    "--dead-letter",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where lines go that cannot be understood; by default dead-letter in the store's directory, or "
    "./atalaia-dead-letter for Elasticsearch.",
)
@click.option(
    "--from-start",
    is_flag=True,
    help="Read files again from their first line, also what was read before: brings back what the store lost. What it "
    "still has is known by its id.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="The summary as a line for people, or as JSON.",
)
@click.pass_obj
def ingest(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Read log files (- is stdin) through a Logstash pipeline and store the events.

    Every line is stored, known already, dropped by the pipeline, or kept with a reason in the dead-letter directory:
    none vanishes. Ingesting a file again adds only what is new in it.

    Exit status: 0 done (also with some dead letters); 2 a mistake, or nothing of what was read could be stored, as with
    the wrong pipeline; 130 stopped by Ctrl-C; what was stored until then stays stored, and the same command goes on
    from there.
    """
    pipeline = find_pipeline(typed["pipeline"])
    dead_letter = typed["dead_letter"] or default_dead_letter(typed["store"])
    opened = open_store(typed["store"], writable=True, clock=runtime.clock)
    with noted_logs(), opened as store, _progress(typed["files"]) as progress, eased_collection():
        summary = run_ingest(
            typed["files"],
            pipeline,
            store,
            dead_letter=dead_letter,
            clock=runtime.clock,
            progress=progress,
            data_directory=default_data_directory(typed["store"]),
            from_start=typed["from_start"],
        )
    sys.stdout.write(_summary(summary, dead_letter, typed["form"]) + "\n")
    sys.stdout.flush()
    _warn(summary, dead_letter)
    return _status(summary, pipeline)


def _summary(summary: IngestSummary, dead_letter: Path, form: str) -> str:
    if form == "json":
        return dumped({**asdict(summary), "dead_letter": str(dead_letter)})
    parts = [f"{summary.stored:,} stored", f"{summary.duplicates:,} known already"]
    parts += [f"{summary.dropped:,} dropped", f"{summary.dead_lettered:,} dead-lettered"]
    return f"{counted(summary.lines, 'line')}: {', '.join(parts)}"


def _warn(summary: IngestSummary, dead_letter: Path) -> None:
    if summary.future:
        note(f"{counted(summary.future, 'event')} of the future: stored, but check the clocks of what wrote such times")
    if not summary.dead_lettered:
        return
    lines = counted(summary.dead_lettered, "line")
    note(f"{lines} could not be understood, and kept with the reason in {printable(str(dead_letter))}")
    most_common = sorted(summary.reasons.items(), key=lambda each: (-each[1], each[0]))
    for reason, count in most_common[:_MOST_REASONS]:
        note(f"  {count:,}: {one_line(reason)}")
    if len(most_common) > _MOST_REASONS:
        note(f"  and {len(most_common) - _MOST_REASONS} other reasons")


def _status(summary: IngestSummary, pipeline: Path) -> ExitStatus:
    """Return whether the store has anything of what was read: a schedule calls a run fine that ends with 0 or 1."""
    if not summary.dead_lettered or summary.stored or summary.duplicates:
        return ExitStatus.OK
    note(f"nothing of what was read could be stored: is {printable(str(pipeline))} the pipeline for these files?")
    return ExitStatus.ERROR


@contextmanager
def _progress(files: tuple[Path, ...]) -> Iterator[Callable[[IngestProgress], None] | None]:
    """Show how far the reading has come, on stderr and only to a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console_for(sys.stderr), transient=True) as bar:
        task = bar.add_task("reading", total=_size(files))

        def advance(state: IngestProgress) -> None:
            bar.update(task, completed=state.bytes_read, description=f"{state.lines:,} lines")

        yield advance


def _size(files: tuple[Path, ...]) -> int | None:
    """Return how many bytes there are to read; ``None`` when a file is not a regular one."""
    return sum(each.stat().st_size for each in files) if all(each.is_file() for each in files) else None
