"""The options that the commands about alerts share, and the rules and routes they mean."""

from __future__ import annotations

import getpass
import os
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
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
    as_rules,
    rules_from,
    sample_host,
)
from analyzers.alerts.channels.building import build_routes
from analyzers.alerts.channels.secret import Secrets
from analyzers.alerts.measures import DEFAULT_MINIMUM_EVENTS
from analyzers.alerts.rules.loading import load_rules
from analyzers.alerts.rules.model import RuleFile
from analyzers.alerts.rules.surroundings import Surroundings
from analyzers.fields import REQUEST_STREAM
from analyzers.selection import parse_duration
from analyzers.store.schema import load_schema
from analyzers.thresholds import load_thresholds
from atalaia.cli.alert_files import DEFAULT_RULES, RULES
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
    default=DEFAULT_MINIMUM_EVENTS,
    show_default=True,
    help="With fewer events there is nothing to judge.",
)
UNMEASURED: Final = click.option(
    "--unmeasured-after",
    metavar="DURATION",
    default="1d",
    show_default=True,
    help="Tell, once, what could not be measured for so long; 'never' for never.",
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
    unmeasured_after: str


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


def planned(typed: Watching, runtime: Runtime, *, end: datetime, zone: ZoneInfo, now: bool) -> Plan:
    """Return what the options mean: the rules of a file, or the documented thresholds.

    Args:
        typed: The options.
        runtime: The edges.
        end: The instant of the check, for calendar days.
        zone: Their zone.
        now: Whether that is the present instant: only then is this machine looked at.

    Raises:
        UsageError: When an option that is for the documented thresholds is given beside a file.
        TomlError: When the file cannot be read or says something wrong.
    """
    path, settings = found_file(typed["rules"]), _settings(typed["unmeasured_after"], end, zone)
    if path is not None:
        _refuse_beside(path)
        file = load_rules(path, Surroundings(clock=runtime.clock))
        routes = file_routes(file, typed["webhook"], runtime)
        return Plan(file.rules, Policy(routes, file.mutes, settings), None)
    routes = routed(typed["webhook"])
    note(f"there is no ./{DEFAULT_RULES}: going by the documented thresholds ({typed['environment']})")
    length = end - parse_duration(typed["window"]).before(end, zone)
    watched = rules_from(
        load_thresholds(typed["environment"]),
        window=length,
        minimum_events=typed["minimum_events"],
        where=parse_conditions(typed["where"], load_schema(REQUEST_STREAM)),
    )
    return Plan(as_rules(watched, sample_host if now else None), Policy(routes, settings=settings), length)


def _settings(unmeasured_after: str, end: datetime, zone: ZoneInfo) -> EngineSettings:
    if unmeasured_after == "never":
        return EngineSettings(unmeasured_after=None)
    return EngineSettings(unmeasured_after=end - parse_duration(unmeasured_after).before(end, zone))


def found_file(path: Path | None) -> Path | None:
    """Return the file of rules that was named, or the one in the working directory; ``None`` where there is none."""
    return path if path is not None or not DEFAULT_RULES.exists() else DEFAULT_RULES


def file_routes(file: RuleFile, webhooks: tuple[str, ...], runtime: Runtime) -> tuple[Route, ...]:
    """Return the routes of a file's channels and of further webhooks; the console where the file has no channel."""
    if not file.channels:
        return routed(webhooks)
    folder = Path() if file.path is None else file.path.parent
    built = build_routes(file.channels, Secrets(os.environ, folder, note), sys.stderr, runtime.clock)
    further = [Route(WebhookChannel(url)) for url in webhooks]
    return (*(route for routes in built.values() for route in routes), *further)


def routed(webhooks: tuple[str, ...]) -> tuple[Route, ...]:
    """Return the console and the webhooks, each for every breach."""
    channels: list[Channel] = [ConsoleChannel(sys.stderr), *map(WebhookChannel, webhooks)]
    return tuple(map(Route, channels))


def _refuse_beside(path: Path) -> None:
    context = click.get_current_context()
    for name in ("window", "minimum_events", "where"):
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(
                f"--{_SPELT.get(name, name)} is for the documented thresholds; {path} says that itself"
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
