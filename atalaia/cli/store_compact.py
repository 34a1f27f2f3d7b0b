"""``atalaia store compact``: few large segments instead of many small ones."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TypedDict, Unpack

import click

from analyzers.store.embedded.compaction import all_merges
from analyzers.store.embedded.maintenance import CompactProgress
from analyzers.store.embedded.records import Segment
from analyzers.store.embedded.settings import Settings
from analyzers.store.embedded.store import EmbeddedStore
from atalaia.cli.progressing import progress_bar
from atalaia.cli.render.counting import counted
from atalaia.cli.render.stored import size_text
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.store_options import LOCATION, STREAM, embedded_store, of_stream
from atalaia.cli.teaching import Command
from atalaia.signals import Ending, ending_at_signals


class Typed(TypedDict):
    """The options of ``store compact``, as click passes them."""

    location: str
    stream: str | None


class _StoppedError(Exception):
    """Ends a compaction between two merges."""


@click.command(
    "compact",
    cls=Command,
    short_help="Merge small files into large ones",
    examples=("atalaia store compact", "atalaia store compact ./web --stream logs-web.request-production"),
)
@LOCATION
@STREAM
@click.pass_obj
def compact(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Merge the small segments of an embedded store into large ones: less room, quicker answers, the same events.

    STORE is its directory; ATALAIA_STORE or ./atalaia-data when it is not given. Whatever writes a store merges by
    itself as it goes; this does all that is left at once, so no other process may be writing. Ctrl-C stops after the
    merge that is under way, and what was done stays done.

    Exit status: 0 done, 130 stopped by Ctrl-C, 2 a mistake.
    """
    with embedded_store(typed["location"], runtime.clock, writable=True) as store, ending_at_signals() as ending:
        before = of_stream(store.segments, typed["stream"])
        lost = len(store.losses)
        _merge(store, typed["stream"], sum(len(merge) for merge in all_merges(before, Settings())), ending)
        streams = {segment.stream for segment in before}
        after = [segment for segment in store.segments if segment.stream in streams]
        sys.stdout.write(f"{_said(before)} before, {_said(after)} now\n")
        sys.stdout.flush()
        if len(store.losses) > lost:
            note("what was damaged has been set aside; 'atalaia store info' says what is lost")
    if not ending.stop.is_set():
        return ExitStatus.OK
    note("stopped; what was merged until then stays merged")
    return ExitStatus.INTERRUPTED if ending.interrupted else ExitStatus.OK


def _merge(store: EmbeddedStore, stream: str | None, total: int, ending: Ending) -> None:
    with progress_bar("merging") as advance:

        def tell(done: CompactProgress) -> None:
            advance(done.segments, total)
            if ending.stop.is_set():
                raise _StoppedError

        try:
            store.maintenance.compact(tell, stream)
        except _StoppedError:
            return


def _said(segments: Sequence[Segment]) -> str:
    return f"{counted(len(segments), 'segment')} of {size_text(sum(segment.size for segment in segments))}"
