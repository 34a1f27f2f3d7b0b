"""What is in a store, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, TextIO

from rich import box
from rich.console import Console
from rich.table import Table

from analyzers.store.embedded.records import Loss
from analyzers.store.embedded.summary import StoreSummary, StreamSummary, Waiting
from analyzers.store.instants import from_millis
from atalaia.cli.render.counting import counted
from atalaia.cli.render.machine import rfc3339
from atalaia.cli.render.safe import printable
from atalaia.cli.render.table import console_for, print_whole
from atalaia.cli.render.text import ABSENT, significant

_UNITS: Final = ("B", "kB", "MB", "GB", "TB")
_STEP: Final = 1000
_LEAST_NAME: Final = 16
_DAY: Final = timedelta(days=1)


def size_text(size: int) -> str:
    """Return a number of bytes with three significant digits and a decimal unit."""
    amount, place = float(size), 0
    while amount >= _STEP and place < len(_UNITS) - 1:
        amount, place = amount / _STEP, place + 1
    return f"{significant(amount)} {_UNITS[place]}"


def instant_text(instant: datetime) -> str:
    """Return an instant to the minute, in UTC."""
    return f"{instant:%Y-%m-%d %H:%M}"


def duration_text(duration: timedelta | None) -> str:
    """Return how long something is kept."""
    if duration is None:
        return "for ever"
    return f"{duration // _DAY}d" if not duration % _DAY else str(duration)


def print_summary(summary: StoreSummary, location: str, stream: TextIO, *, positions: bool) -> None:
    """Print the store, its streams, what was lost, and what waits."""
    console = console_for(stream)
    console.print(_headline(summary, location), soft_wrap=True)
    if summary.streams:
        console.print()
        print_whole(console, _amounts(summary.streams))
        console.print()
        print_whole(console, _times(summary.streams))
    for line in (*_losses(summary.losses), *_waiting(summary.waiting)):
        console.print(line, soft_wrap=True)
    if positions:
        _print_positions(console, summary.positions)


def summary_json(summary: StoreSummary, location: str, *, positions: bool) -> Mapping[str, object]:
    """Return the same for programs, with the positions when they are asked for."""
    found: dict[str, object] = {
        "store": location,
        "format": summary.format,
        "commit": summary.commit,
        "checkpoint": summary.checkpoint,
        "writer_pid": summary.writer,
        "streams": [_stream_json(each) for each in summary.streams],
        "segments_due_for_a_merge": summary.waiting.due,
        "segments_to_compact": summary.waiting.mergeable,
        "compacted_into": summary.waiting.into,
        "losses": [loss_json(loss) for loss in summary.losses],
        "sources": len(summary.positions),
    }
    return found | {"positions": dict(sorted(summary.positions.items()))} if positions else found


def _headline(summary: StoreSummary, location: str) -> str:
    events = sum(each.events for each in summary.streams)
    size = sum(each.size for each in summary.streams)
    writer = "nobody writes it" if summary.writer is None else f"process {summary.writer} writes it"
    held = f"{counted(events, 'event')}, {size_text(size)}, of {counted(len(summary.positions), 'source')}"
    commits = f"format {summary.format}, commit {summary.commit:,}, checkpoint {summary.checkpoint:,}"
    return f"{printable(location)}: {held}\n{commits}; {writer}"


def _amounts(streams: Sequence[StreamSummary]) -> Table:
    table = _table("stream", "events", "days", "segments", "size", "bytes/event")
    for each in streams:
        counts = (f"{each.events:,}", f"{each.days:,}", f"{each.segments:,}")
        table.add_row(printable(each.stream), *counts, size_text(each.size), significant(each.size / each.events))
    return table


def _times(streams: Sequence[StreamSummary]) -> Table:
    table = _table("stream", "first [UTC]", "last [UTC]", "kept", "goes")
    for each in streams:
        goes = ABSENT if each.expiry is None else f"{each.expiry.at:%Y-%m-%d}"
        ends = (instant_text(each.first), instant_text(each.last))
        table.add_row(printable(each.stream), *ends, duration_text(each.retention), goes)
    return table


def _table(name: str, *numbers: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False, header_style="bold")
    table.add_column(name, overflow="fold", min_width=_LEAST_NAME)
    for number in numbers:
        table.add_column(number, justify="right", no_wrap=True)
    return table


def _losses(losses: Sequence[Loss]) -> list[str]:
    if not losses:
        return []
    lines = ["", "Lost to disk damage:"]
    for loss in losses:
        lines.append(f"  {counted(loss.rows, 'event')} of {loss.stream}")
        lines.append(f"    {span_text(loss.first, loss.last)}")
        lines.append(f"    noticed {instant_text(from_millis(loss.noticed))}: {printable(loss.reason)}")
        if loss.kept is not None:
            lines.append(f"    the damaged file is kept as {printable(loss.kept)}")
        if loss.restored is not None:
            lines.append(f"    said to be stored again {instant_text(from_millis(loss.restored))}")
    return lines


def span_text(first: int, last: int) -> str:
    """Return a span between two instants in milliseconds since 1970; the second instant belongs to it."""
    return f"{from_millis(first):%Y-%m-%d %H:%M:%S} to {from_millis(last):%Y-%m-%d %H:%M:%S} UTC"


def _waiting(waiting: Waiting) -> list[str]:
    if not waiting.mergeable:
        return []
    merges = f"{waiting.mergeable:,} small segments could be {waiting.into:,}: atalaia store compact"
    return ["", merges, f"A writer merges {waiting.due:,} of them with its next commits, and others as there are more."]


def _print_positions(console: Console, positions: Mapping[str, int]) -> None:
    console.print("\nSources, and the byte up to which each has been read:")
    width = max((len(f"{offset:,}") for offset in positions.values()), default=0)
    for source, offset in sorted(positions.items()):
        console.print(f"  {offset:>{width},}  {printable(source)}", soft_wrap=True)


def _stream_json(each: StreamSummary) -> Mapping[str, object]:
    expiry = each.expiry
    return {
        "stream": each.stream,
        "events": each.events,
        "first": rfc3339(each.first),
        "last": rfc3339(each.last),
        "days": each.days,
        "segments": each.segments,
        "bytes": each.size,
        "retention_seconds": None if each.retention is None else each.retention.total_seconds(),
        "next_to_expire": None
        if expiry is None
        else {"day": expiry.day.isoformat(), "events": expiry.events, "at": rfc3339(expiry.at)},
    }


def loss_json(loss: Loss) -> Mapping[str, object]:
    """Return a loss for programs."""
    return {
        "stream": loss.stream,
        "events": loss.rows,
        "first": rfc3339(from_millis(loss.first)),
        "last": rfc3339(from_millis(loss.last)),
        "noticed": rfc3339(from_millis(loss.noticed)),
        "reason": loss.reason,
        "segment": loss.path,
        "kept": loss.kept,
        "restored": None if loss.restored is None else rfc3339(from_millis(loss.restored)),
    }
