"""The options that the commands about alerts share, and the rules and routes they mean."""

from __future__ import annotations

import getpass
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TypedDict
from zoneinfo import ZoneInfo

import click

from analyzers.alerts import (
    Channel,
    ConsoleChannel,
    Policy,
    Route,
    Rule,
    Sampler,
    WebhookChannel,
    as_rules,
    rules_from,
)
from analyzers.alerts.measures import DEFAULT_MINIMUM_EVENTS
from analyzers.fields import REQUEST_STREAM
from analyzers.selection import parse_duration
from analyzers.store.schema import load_schema
from analyzers.thresholds import load_thresholds
from atalaia.cli.asking import parse_conditions
from atalaia.cli.options import ENVIRONMENT, WHERE, Decorator, stacked
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
    "--webhook", metavar="URL", multiple=True, help="POST each notice there as JSON; repeatable."
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
WATCHING: Final[Decorator] = stacked(WINDOW, MINIMUM, ENVIRONMENT, WHERE, WEBHOOK)
"""What is watched, and who is told."""


class Watching(TypedDict):
    """The options of :data:`WATCHING`, as click passes them."""

    window: str
    minimum_events: int
    environment: str
    where: tuple[str, ...]
    webhook: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to watch, and how alerts are handled.

    Attributes:
        rules: What to watch.
        policy: Who is told what, and when not.
        longest: How far back the rules look, for what was lost of the store.
    """

    rules: tuple[Rule, ...]
    policy: Policy
    longest: timedelta


def planned(typed: Watching, *, end: datetime, zone: ZoneInfo, sampler: Sampler | None) -> Plan:
    """Return what the options mean.

    Args:
        typed: The options.
        end: The instant of the check, for calendar days.
        zone: Their zone.
        sampler: Looks at this machine; ``None`` when the check is of another time.
    """
    length = end - parse_duration(typed["window"]).before(end, zone)
    watched = rules_from(
        load_thresholds(typed["environment"]),
        window=length,
        minimum_events=typed["minimum_events"],
        where=parse_conditions(typed["where"], load_schema(REQUEST_STREAM)),
    )
    return Plan(as_rules(watched, sampler), Policy(routed(typed["webhook"])), length)


def routed(webhooks: tuple[str, ...]) -> tuple[Route, ...]:
    """Return the console and the webhooks, each for every breach."""
    channels: list[Channel] = [ConsoleChannel(sys.stderr), *map(WebhookChannel, webhooks)]
    return tuple(map(Route, channels))


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
