"""What plugins did, for ``--stats``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TextIO

from rich import box
from rich.table import Table

from atalaia.cli.render.machine import dumped
from atalaia.cli.render.safe import printable
from atalaia.cli.render.table import console_for, print_whole
from atalaia.pipeline.counters import Counters, PluginCounter
from atalaia.pipeline.runtime.snapshots import counts_of

_HEADERS: Final = ("section", "plugin", "id", "in", "out", "dropped", "failed", "seconds", "share")
_NAMES: Final = 3


def print_counters(pipelines: Sequence[Counters], stream: TextIO) -> None:
    """Print a table for each pipeline, its plugins in the order of the file; share is of the time of all plugins."""
    console = console_for(stream)
    for counters in pipelines:
        console.print(f"pipeline {printable(counters.pipeline)}")
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
        for place, name in enumerate(_HEADERS):
            table.add_column(name, justify="left" if place < _NAMES else "right", no_wrap=True)
        total = sum(each.seconds for each in counters.plugins)
        for each in counters.plugins:
            table.add_row(*_cells(each, total))
        print_whole(console, table)


def counters_json(pipelines: Sequence[Counters]) -> str:
    """Return the same as JSON, arms of branches included."""
    return dumped({"pipelines": [counts_of(each).model_dump(mode="json") for each in pipelines]})


def _cells(each: PluginCounter, total: float) -> tuple[str, ...]:
    counts = (each.events_in, each.events_out, each.dropped, each.failed)
    share = f"{each.seconds / total:.1%}" if total else ""
    names = (each.kind.value, printable(each.name), printable(each.id))
    return (*names, *(f"{count:,}" for count in counts), f"{each.seconds:.3f}", share)
