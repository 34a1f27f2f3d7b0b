"""The options that commands share, and the values they make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import click

from analyzers.fields import REQUEST_STREAM
from analyzers.language import LANGUAGES
from analyzers.selection.names import names_in
from analyzers.store.checks import MOST_TOP
from analyzers.store.query import CalendarUnit
from analyzers.store.schema import load_schema
from analyzers.thresholds import Profile
from atalaia.cli.locations import STORE

Decorator: TypeAlias = Callable[[Callable[..., int]], Callable[..., int]]

FORMATS: Final = ("table", "json", "csv")

ZONE: Final = click.option(
    "--tz",
    "zone",
    metavar="ZONE",
    envvar="ATALAIA_TZ",
    default="UTC",
    show_default=True,
    show_envvar=True,
    help="The time zone of dates and calendar buckets, by its IANA name.",
)
ENVIRONMENT: Final = click.option(
    "--environment",
    type=click.Choice([profile.value for profile in Profile]),
    envvar="ATALAIA_ENVIRONMENT",
    default=Profile.PRODUCTION.value,
    show_default=True,
    show_envvar=True,
    help="The profile of thresholds to judge by.",
)
WHERE: Final = click.option(
    "--where",
    metavar="CONDITION",
    multiple=True,
    help="Which events count, e.g. 'status_code >= 500'; given several times, all must hold.",
)
FORMAT: Final = click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="A table for people, or JSON or CSV for programs. In CSV texts are safe for a terminal and a spreadsheet "
    "(control characters written out, an apostrophe before a formula); JSON has them as they are.",
)
TABLE_OR_JSON: Final = click.option(
    "--format",
    "form",
    type=click.Choice(("table", "json")),
    default="table",
    show_default=True,
    help="A table for people, or JSON for programs.",
)
WINDOW: Final = (
    click.option("--since", metavar="WHEN", help="The first instant: 2024-01-15, RFC 3339, today, yesterday, -24h."),
    click.option("--until", metavar="WHEN", help="The first instant after the window; the same forms."),
    click.option(
        "--window",
        metavar="DURATION",
        help="A length such as 15m, 24h or 7d, up to --until (default: now) or from --since.",
    ),
)


def _groups(stream: str) -> tuple[Decorator, ...]:
    names = ", ".join(names_in(load_schema(stream)))
    return (
        click.option(
            "--by", metavar="NAME", multiple=True, help=f"Group by {names}, or by a stored field; repeatable."
        ),
        click.option(
            "--every",
            type=click.Choice([unit.value for unit in CalendarUnit]),
            help="Group by calendar buckets in --tz.",
        ),
        click.option(
            "--top",
            type=click.IntRange(1, MOST_TOP),
            metavar="N",
            help="Show the N greatest groups, and all others together as the rest.",
        ),
        click.option("--rank", metavar="MEASURE", help="What --top ranks by, e.g. requests, errors or p95."),
    )


def language_option(said: str) -> Decorator:
    """Return the option ``--lang``, with what it says of itself."""
    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        envvar="ATALAIA_LANG",
        default=LANGUAGES[0],
        show_default=True,
        show_envvar=True,
        help=said,
    )


def selecting(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options that select, group and present requests."""
    return selecting_of(REQUEST_STREAM)(command)


def selecting_of(stream: str) -> Decorator:
    """Return what adds the options that select, group and present the events of a stream."""
    return stacked(*WINDOW, *_groups(stream), WHERE, ZONE, STORE, FORMAT)


def stacked(*options: Decorator) -> Decorator:
    """Return one decorator for several, listed in ``--help`` in this order."""

    def decorate(command: Callable[..., int]) -> Callable[..., int]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate
