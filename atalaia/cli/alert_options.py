"""The options that the commands about alerts share, and the rules and routes they mean."""

from __future__ import annotations

import getpass
import os
import sys
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final, TypedDict
from zoneinfo import ZoneInfo

import click
from click.core import ParameterSource

from analyzers.alerts import (
    Channel,
    ConsoleChannel,
    EngineSettings,
    Policy,
    Route,
    Rule,
    WebhookChannel,
    sample_host,
)
from analyzers.alerts.channels.building import build_routes
from analyzers.alerts.channels.secret import Secrets
from analyzers.alerts.channels.unsent import unsent_routes
from analyzers.alerts.rules.loading import STANDARD_MINIMUM, default_rules
from analyzers.alerts.rules.model import RuleFile
from analyzers.alerts.rules.surroundings import Surroundings
from analyzers.fields import REQUEST_STREAM
from analyzers.selection import parse_duration
from analyzers.store.schema import load_schema
from atalaia.cli.alert_files import RULES, named_rules
from atalaia.cli.asking import parse_conditions
from atalaia.cli.options import ENVIRONMENT, WHERE, Decorator, stacked
from atalaia.cli.runtime import Runtime, note
from logging_lib.errors import AtalaiaError

DEFAULT_STATE: Final = "./atalaia-alerts.sqlite"

STATE: Final = click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="ATALAIA_ALERT_STATE",
    default=DEFAULT_STATE,
    show_default=True,
    show_envvar=True,
    help="The file that remembers what has been told.",
)
WEBHOOK: Final = click.option(
    "--webhook",
    metavar="URL",
    multiple=True,
    envvar="ATALAIA_WEBHOOK",
    show_envvar=True,
    help="POST each notice there as JSON; repeatable.",
)
BY: Final = click.option("--by", metavar="NAME", help="Who does it; by default whoever is logged in.")
WINDOW: Final = click.option(
    "--window", metavar="DURATION", default="5m", show_default=True, help="How far back to look."
)
MINIMUM: Final = click.option(
    "--min-events",
    "minimum_events",
    type=click.IntRange(min=1),
    default=STANDARD_MINIMUM,
    show_default=True,
    help="With fewer events there is nothing to judge.",
)
UNMEASURED: Final = click.option(
    "--unmeasured-after",
    metavar="DURATION",
    help="Tell, once, what could not be measured for so long; 'never' for never.  [default: as the file says, or 1d]",
)
_SPELT: Final = {"minimum_events": "min-events"}

WATCHING: Final[Decorator] = stacked(RULES, WINDOW, MINIMUM, ENVIRONMENT, WHERE, WEBHOOK, UNMEASURED)
"""What is watched, and who is told."""


class Watching(TypedDict):
    """The options of :data:`WATCHING`, as click passes them."""

    rules: Path | None
    window: str
    minimum_events: int
    environment: str
    where: tuple[str, ...]
    webhook: tuple[str, ...]
    unmeasured_after: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What to watch, and how alerts are handled.

    Attributes:
        rules: What to watch.
        policy: Who is told what, and when not.
        streams_back: How far back of the requests one looks; ``None`` where the rules' file says that for each rule.
    """

    rules: tuple[Rule, ...]
    policy: Policy
    streams_back: timedelta | None


def planned(
    typed: Watching,
    runtime: Runtime,
    *,
    end: datetime,
    zone: ZoneInfo,
    host: bool = False,
    sends: bool = True,
) -> Plan:
    """Return what the options mean: the rules of a file, or the documented thresholds.

    Args:
        typed: The options.
        runtime: The edges.
        end: The instant of the check, for calendar days.
        zone: Their zone.
        host: Whether this machine is looked at, now, where none of its samples are stored.
        sends: Whether notices are sent; if not, no secret of a channel is read.

    Raises:
        UsageError: When an option that is for the documented thresholds is given beside a file.
        TomlError: When the file cannot be read or says something wrong.
    """
    routed(typed["webhook"])  # an address that cannot be meant is refused before anything is said
    around = Surroundings(clock=runtime.clock, sampler=cache(sample_host), host=host)  # one look for all rules
    file, length = named_rules(typed["rules"], typed["environment"], around), None
    if file is not None:
        _refuse_beside(file)
    else:
        length = end - parse_duration(typed["window"]).before(end, zone)
        where = parse_conditions(typed["where"], load_schema(REQUEST_STREAM))
        few = typed["minimum_events"]
        file = default_rules(typed["environment"], window=length, minimum_events=few, where=where, around=around)
    settings = _settings(file.settings, typed["unmeasured_after"], end, zone)
    routes = file_routes(file, typed["webhook"], runtime) if sends else _unsent(file, typed["webhook"])
    return Plan(file.rules, Policy(routes, file.mutes, settings), length)


def _settings(settings: EngineSettings, unmeasured_after: str | None, end: datetime, zone: ZoneInfo) -> EngineSettings:
    if unmeasured_after is None:
        return settings
    if unmeasured_after == "never":
        return replace(settings, unmeasured_after=None)
    return replace(settings, unmeasured_after=end - parse_duration(unmeasured_after).before(end, zone))


def file_routes(file: RuleFile, webhooks: tuple[str, ...], runtime: Runtime) -> tuple[Route, ...]:
    """Return the routes of a file's channels and of further webhooks; the console where the file has no channel."""
    if not file.channels:
        return routed(webhooks)
    folder = Path() if file.path is None else file.path.parent
    built = build_routes(file.channels, Secrets(os.environ, folder, note), sys.stderr, runtime.clock)
    further = [Route(WebhookChannel(url)) for url in webhooks]
    return (*(route for routes in built.values() for route in routes), *further)


def _unsent(file: RuleFile, webhooks: tuple[str, ...]) -> tuple[Route, ...]:
    if not file.channels:
        return routed(webhooks)
    return (*unsent_routes(file.channels), *(Route(WebhookChannel(url)) for url in webhooks))


def routed(webhooks: tuple[str, ...]) -> tuple[Route, ...]:
    """Return the console and the webhooks, each for every breach."""
    channels: list[Channel] = [ConsoleChannel(sys.stderr), *map(WebhookChannel, webhooks)]
    return tuple(map(Route, channels))


def _refuse_beside(file: RuleFile) -> None:
    context = click.get_current_context()
    for name in ("window", "minimum_events", "where"):
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(
                f"--{_SPELT.get(name, name)} is for the documented thresholds; {file.path} says that itself"
            )


def who(by: str | None) -> str:
    """Return who does something: as said, or whoever is logged in.

    Raises:
        AtalaiaError: When nobody is.
    """
    if by is not None:
        return by
    try:
        return getpass.getuser()
    except (OSError, KeyError) as error:
        raise AtalaiaError("this machine does not know who you are", "give --by NAME") from error
