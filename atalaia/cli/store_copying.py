"""``atalaia store copy``: move a history from one store to another."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypedDict, Unpack

import click

from analyzers.losses import losses_in, lost_sentence
from analyzers.selection import parse_instant, parse_zone
from analyzers.store.copying.comparison import compared
from analyzers.store.copying.copy import Copy, Summary, Wanted, pending
from analyzers.store.copying.parts import Span, check_streams, chosen_streams, counts
from analyzers.store.copying.state import Between, CopyState, read_taken
from analyzers.store.interface import Store, StoreError
from analyzers.store.memory.store import MemoryStore
from analyzers.store.open import open_store, shown_location
from analyzers.store.query import Window
from atalaia.cli.copy_progress import watching
from atalaia.cli.locations import default_copies, is_remote
from atalaia.cli.losing import EVER
from atalaia.cli.options import TABLE_OR_JSON
from atalaia.cli.recovering import recoveries
from atalaia.cli.render.copies import Names, copy_json, plan_json, print_copy, print_plan
from atalaia.cli.render.safe import one_line, printable
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.teaching import Command
from atalaia.signals import Ending, ending_at_signals

_MOST_REASONS: Final = 10
_AGAIN: Final = "run the same command again to go on: what is copied stays, and nothing is doubled"


class Typed(TypedDict):
    """The options of ``store copy``, as click passes them."""

    source: str
    target: str
    stream: tuple[str, ...]
    since: str | None
    until: str | None
    state: Path | None
    dry_run: bool
    form: str


@click.command(
    "copy",
    cls=Command,
    short_help="Copy a history from one store to another",
    examples=(
        "atalaia store copy ./atalaia-data http://localhost:9200",
        "atalaia store copy http://localhost:9200 ./back --stream 'logs-web.request-*' --since 2024-01-01",
        "atalaia store copy ./atalaia-data /mnt/new/atalaia-data --dry-run",
    ),
)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option(
    "--stream",
    metavar="NAME",
    multiple=True,
    help="A data stream, or all environments of one as 'logs-web.request-*'; repeatable. All streams by default.",
)
@click.option(
    "--since", metavar="WHEN", help="The first instant: 2024-01-15 (in UTC), RFC 3339, today, yesterday, -30d."
)
@click.option("--until", metavar="WHEN", help="The first instant after what is copied; the same forms.")
@click.option("--dry-run", is_flag=True, help="Compare, say what would be copied, and write nothing.")
@click.option(
    "--state",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where it is noted what has been copied; by default below copies in TO's directory, or FROM's when TO is an "
    "Elasticsearch.",
)
@TABLE_OR_JSON
@click.pass_obj
def copy(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Copy the events of one store, a directory or an Elasticsearch, to another, and compare the two.

    A day of a stream is copied at a time, and again when its events have changed since. It can be stopped at any moment
    and run again: events are known by their ids, so none is doubled, and days that are done are left alone. FROM may be
    written to meanwhile. At the end the events of every day are counted in both stores.

    An Elasticsearch is told who we are by ATALAIA_ES_API_KEY, or ATALAIA_ES_USER and ATALAIA_ES_PASSWORD.

    Exit status: 0 TO has all that FROM has, 1 it has less of some day, or refused events, 2 a mistake, 130 stopped.
    """
    between = Between(_known_as(typed["source"]), _known_as(typed["target"]))
    if between.source == between.target:
        raise StoreError(f"FROM and TO are both {between.source}", "name two stores")
    now = runtime.clock()
    wanted = Wanted(typed["stream"], _span(typed["since"], typed["until"], now))
    state = typed["state"] or default_copies(typed["source"], typed["target"]) / between.file_name
    if typed["dry_run"]:
        return _plan(runtime, typed, wanted, state)
    with (
        open_store(typed["source"], clock=runtime.clock) as source,
        open_store(typed["target"], writable=True, clock=runtime.clock) as target,
        CopyState(state, between) as memory,
        ending_at_signals() as ending,
        watching(runtime.clock) as watch,
    ):
        work = Copy(source, target, wanted, memory, stop=ending.stop.is_set, watch=watch)
        with _encouraging(work):
            summary = work.run()
        _mention_losses(source, wanted)
        names = Names(source.url, target.url)
    if typed["form"] == "json":
        sys.stdout.write(copy_json(names, wanted, summary) + "\n")
    else:
        print_copy(names, summary, sys.stdout)
    sys.stdout.flush()
    return _told(summary, ending)


