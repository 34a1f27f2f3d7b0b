"""``atalaia alerts``: judge now, tell once."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Final, TypedDict, Unpack

import click

from analyzers.alerts import (
    AlertReport,
    AlertState,
    Channel,
    ConsoleChannel,
    WebhookChannel,
    check_alerts,
    rules_from,
    sample_host,
)
from analyzers.alerts.measures import DEFAULT_MINIMUM_EVENTS
from analyzers.fields import REQUEST_STREAM
from analyzers.losses import losses_in
from analyzers.selection import parse_duration, parse_zone
from analyzers.selection.window import parse_instant
from analyzers.store.open import open_store
from analyzers.store.query import Window
from analyzers.store.schema import load_schema
from analyzers.thresholds import Severity, load_thresholds
from atalaia.cli.alert_rules import rules
from atalaia.cli.asking import parse_conditions
from atalaia.cli.locations import STORE
from atalaia.cli.losing import mention_losses
from atalaia.cli.options import ENVIRONMENT, TABLE_OR_JSON, WHERE, ZONE
from atalaia.cli.render.alerts import alerts_json, print_alerts
from atalaia.cli.render.safe import one_line
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.teaching import Command

DEFAULT_STATE: Final = "./atalaia-alerts.sqlite"


class Typed(TypedDict):
    """The options of ``alerts check``, as click passes them."""

    store: str
    window: str
    environment: str
    where: tuple[str, ...]
    minimum_events: int
    webhook: tuple[str, ...]
    state: Path
    at: str | None
    zone: str
    form: str


@click.group("alerts", short_help="Tell when a threshold is breached, and when that is over")
def alerts() -> None:
    """Tell when a threshold is breached, and when that is over."""


@alerts.command(
    "check",
    cls=Command,
    short_help="Judge the last minutes, and notify about what changed",
    examples=(
        "atalaia alerts check --window 5m",
        "atalaia alerts check --webhook http://127.0.0.1:9000/hook --min-events 50",
        "atalaia alerts check --at 2024-01-15T10:35:00Z --state ./replay.sqlite --format json",
    ),
)
@click.option("--window", metavar="DURATION", default="5m", show_default=True, help="How far back to look.")
@click.option(
    "--min-events",
    "minimum_events",
    type=click.IntRange(min=1),
    default=DEFAULT_MINIMUM_EVENTS,
    show_default=True,
    help="With fewer events there is nothing to judge.",
)
@click.option("--webhook", metavar="URL", multiple=True, help="POST each notice there as JSON; repeatable.")
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="ATALAIA_ALERT_STATE",
    default=DEFAULT_STATE,
    show_default=True,
    show_envvar=True,
    help="The file that remembers what has been told.",
)
@click.option(
    "--at",
    "--until",
    "at",
    metavar="WHEN",
    help="Judge as of this instant instead of now, without this machine's load.",
)
@ENVIRONMENT
@WHERE
@ZONE
@STORE
@TABLE_OR_JSON
@click.pass_obj
def check(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Judge error rate, response time and this machine's load over the last minutes, and notify about what changed.

    A breach is told once on every channel, and once more when it becomes critical; its end is told once. What a
    webhook does not take is tried again at the next check. Too few events are unmeasured: they neither fire nor
    resolve. Notices go to stderr and to every --webhook.

    Exit status: 0 all is well, 1 an alert is firing, 2 too few events to judge, an undelivered notice, or a mistake.
    """
    schema, zone = load_schema(REQUEST_STREAM), parse_zone(typed["zone"])
    now = runtime.clock()
    end = now if typed["at"] is None else parse_instant(typed["at"], now=now, zone=zone)
    length = end - parse_duration(typed["window"]).before(end, zone)
    watched = rules_from(
        load_thresholds(typed["environment"]),
        window=length,
        minimum_events=typed["minimum_events"],
        where=parse_conditions(typed["where"], schema),
    )
    channels: list[Channel] = [ConsoleChannel(sys.stderr), *map(WebhookChannel, typed["webhook"])]
    sampler = sample_host if typed["at"] is None else None
    with open_store(typed["store"], clock=runtime.clock) as store, AlertState(typed["state"]) as state:
        report = check_alerts(store, watched, state, channels, lambda: end, sampler)
        _show(report, typed["form"], store.url, end)
        mention_losses(losses_in(store, Window(end - length, end)))
    return _status(report)


def _show(report: AlertReport, form: str, store: str, at: datetime) -> None:
    if form == "json":
        sys.stdout.write(alerts_json(report, store=store, at=at) + "\n")
    else:
        print_alerts(report, sys.stdout)
    sys.stdout.flush()
    for failed in report.failed:
        note(f"not delivered to {failed.channel} ({failed.attempts} attempts): {one_line(failed.reason)}")


def _status(report: AlertReport) -> ExitStatus:
    if report.firing:
        return ExitStatus.BREACH
    judged = [each for each in report.evaluations if not each.rule.measure.of_host]
    if all(each.severity is Severity.UNMEASURED for each in judged):
        note(f"nothing to judge: {'; '.join(each.message for each in judged)}")
        return ExitStatus.ERROR
    return ExitStatus.ERROR if report.failed else ExitStatus.OK


alerts.add_command(rules)
