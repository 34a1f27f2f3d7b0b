"""``atalaia alerts list``: where the alerts stand."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TypedDict, Unpack

import click

from analyzers.alerts import AlertState
from atalaia.cli.alert_options import STATE
from atalaia.cli.options import TABLE_OR_JSON
from atalaia.cli.render.alert_list import list_json, print_list
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

    Exit status: 0 nothing fires, 1 an alert fires, 2 there is no state yet, or a mistake.
    """
    with AlertState.reading(typed["state"]) as state:
        alerts, waiting = tuple(state.alerts.values()), state.waiting
        silences = tuple(each for each in state.silences if each.until > runtime.clock())
    if typed["form"] == "json":
        sys.stdout.write(list_json(alerts, silences, waiting) + "\n")
    else:
        print_list(alerts, silences, waiting, sys.stdout)
    return ExitStatus.BREACH if any(each.firing for each in alerts) else ExitStatus.OK
