"""``atalaia alerts list``: where the alerts stand."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TypedDict, Unpack

import click

from analyzers.alerts import AlertState
from atalaia.cli.alert_options import STATE
from atalaia.cli.options import TABLE_OR_JSON
from atalaia.cli.render.alert_list import Standing, list_json, print_list
from atalaia.cli.runtime import ExitStatus, Runtime
from atalaia.cli.teaching import Command


class Typed(TypedDict):
    """The options of ``alerts list``, as click passes them."""

    state: Path
    form: str


@click.command(
    "list",
    cls=Command,
    short_help="Where the alerts stand, and what could not be delivered",
    examples=("atalaia alerts list", "atalaia alerts list --format json"),
)
@STATE
@TABLE_OR_JSON
@click.pass_obj
def list_alerts(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Show the alerts as the last check left them, the silences, and the notices that no channel has taken yet.

    What it shows is as old as the last check, which it says.

    Exit status: 0 nothing fires, 1 an alert fires, 2 there is no state yet, or a mistake.
    """
    now = runtime.clock()
    with AlertState.reading(typed["state"]) as state:
        silences = tuple(each for each in state.silences if each.until > now)
        standing = Standing(tuple(state.alerts.values()), silences, state.waiting, state.last_check)
    if typed["form"] == "json":
        sys.stdout.write(list_json(standing) + "\n")
    else:
        print_list(standing, now, sys.stdout)
    return ExitStatus.BREACH if any(each.firing for each in standing.alerts) else ExitStatus.OK
