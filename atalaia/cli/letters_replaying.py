"""``atalaia pipeline dlq replay``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final, Unpack

import click

from atalaia.cli.letters_options import Choosing, choosing, places_of, selection_of
from atalaia.cli.pipeline_options import ECS, sources_of
from atalaia.cli.render.safe import one_line
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.teaching import Command
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.letters.reading import KeptLetter, read_letters
from atalaia.pipeline.letters.replay import Replay, ReplaySummary
from atalaia.pipeline.letters.replay_batch import ReplayBatch
from atalaia.pipeline.letters.rewriting import only_replay
from atalaia.pipeline.pipeline import Pipeline
from atalaia.pipeline.runtime.running import writes_documents
from atalaia.pipeline.runtime.shared_store import SharedStore
from atalaia.pipeline.runtime.shipped import find_pipeline
from atalaia.pipeline.runtime.sources import PipelineSource, compile_source, read_parts
from atalaia.pipeline.runtime.topology import connect
from logging_lib.clock import Clock

_MOST_REASONS: Final = 10


class Typed(Choosing):
    """The options of ``dlq replay``, as click passes them."""

    pipeline_file: Path | None
    ecs: str
    dry_run: bool


@click.command(
    "replay",
    cls=Command,
    short_help="Send dead letters again, after what was wrong is put right",
    examples=(
        "atalaia pipeline dlq replay --pipeline request --dry-run",
        "atalaia pipeline dlq replay --plugin elasticsearch --since yesterday",
        "atalaia pipeline dlq replay --pipeline app --pipeline-file app.conf",
    ),
)
@choosing
@click.option(
    "--pipeline-file",
    metavar="CONF",
    type=click.Path(path_type=Path),
    help="The pipeline to send them through: a file, a directory, or a pipelines.yml. Shipped pipelines are known.",
)
@ECS
@click.option("--dry-run", is_flag=True, help="Say what would become of them, and write nothing.")
@click.pass_obj
def replay(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Send dead letters again, after what was wrong is put right.

    Text is decoded again by its pipeline's own input and goes through filters and outputs, under the id it had: what is
    stored already is not doubled. A document that the store did not take is stored again as it was, or made anew from
    its text when --pipeline-file is given. What succeeds leaves the queue, what fails stays with the new reason.

    Exit status: 0 all went through, 1 some stay, 2 a mistake.
    """
    selection = selection_of(typed, runtime.clock)
    variables, places, directories = places_of(typed)

    def chosen() -> Iterator[KeptLetter]:
        return (letter for directory in directories for letter in read_letters(directory, selection))

    pipelines = _pipelines(typed, chosen, variables, runtime.clock)
    stores = any(map(writes_documents, pipelines)) or any(each.document is not None for each in chosen())
    with ExitStack() as stack:
        for directory in directories:
            stack.enter_context(only_replay(directory))
        store = stack.enter_context(_store(typed["store"] if stores and not typed["dry_run"] else None, runtime.clock))
        batch = ReplayBatch(store, places, runtime.clock, dry=typed["dry_run"])
        stack.callback(batch.close)
        through = typed["pipeline_file"] is not None
        work = Replay(connect(pipelines), batch, runtime.clock, through_pipeline=through, dry=typed["dry_run"])
        summary = work.run(chosen(), stack.enter_context(_progress()))
    _say(summary, dry=typed["dry_run"])
    return ExitStatus.BREACH if summary.stay else ExitStatus.OK


def _pipelines(
    typed: Typed, chosen: Callable[[], Iterator[KeptLetter]], variables: Mapping[str, str], clock: Clock
) -> list[Pipeline]:
    """Return the pipelines that the letters need, as far as they are given or known."""
    defaults = PipelineSource(ecs_compatibility=EcsCompatibility(typed["ecs"]))
    needed = {each.read_by for each in chosen()}
    file = typed["pipeline_file"]
    if file is None:
        sources = [_shipped(name, defaults) for name in sorted(needed)]
    elif file.suffix in {".yml", ".yaml"}:
        sources = list(sources_of((), file, defaults, variables))
    else:
        sources = [_named(each, file, needed) for each in sources_of((str(file),), None, defaults, variables)]
    return [compile_source(each, clock, variables) for each in sources if each is not None]


def _shipped(name: str, defaults: PipelineSource) -> PipelineSource | None:
    try:
        path = find_pipeline(name)
    except PipelineError:
        return None  # its letters stay, and say that the pipeline is not given
    return PipelineSource(name, read_parts([path]), defaults.ecs_compatibility)


def _named(source: PipelineSource, file: Path, needed: set[str]) -> PipelineSource:
    """Give a pipeline the id that the letters know it by."""
    if source.id in needed or not needed:
        return source
    if len(needed) > 1:
        raise PipelineError(
            f"the letters are of the pipelines {', '.join(sorted(needed))}, none of which is {file}",
            "choose one with --pipeline",
        )
    return PipelineSource(needed.pop(), source.parts, source.ecs_compatibility, source.support_escapes)


@contextmanager
def _store(location: str | None, clock: Clock) -> Iterator[SharedStore | None]:
    if location is None:
        yield None
        return
    from analyzers.store.open import open_store  # noqa: PLC0415 - takes long to import, and not every replay needs it

    with open_store(location, writable=True, clock=clock) as store:
        yield SharedStore(store)


@contextmanager
def _progress() -> Iterator[Callable[[ReplaySummary], None]]:
    """Show how many letters were sent, on stderr and only to a terminal."""
    if not sys.stderr.isatty():
        yield lambda _summary: None
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - the same

    from atalaia.cli.render.table import console_for  # noqa: PLC0415 - the same

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console_for(sys.stderr), transient=True) as bar:
        task = bar.add_task("replaying", total=None)

        def advance(summary: ReplaySummary) -> None:
            bar.update(task, description=f"{summary.letters:,} letters")

        yield advance


def _say(summary: ReplaySummary, *, dry: bool) -> None:
    stay = summary.stay.total()
    verbs = ("would go through", "would stay") if dry else ("went through", "stay")
    sys.stdout.write(f"{summary.letters:,} dead letters: {summary.sent:,} {verbs[0]}, {stay:,} {verbs[1]}\n")
    sys.stdout.flush()
    for reason, count in summary.stay.most_common(_MOST_REASONS):
        note(f"  {count:,}: {one_line(reason)}")
    if len(summary.stay) > _MOST_REASONS:
        note(f"  and {len(summary.stay) - _MOST_REASONS} other reasons")
