"""``atalaia anomalies``: what was unusual."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final, TypedDict, Unpack

import click

from analyzers.anomalies.episodes import Judged, Summary, summarize
from analyzers.anomalies.finding import Kind
from analyzers.anomalies.recording import Progress
from analyzers.anomalies.scope import Scope
from analyzers.anomalies.settings import (
    SEASONAL,
    AnomalySettings,
    FloodSettings,
    ScanSettings,
    SilenceSettings,
)
from analyzers.anomalies.sweeping import Detectors, Sweep
from analyzers.fields import REQUEST_STREAM, SERVICE_NAME
from analyzers.losses import losses_in
from analyzers.selection import parse_window, parse_zone
from analyzers.store.open import open_store
from analyzers.store.query import And, Equals, Or, Predicate, Window
from analyzers.store.schema import load_schema
from atalaia.cli.asking import parse_conditions
from atalaia.cli.locations import STORE
from atalaia.cli.losing import mention_losses
from atalaia.cli.options import FORMAT, WHERE, WINDOW, ZONE, stacked
from atalaia.cli.progressing import progress_bar
from atalaia.cli.render.anomalies import Answer, anomalies_csv, anomalies_json, print_anomalies
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.teaching import Command

DEFAULT_WINDOW: Final = "24h"


class Typed(TypedDict):
    """The options of ``anomalies``, as click passes them."""

    since: str | None
    until: str | None
    window: str | None
    kinds: tuple[str, ...]
    services: tuple[str, ...]
    where: tuple[str, ...]
    zone: str
    store: str
    form: str


@click.command(
    "anomalies",
    cls=Command,
    short_help="What was unusual: rate, errors, latency, floods, scans, silence",
    examples=(
        "atalaia anomalies --tz America/Sao_Paulo",
        "atalaia anomalies --kind errors --kind latency --window 7d",
        "atalaia anomalies --service osn-helpdesk --since 2024-01-15 --until 2024-01-16 --format json",
    ),
)
@stacked(*WINDOW)
@click.option(
    "--kind",
    "kinds",
    type=click.Choice([kind.value for kind in Kind]),
    multiple=True,
    help="Only these detectors; repeatable. By default all.",
)
@click.option("--service", "services", metavar="NAME", multiple=True, help="Only this service's requests; repeatable.")
@WHERE
@ZONE
@STORE
@FORMAT
@click.pass_obj
def anomalies(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """What was unusual in the last 24 hours, or in another window.

    The number of requests, the share of errors and the share of slow requests are compared with the same hour of the
    week in the eight weeks before (three at least), in --tz; shares of whole days with the weeks before, for what
    creeps up; what single clients and networks send with what busy clients usually send. Each quarter of an hour is
    judged by events before it alone, clients every five minutes. Findings that follow each other are one row: when it
    was found first and last, and the worst of them. docs/anomalies.md says how, and from how many events on.

    Exit status: 0 nothing unusual, 1 something is, 2 nothing could be judged, or a mistake.
    """
    scope, span = _scope(typed), _span(runtime, typed)
    detectors = _detectors(scope, frozenset(map(Kind, typed["kinds"])) or frozenset(Kind))
    with open_store(typed["store"], clock=runtime.clock) as store:
        with progress_bar("judging") as progress:
            sweep = Sweep(store, detectors, span, lambda done, total: progress(done / 2, total))
            summary = summarize(_told(sweep, progress))
        answer = Answer(summary, scope, span, store.url)
        lost = losses_in(store, span)
    _show(answer, typed["form"])
    mention_losses(lost)
    return _status(summary)


def _scope(typed: Typed) -> Scope:
    conditions = [parse_conditions(typed["where"], load_schema(REQUEST_STREAM))]
    named: list[Predicate] = [Equals(SERVICE_NAME, name) for name in typed["services"]]
    if named:
        conditions.append(named[0] if len(named) == 1 else Or(tuple(named)))
    where = conditions[0] if len(conditions) == 1 else And(tuple(conditions))
    return Scope(REQUEST_STREAM, where, parse_zone(typed["zone"]).key)


def _span(runtime: Runtime, typed: Typed) -> Window:
    """Return the window that was asked for, its bounds brought forward to whole minutes."""
    bare = typed["window"] is None and typed["since"] is None
    window = parse_window(
        typed["since"],
        typed["until"],
        DEFAULT_WINDOW if bare else typed["window"],
        now=runtime.clock(),
        zone=parse_zone(typed["zone"]),
        extent=None,
    )
    return Window(_whole(window.start), _whole(window.end))


def _whole(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(second=0, microsecond=0)


def _detectors(scope: Scope, kinds: frozenset[Kind]) -> Detectors:
    seasonal = tuple(kind for kind in SEASONAL if kind in kinds)
    return Detectors(
        AnomalySettings(seasonal, scope) if seasonal else None,
        FloodSettings(scope) if Kind.FLOOD in kinds else None,
        ScanSettings(scope) if Kind.SCAN in kinds else None,
        SilenceSettings(scope) if Kind.SILENCE in kinds else None,
    )


def _told(sweep: Sweep, progress: Progress) -> Iterator[Judged]:
    """Yield what a sweep finds, telling how far it has come: its reading was the first half."""
    total = len(sweep)
    for done, judged in enumerate(sweep, start=1):
        progress((1 + done / total) / 2, 1)
        yield judged


def _show(answer: Answer, form: str) -> None:
    if form == "json":
        sys.stdout.write(anomalies_json(answer) + "\n")
    elif form == "csv":
        sys.stdout.write(anomalies_csv(answer) + "\n")
    else:
        print_anomalies(answer, sys.stdout)
    sys.stdout.flush()


def _status(summary: Summary) -> ExitStatus:
    _mention_unjudged(summary)
    if summary.episodes:
        return ExitStatus.BREACH
    judged = any(tally.judged for tally in summary.tallies.values())
    return ExitStatus.OK if judged else ExitStatus.ERROR


def _mention_unjudged(summary: Summary) -> None:
    """Say in one line how often each kind could not be judged, and why the first of them could not."""
    tallies = {kind: tally for kind, tally in summary.tallies.items() if tally.unmeasured}
    if tallies:
        of_all = [(kind, each.unmeasured, each.judged + each.unmeasured) for kind, each in tallies.items()]
        counts = ", ".join(f"{kind} at {unmeasured:,} of {total:,}" for kind, unmeasured, total in of_all)
        note(f"instants not judged: {counts}; the first: {next(iter(tallies.values())).reason}")
