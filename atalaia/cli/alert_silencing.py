"""``atalaia alerts silence``: keep alerts quiet for a time, with a reason."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TypedDict, Unpack

import click

from analyzers.alerts import AlertState
from analyzers.alerts.mutes import parse_matchers
from analyzers.alerts.people import end_silence
from analyzers.alerts.people import silence as make_silence
from analyzers.alerts.state import OF_PEOPLE
from analyzers.selection import parse_duration, parse_zone
from analyzers.selection.window import parse_instant
from atalaia.cli.alert_options import BY, STATE, who
from atalaia.cli.options import TABLE_OR_JSON, ZONE
from atalaia.cli.render.alert_list import print_silences, silence_object
from atalaia.cli.render.alerts import instant
from atalaia.cli.render.machine import dumped
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.teaching import Command
from logging_lib.errors import AtalaiaError


class Typed(TypedDict):
    """The options of ``alerts silence``, as click passes them."""

    matchers: tuple[str, ...]
    length: str | None
    until: str | None
    reason: str | None
    by: str | None
    listing: bool
    end: str | None
    state: Path
    zone: str
    form: str


@click.command(
    "silence",
    cls=Command,
    short_help="Keep alerts quiet for a time, or end that",
    examples=(
        "atalaia alerts silence rule=error_rate --for 2h --reason 'disk is being replaced'",
        "atalaia alerts silence rule=flood client.ip=203.0.113.9 --until 2024-01-16T08:00 --reason 'load test'",
        "atalaia alerts silence --list",
    ),
)
@click.argument("matchers", nargs=-1, metavar="[MATCHER]...")
@click.option("--for", "length", metavar="DURATION", help="How long, from now on.")
@click.option("--until", metavar="WHEN", help="The first instant after it.")
@click.option("--reason", metavar="TEXT", help="Why; shown beside every alert that is muted.")
@BY
@click.option("--list", "listing", is_flag=True, help="Show the silences that are not over.")
@click.option("--end", metavar="ID", help="End a silence now.")
@STATE
@ZONE
@TABLE_OR_JSON
@click.pass_obj
def silence(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Keep alerts quiet: those whose rule and labels match every MATCHER, rule=NAME or LABEL=VALUE.

    Their state is tracked and shown as muted, and nobody is told. When the silence ends and an alert still fires, that
    is told then.

    Exit status: 0 done, 2 a mistake.
    """
    now = runtime.clock()
    if typed["listing"]:
        return _list(typed, now)
    if typed["end"] is not None:
        return _end(typed["state"], typed["end"], now)
    about, until, reason, by = _asked(typed, now)
    with AlertState(typed["state"], OF_PEOPLE) as state:
        made = make_silence(state, about, (now, until), reason, by)
    matchers = ", ".join(f"{name}={value}" for name, value in made.matchers.items())
    note(f"silence {made.id}: {matchers} until {instant(made.until)}; 'atalaia alerts silence --end {made.id}' ends it")
    return ExitStatus.OK


def _asked(typed: Typed, now: datetime) -> tuple[Mapping[str, str], datetime, str, str]:
    """Return what the options say: about what, until when, why, and who."""
    matchers, zone, reason = parse_matchers(typed["matchers"]), parse_zone(typed["zone"]), typed["reason"]
    if (typed["length"] is None) == (typed["until"] is None):
        raise AtalaiaError("a silence needs its end", "give either --for 2h or --until WHEN")
    if not reason or not reason.strip():
        raise AtalaiaError("a silence needs a reason", "give --reason 'why nobody is to be told'")
    if typed["length"] is not None:
        until = parse_duration(typed["length"]).after(now, zone)
    else:
        until = parse_instant(str(typed["until"]), now=now, zone=zone)
    if until <= now:
        raise AtalaiaError(f"the silence would end at {instant(until)}, before it begins", "give a later --until")
    return matchers, until, reason.strip(), who(typed["by"])


def _list(typed: Typed, now: datetime) -> int:
    with AlertState.reading(typed["state"]) as state:
        standing = tuple(each for each in state.silences if each.until > now)
    if typed["form"] == "json":
        sys.stdout.write(dumped({"silences": [silence_object(each) for each in standing]}) + "\n")
    else:
        print_silences(standing, sys.stdout)
    return ExitStatus.OK


def _end(path: Path, identity: str, now: datetime) -> int:
    with AlertState(path, OF_PEOPLE) as state:
        end_silence(state, identity, now)
    note(f"silence {identity} has ended")
    return ExitStatus.OK
