"""``atalaia alerts test``: does every channel take what it is given?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TypedDict, Unpack

import click

from analyzers.alerts import DeliveryError, EngineSettings, Kind, Notice, Route
from analyzers.alerts.engine import new_id
from analyzers.alerts.notices import announce
from analyzers.alerts.posting import post
from analyzers.alerts.rules.loading import load_rules
from analyzers.alerts.rules.surroundings import Surroundings
from analyzers.thresholds import Severity
from atalaia.cli.alert_files import RULES, found_file
from atalaia.cli.alert_options import WEBHOOK, file_routes, routed
from atalaia.cli.render.safe import one_line
from atalaia.cli.runtime import ExitStatus, Runtime
from atalaia.cli.teaching import Command
from logging_lib.errors import AtalaiaError

_MESSAGE = "nothing is wrong: somebody tries whether alerts arrive here"


class Typed(TypedDict):
    """The options of ``alerts test``, as click passes them."""

    rules: Path | None
    webhook: tuple[str, ...]
    channel: str | None


@click.command(
    "test",
    cls=Command,
    short_help="Send a test notice through every channel",
    examples=("atalaia alerts test --webhook http://127.0.0.1:9000/hook", "atalaia alerts test --channel console"),
)
@RULES
@WEBHOOK
@click.option("--channel", metavar="NAME", help="Only this one.")
@click.pass_obj
def test(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Send a test notice through every channel, and say which took it.

    Exit status: 0 all took it, 2 one did not, or a mistake.
    """
    path = found_file(typed["rules"])
    if path is None:
        every = routed(typed["webhook"])
    else:
        every = file_routes(load_rules(path, Surroundings(clock=runtime.clock)), typed["webhook"], runtime)
    routes = _chosen(every, typed["channel"])
    channels = {route.channel.name: route.channel for route in routes}
    notice = announce(new_id(), Kind.TEST, Severity.OK, runtime.clock(), _MESSAGE)
    failed: list[str] = []

    def posted(channel: str, _notice: Notice, error: DeliveryError | None) -> None:
        sys.stdout.write(f"{channel}: {'took it' if error is None else one_line(str(error))}\n")
        sys.stdout.flush()
        if error is not None:
            failed.append(channel)

    post(dict.fromkeys(channels, (notice,)), channels, EngineSettings().channel_budget, posted)
    return ExitStatus.ERROR if failed else ExitStatus.OK


def _chosen(routes: tuple[Route, ...], name: str | None) -> tuple[Route, ...]:
    if name is None:
        return routes
    chosen = tuple(each for each in routes if each.channel.name == name)
    if not chosen:
        known = ", ".join(each.channel.name for each in routes)
        raise AtalaiaError(f"there is no channel {name!r}", f"give one of: {known}")
    return chosen
