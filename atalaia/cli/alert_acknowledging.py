"""``atalaia alerts ack``: say that somebody looks after an alert."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict, Unpack

import click

from analyzers.alerts import AlertState
from analyzers.alerts.notices import about
from analyzers.alerts.people import acknowledge
from analyzers.alerts.state import OF_PEOPLE
from atalaia.cli.alert_options import BY, STATE, who
from atalaia.cli.render.safe import one_line
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.teaching import Command


class Typed(TypedDict):
    """The options of ``alerts ack``, as click passes them."""

    names: tuple[str, ...]
    by: str | None
    comment: str
    state: Path


@click.command(
    "ack",
    cls=Command,
    short_help="Say that somebody looks after a firing alert",
    examples=(
        "atalaia alerts ack error_rate --by ana --comment 'rolling back'",
        "atalaia alerts ack 3f2a9c1b04",
    ),
)
@click.argument("names", nargs=-1, required=True, metavar="ALERT...")
@BY
@click.option("--comment", metavar="TEXT", default="", help="What else others should know.")
@STATE
@click.pass_obj
def ack(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Acknowledge firing alerts: by the alert's id, as messages and the list show it, or by the rule for all of it.

    Repetitions and escalation stop until the alert resolves or gets worse.

    Exit status: 0 done, 2 no such alert fires, or a mistake.
    """
    now, by = runtime.clock(), who(typed["by"])
    with AlertState(typed["state"], OF_PEOPLE) as state:
        acked = acknowledge(state, typed["names"], now, by, typed["comment"])
    for alert in acked:
        note(f"{one_line(about(alert.detail))} is acknowledged by {one_line(by)}")
    return ExitStatus.OK
