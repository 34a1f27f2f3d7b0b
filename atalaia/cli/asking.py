"""From what a person typed to an answer on the screen, for every analysis alike."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, TypedDict

from analyzers.analysis import Analysis, Selection, State
from analyzers.analysis_json import Circumstances
from analyzers.fields import REQUEST_STREAM
from analyzers.losses import losses_in
from analyzers.selection import parse_dimensions, parse_top, parse_where, parse_window, parse_zone
from analyzers.store.interface import Store
from analyzers.store.open import open_store
from analyzers.store.query import EVERYTHING, And, Predicate, Window
from analyzers.store.schema import Schema, load_schema
from atalaia.cli.losing import EVER, mention_losses
from atalaia.cli.render.machine import as_csv, as_json
from atalaia.cli.render.table import calendar_of, empty_buckets, print_table
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.status import STATUS_OF_STATE

Run: TypeAlias = Callable[[Store, Selection], Analysis]


class Typed(TypedDict):
    """What a person typed of :func:`atalaia.cli.options.selecting`, as click passes it."""

    since: str | None
    until: str | None
    window: str | None
    by: tuple[str, ...]
    every: str | None
    top: int | None
    rank: str | None
    where: tuple[str, ...]
    zone: str
    store: str
    form: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What an analysis is about, before a person narrows it.

    Attributes:
        stream: The data stream.
        where: Which of its events.
        contract: The contract that it is judged by, as JSON; ``None`` for an analysis that needs none.
    """

    stream: str = REQUEST_STREAM
    where: Predicate = EVERYTHING
    contract: Mapping[str, object] | None = None


EVERY_REQUEST: Final = Subject()


def answer(
    runtime: Runtime, typed: Typed, run: Run, *, ranks: Sequence[str], about: Subject = EVERY_REQUEST
) -> ExitStatus:
    """Run an analysis, print it, and return what its state means to the shell.

    Args:
        runtime: The edges.
        typed: What was typed.
        run: The analysis.
        ranks: The measures by which it can rank groups, the usual one first.
        about: What it is about.
    """
    stream, zone, schema = about.stream, parse_zone(typed["zone"]), load_schema(about.stream)
    where = both(about.where, parse_conditions(typed["where"], schema))
    by = parse_dimensions(typed["by"], typed["every"], zone, schema)
    top = parse_top(typed["top"], typed["rank"], by, ranks)
    with open_store(typed["store"], clock=runtime.clock) as store:
        extent = store.extent(stream)
        if extent is None and typed["since"] is None and typed["window"] is None:  # refused in the next line
            mention_losses(losses_in(store, EVER, stream))
        window = parse_window(
            typed["since"], typed["until"], typed["window"], now=runtime.clock(), zone=zone, extent=extent
        )
        analysis = run(store, Selection(window, by, where, stream, top))
        held, lost = None if extent is None else extent.start, losses_in(store, _meant(typed, window), stream)
        show(analysis, typed, Circumstances(store.url, typed["zone"], runtime.clock(), held, lost, about.contract))
    return STATUS_OF_STATE[analysis.state]


def both(one: Predicate, other: Predicate) -> Predicate:
    """Return the predicate that holds where both do."""
    parts = tuple(each for each in (one, other) if each != EVERYTHING)
    return parts[0] if len(parts) == 1 else And(parts)


def parse_conditions(texts: tuple[str, ...], schema: Schema) -> Predicate:
    """Return the predicate that holds where every condition does."""
    parsed = tuple(parse_where(text, schema) for text in texts)
    if not parsed:
        return EVERYTHING
    return parsed[0] if len(parsed) == 1 else And(parsed)


def show(analysis: Analysis, typed: Typed, circumstances: Circumstances) -> None:
    """Print the answer on stdout, and what is missing in it on stderr."""
    if typed["form"] == "json":
        sys.stdout.write(as_json(analysis, circumstances) + "\n")
    elif typed["form"] == "csv":
        sys.stdout.write(as_csv(analysis) + "\n")
    else:
        print_table(analysis, sys.stdout)
    sys.stdout.flush()
    _mention_gaps(analysis)
    mention_losses(circumstances.lost)
    if analysis.sampling is not None:
        note(analysis.sampling.sentence)
    if analysis.state is State.UNMEASURED:
        note(f"nothing to judge: {analysis.verdict}")


def _mention_gaps(analysis: Analysis) -> None:
    calendar = calendar_of(analysis)
    missing, buckets = empty_buckets(analysis)
    if calendar is not None and missing:
        note(f"{missing:,} of the {buckets:,} {calendar.unit}s in the window have no events: absent, not zero")


def _meant(typed: Typed, window: Window) -> Window:
    """Return the window without the bounds that come from the events themselves: lost ones may lie beyond them."""
    if typed["window"] is not None:
        return window
    return Window(
        EVER.start if typed["since"] is None else window.start, EVER.end if typed["until"] is None else window.end
    )