def _plan(runtime: Runtime, typed: Typed, wanted: Wanted, state: Path) -> int:
    with open_store(typed["source"], clock=runtime.clock) as source, _to_compare(runtime, typed["target"]) as target:
        check_streams(source, wanted.streams)
        streams, taken = chosen_streams(source, wanted.streams), read_taken(state)
        here, there = counts(source, streams, wanted.span), counts(target, streams, wanted.span)
        days, left = compared(here, there, taken), pending(here, there, taken)
        names = Names(source.url, typed["target"] if isinstance(target, MemoryStore) else target.url)
    if typed["form"] == "json":
        sys.stdout.write(plan_json(names, wanted, days, left) + "\n")
    else:
        print_plan(names, days, left, sys.stdout)
    sys.stdout.flush()
    return ExitStatus.OK


def _to_compare(runtime: Runtime, location: str) -> Store:
    """Open the store that would be copied to; a directory that is not there yet is an empty store."""
    path = Path(location)
    if not is_remote(location) and (not path.exists() or (path.is_dir() and not any(path.iterdir()))):
        return MemoryStore()
    return open_store(location, clock=runtime.clock)


def _known_as(location: str) -> str:
    """Return what tells a store apart from all others: an address without credentials, or a directory's whole path."""
    return shown_location(location) if is_remote(location) else str(Path(location).resolve())


def _span(since: str | None, until: str | None, now: datetime) -> Span:
    zone = parse_zone("UTC")
    start, end = (None if text is None else parse_instant(text, now=now, zone=zone) for text in (since, until))
    if start is not None and end is not None:
        Window(start.astimezone(UTC), end.astimezone(UTC))  # refuses what is empty or reversed
    return Span(start, end)


@contextmanager
def _encouraging(work: Copy) -> Iterator[None]:
    """Say, before an error, that nothing of what was done is lost; an error before that needs another remedy."""
    try:
        yield
    except StoreError:
        if work.has_begun:
            note(_AGAIN)
        raise


def _mention_losses(source: Store, wanted: Wanted) -> None:
    """Say what the disk had taken from the source: the target neither has it nor remembers that it is missing."""
    window = wanted.span.within(EVER)
    if window is None:
        return
    streams = chosen_streams(source, wanted.streams)
    if losses := [loss for stream in streams for loss in losses_in(source, window, stream)]:
        note(f"in FROM {lost_sentence(losses)}, which TO does not remember")
        for way in recoveries([loss.stream for loss in losses], "TO"):
            note(way)


def _told(summary: Summary, ending: Ending) -> ExitStatus:
    """Say what is not as it should be, and what to do, on stderr."""
    for reason, count in summary.tally.refused.most_common(_MOST_REASONS):
        stream, identity = summary.tally.first[reason]
        note(f"{count:,} events were refused: {one_line(reason)} (the first is {printable(identity)} of {stream})")
    if len(summary.tally.refused) > _MOST_REASONS:
        note(f"and for {len(summary.tally.refused) - _MOST_REASONS} other reasons; --format json lists them")
    if ending.stop.is_set():
        note(f"stopped; {summary.unfinished:,} days of streams are left")
        note(_AGAIN)
        return ExitStatus.INTERRUPTED
    lacking = sum(1 for day in summary.days if day.lacking)
    if lacking:
        note(f"{lacking:,} days of streams have fewer events in TO; run the same command again")
        note("what stays short was refused (see above), or went by TO's retention while it was copied")
    return ExitStatus.OK if summary.is_whole else ExitStatus.BREACH
