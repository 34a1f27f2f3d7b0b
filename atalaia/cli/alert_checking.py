"""``atalaia alerts check``: judge now, tell what changed."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Unpack

import click

from analyzers.alerts import AlertReport, AlertState, check_alerts
from analyzers.alerts.delivery import Deliveries, deliver, random_jitter
from analyzers.losses import losses_in
from analyzers.selection import parse_zone
from analyzers.selection.window import parse_instant
from analyzers.store.interface import Store
from analyzers.store.open import open_store
from analyzers.store.query import Window
from atalaia.cli.alert_files import HOST
from atalaia.cli.alert_options import STATE, WATCHING, Plan, Watching, planned
from atalaia.cli.locations import STORE
from atalaia.cli.losing import mention_losses
from atalaia.cli.options import TABLE_OR_JSON, ZONE
from atalaia.cli.render.alerts import alerts_json, print_alerts
from atalaia.cli.render.safe import one_line
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.teaching import Command
from logging_lib.errors import AtalaiaError

_LOOKED_BACK: Final = timedelta(days=1)
"""Events lost of so long before are mentioned where each rule has a window of its own."""

_REMEDY: Final = (
    "is anything ingested? 'atalaia store info' or 'atalaia elasticsearch status' shows it; "
    "where so few events are usual, ask for fewer of them or look further back"
)


class Typed(Watching):
    """The options of ``alerts check``, as click passes them."""

    store: str
    state: Path
    at: str | None
    zone: str
    host: bool
    form: str


@click.command(
    "check",
    cls=Command,
    short_help="Judge the last minutes, and notify about what changed",
    examples=(
        "atalaia alerts check --rules examples/alerts.toml",
        "atalaia alerts check --window 5m --host",
        "atalaia alerts check --webhook http://127.0.0.1:9000/hook --min-events 50",
        "atalaia alerts check --at 2024-01-15T10:35:00Z --state ./replay.sqlite --format json",
    ),
)
@WATCHING
@STATE
@click.option(
    "--at",
    "--until",
    "at",
    metavar="WHEN",
    help="Judge as of this instant instead of now.",
)
@HOST
@ZONE
@STORE
@TABLE_OR_JSON
@click.pass_obj
def check(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Judge every rule over the last minutes, and notify about what changed.

    The rules and channels are those of the file; without one, the documented thresholds of error rate, response time
    and the load of machines, told to stderr and to every --webhook. Machines are judged by the samples that 'atalaia
    metrics run' stores; with --host this one is looked at where none of its samples are stored.

    A breach is told once on every channel, and once more when it becomes critical; its end is told once. What a
    channel does not take is tried again at later checks, at growing distances. Too few events are unmeasured: they
    neither fire nor resolve.

    Exit status: 0 all is well; 1 an alert is firing; 2 nothing or not every rule could be judged, a notice is not
    delivered, whatever fires, or a mistake.
    """
    zone, now = parse_zone(typed["zone"]), runtime.clock()
    end = now if typed["at"] is None else parse_instant(typed["at"], now=now, zone=zone)
    plan = planned(typed, runtime, end=end, zone=zone, host=typed["host"])
    with _opened(typed, runtime, plan, end) as store, AlertState(typed["state"]) as state:
        report = check_alerts(store, plan.rules, state, plan.policy, lambda: end)
        _show(report, typed["form"], store.url, end)
        mention_losses(losses_in(store, Window(end - (plan.streams_back or _LOOKED_BACK), end)))
    return _status(report)


def _opened(typed: Typed, runtime: Runtime, plan: Plan, end: datetime) -> Store:
    """Open the store; where that fails, what earlier checks had to tell is delivered all the same."""
    try:
        return open_store(typed["store"], clock=runtime.clock)
    except AtalaiaError:
        if typed["state"].exists():
            with AlertState(typed["state"]) as state:
                _show_undelivered(deliver(state, plan.policy, lambda: end, random_jitter))
        raise


def _show(report: AlertReport, form: str, store: str, at: datetime) -> None:
    if form == "json":
        sys.stdout.write(alerts_json(report, store=store, at=at) + "\n")
    else:
        print_alerts(report, sys.stdout)
    sys.stdout.flush()
    for refused in report.refused:
        note(f"{refused.rule} could not be judged: {one_line(refused.reason)}")
    _show_undelivered(report)


def _show_undelivered(report: AlertReport | Deliveries) -> None:
    for failed in report.failed:
        note(f"not delivered to {failed.channel} ({failed.attempts} attempts): {one_line(failed.reason)}")
    for failed in report.given_up:
        note(f"given up for {failed.channel} ({failed.attempts} attempts): {one_line(failed.notice.subject)}")


def _status(report: AlertReport) -> ExitStatus:
    """Return the exit status; a check that could not do all it is for is an error, also where something fires."""
    if not report.judged and not report.refused:
        unmeasured = "; ".join(each.message for each in report.signals if each.events is not None)
        note(f"nothing to judge: {one_line(unmeasured) or 'no rule measured anything'}; {_REMEDY}")
    if not report.judged or report.refused or report.failed or report.given_up:
        return ExitStatus.ERROR
    return ExitStatus.BREACH if report.firing else ExitStatus.OK
