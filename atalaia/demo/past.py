"""What the demonstration tells about its history: the alerts of the incident, the SLA, the weekly report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Final, TextIO
from zoneinfo import ZoneInfo

from analyzers.alerts import AlertState, Policy, Route, WebhookChannel, check_alerts
from analyzers.alerts.rules.loading import default_rules
from analyzers.analysis import Selection
from analyzers.language import english, language_of
from analyzers.reports.building import build_report
from analyzers.reports.document import Kind
from analyzers.reports.periods import period_of
from analyzers.reports.question import Question, Sources, built_in
from analyzers.reports.rendering import render_html
from analyzers.sla import run as run_sla
from analyzers.store.interface import Store
from atalaia.cli.render.table import print_table
from atalaia.demo.receiver import WebhookReceiver
from atalaia.demo.scenario import ZONE, Scenario

ALERT_WINDOW: Final = timedelta(minutes=15)
CHECK_EVERY: Final = timedelta(minutes=15)
_AROUND: Final = timedelta(hours=1)
"""How long before and after the incident the checks run."""


def replay_alerts(store: Store, state: Path, scenario: Scenario, stream: TextIO) -> None:
    """Check the alerts every quarter of an hour around the incident, as a scheduler would have, over a real webhook."""
    rules = default_rules(window=ALERT_WINDOW).rules
    received: SimpleQueue[str] = SimpleQueue()
    checks = 0
    with (
        WebhookReceiver(lambda kind, message: received.put(f"{kind.upper()}: {message}")) as receiver,
        AlertState(state) as memory,
    ):
        policy = Policy([Route(WebhookChannel(receiver.url))])
        stream.write(f"\n2  Alerts around the incident of {_spoken(scenario.incident.start)}, as a webhook got them:\n")
        at = scenario.incident.start - _AROUND
        while at <= scenario.incident.end + _AROUND:
            check_alerts(store, rules, memory, policy, partial(_same, at))
            checks += 1
            while not received.empty():
                stream.write(f"   {_local(at):%H:%M}  {received.get()}\n")
            at += CHECK_EVERY
    stream.write(f"   ({checks} checks; each breach told once, and its end once)\n")
    stream.flush()


def show_sla(store: Store, scenario: Scenario, stream: TextIO) -> None:
    """Print the three objectives over the whole history."""
    stream.write("\n3  SLA over the whole history:\n")
    print_table(run_sla(store, Selection(scenario.history)), stream)


def write_report(store: Store, directory: Path, scenario: Scenario, say: Callable[[str], None]) -> None:
    """Write the report of the week with the incident."""
    zone = ZoneInfo(ZONE)
    period = period_of(Kind.WEEKLY, scenario.week)
    question = Question(period, zone, built_in(zone), scenario.history.end)
    report = build_report(Sources(store), question).report
    file = directory / f"weekly-{period}.html"
    file.write_text(render_html(report, language_of("en", zone)), encoding="utf-8")
    say(f"\n4  Weekly report: {file}\n   {english(report.verdict[0])}")


def _same(instant: datetime) -> datetime:
    """Return the instant: a clock that stands still there."""
    return instant


def _local(instant: datetime) -> datetime:
    return instant.astimezone(ZoneInfo(ZONE))


def _spoken(instant: datetime) -> str:
    return f"{_local(instant):%Y-%m-%d %H:%M} ({ZONE})"
