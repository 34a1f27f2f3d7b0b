"""``atalaia alerts ack``: say that somebody looks after an alert."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypedDict, Unpack

import click

from analyzers.alerts import Alert, AlertState
from analyzers.alerts.alert import Ack
from analyzers.alerts.notices import about
from analyzers.alerts.state import OF_PEOPLE
from atalaia.cli.alert_options import BY, STATE, who
from atalaia.cli.render.safe import one_line
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.teaching import Command
from logging_lib.errors import AtalaiaError


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
        firing = [each for each in state.alerts.values() if each.firing]
        found = {alert.id: alert for name in typed["names"] for alert in _named(name, firing)}
        acked = [replace(each, ack=Ack(now, by, typed["comment"], each.severity)) for each in found.values()]
        state.put(acked)
    for alert in acked:
        note(f"{one_line(about(alert.detail))} is acknowledged by {one_line(by)}")
    return ExitStatus.OK


def _named(name: str, firing: Sequence[Alert]) -> list[Alert]:
    found = [each for each in firing if name in {each.id, each.rule}]
    if not found:
        known = ", ".join(f"{each.id} ({each.rule})" for each in firing) or "none"
        raise AtalaiaError(f"no alert {name!r} fires", f"those that fire: {known}")
    return found
