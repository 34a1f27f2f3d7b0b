"""``atalaia alerts replay``: what would these rules have told?"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Final, Unpack

import click

from analyzers.alerts.replay import Moment, instants, replay, totals
from analyzers.selection import parse_duration, parse_window, parse_zone
from analyzers.store.interface import Store
from analyzers.store.open import open_store
from analyzers.store.query import Window
from atalaia.cli.alert_options import WATCHING, Plan, Watching, planned
from atalaia.cli.locations import STORE
from atalaia.cli.options import TABLE_OR_JSON, ZONE
from atalaia.cli.progressing import progress_bar
from atalaia.cli.render.alert_replay import Replayed, print_replay, replay_json
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.teaching import Command
from atalaia.signals import Ending, ending_at_signals
from logging_lib.errors import AtalaiaError

_LENGTH: Final = re.compile(r"\d+[smhdw]", re.ASCII)
_MANY: Final = 50_000
"""More evaluations than this take long: a week by the minute has 10,080, 90 days at 5 minutes 25,920."""


class Typed(Watching):
    """The options of ``alerts replay``, as click passes them."""

    since: str
    until: str | None
    every: str
    short: str
    store: str
    zone: str
    form: str


@click.command(
    "replay",
    cls=Command,
    short_help="What these rules would have told in the past; nothing is sent",
    examples=(
        "atalaia alerts replay --since 7d --rules examples/alerts.toml",
        "atalaia alerts replay --since 2024-01-15 --until 2024-01-16 --every 15m --window 15m --format json",
    ),
)
@click.option("--since", metavar="WHEN", required=True, help="The start: 90d, 2024-01-15, RFC 3339, yesterday.")
@click.option("--until", metavar="WHEN", help="The end and last evaluation; by default the last whole minute.")
@click.option("--every", metavar="DURATION", default="5m", show_default=True, help="How often to evaluate.")
@click.option(
    "--short", metavar="DURATION", default="15m", show_default=True, help="An alert this short may be a false alarm."
)
@WATCHING
@ZONE
@STORE
@TABLE_OR_JSON
@click.pass_obj
def replay_alerts(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Evaluate the rules over the past at their interval, and show what they would have told whom. Nothing is sent.

    The decisions are those of 'alerts check', beginning with nothing remembered. Ctrl-C ends it and shows what was
    found so far. Alerts between two evaluations are not seen: a coarser --every is faster and sees less.

    Exit status: 0 done, whatever was found, 2 nothing could be measured, or a mistake, 130 ended by Ctrl-C.
    """
    zone, now = parse_zone(typed["zone"]), runtime.clock()
    minute = now.astimezone(UTC).replace(second=0, microsecond=0)
    span = parse_window(
        _since(typed["since"]), typed["until"] or minute.isoformat(), None, now=now, zone=zone, extent=None
    )
    every = parse_duration(typed["every"])
    apart = span.end - every.before(span.end, zone)
    if apart <= timedelta(0):
        raise AtalaiaError("--every is no time at all", "give at least 1s")
    number = len(instants(span, apart))
    if number > _MANY:
        note(
            f"{number:,} evaluations will take a while: --every {2 * (apart // timedelta(minutes=1)) or 1}m halves them"
        )
    plan = planned(typed, runtime, end=span.end, zone=zone, sends=False)
    short = span.end - parse_duration(typed["short"]).before(span.end, zone)
    with open_store(typed["store"], clock=runtime.clock) as store, ending_at_signals() as ending:
        replayed = run_replay(store, plan, Task(span, apart, short, number), ending)
        if typed["form"] == "json":
            sys.stdout.write(replay_json(replayed, store.url) + "\n")
        else:
            print_replay(replayed, sys.stdout)
    return _status(replayed)


def _since(text: str) -> str:
    """Return the start as other commands write it; ``90d`` is so long ago."""
    return f"-{text}" if _LENGTH.fullmatch(text) else text


@dataclass(frozen=True, slots=True)
class Task:
    """What is replayed.

    Attributes:
        span: The past.
        every: The distance of evaluations.
        short: An alert this short may be a false alarm.
        number: How many evaluations that are.
    """

    span: Window
    every: timedelta
    short: timedelta
    number: int


def run_replay(store: Store, plan: Plan, task: Task, ending: Ending) -> Replayed:
    """Evaluate until the end or until somebody wishes to end, and return what was found so far."""
    moments: list[Moment] = []
    done, measured = 0, False
    with progress_bar("replaying") as progress:
        for moment in replay(store, plan.rules, plan.policy, task.span, task.every):
            done, measured = done + 1, measured or moment.measured
            if moment.outgoing:
                moments.append(moment)
            progress(done, task.number)
            if ending.stop.is_set():
                break
    found = totals(moments, plan.rules, task.short)
    return Replayed(task.span, task.every, task.short, done, task.number, measured, tuple(moments), found)


def _status(replayed: Replayed) -> ExitStatus:
    if replayed.done < replayed.planned:
        note(f"ended after {replayed.done:,} of {replayed.planned:,} evaluations")
        return ExitStatus.INTERRUPTED
    if not replayed.measured:
        note("nothing to judge: no rule measured anything in all that time")
        return ExitStatus.ERROR
    return ExitStatus.OK
