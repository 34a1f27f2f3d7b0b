"""``atalaia explain``: what is behind the errors or the slowness of a window."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypedDict, Unpack

import click

from analyzers.explanation import ExplainRequest, Explanation, explain
from analyzers.fields import REQUEST_STREAM, RESPONSE_TIME
from analyzers.jobs.job import FAILED
from analyzers.losses import losses_in
from analyzers.selection import parse_window, parse_zone
from analyzers.sla.objectives import AVAILABILITY
from analyzers.store.open import open_store
from analyzers.store.query import EVERYTHING, Exists, Predicate, Range, Window
from analyzers.store.schema import load_schema
from analyzers.thresholds import Thresholds, load_thresholds
from atalaia.cli.asking import parse_conditions
from atalaia.cli.locations import STORE
from atalaia.cli.losing import mention_losses
from atalaia.cli.options import ENVIRONMENT, TABLE_OR_JSON, WHERE, WINDOW, ZONE, stacked
from atalaia.cli.progressing import progress_bar
from atalaia.cli.render.explanation import further_command, print_explanation
from atalaia.cli.render.explanation_json import explanation_as_json
from atalaia.cli.runtime import DEFAULT_STORE, Runtime
from atalaia.cli.status import STATUS_OF_STATE
from atalaia.cli.teaching import Command

_P95: Final = Fraction(95, 100)
DEFAULT_WINDOW: Final = "1h"


class Typed(TypedDict):
    """The options of ``explain``, as click passes them."""

    what: str
    threshold: float | None
    since: str | None
    until: str | None
    window: str | None
    where: tuple[str, ...]
    environment: str
    zone: str
    store: str
    form: str


@dataclass(frozen=True, slots=True)
class What:
    """What can be explained.

    Attributes:
        bad: Which events are bad.
        counted: Which events it is about.
        noun: What the bad ones are called.
        target: The share that must be good.
        limit: The share of bad ones that must not be reached.
        analysis: The command that looks further.
    """

    bad: Predicate
    counted: Predicate
    noun: str
    target: Fraction | None
    limit: Fraction | None
    analysis: str


def what_of(name: str, thresholds: Thresholds, threshold: float | None) -> What:
    """Return what ``--what`` means by the thresholds of an environment."""
    if name == "latency":
        seconds = float(thresholds.response_time.warning) if threshold is None else threshold
        slow = Range(RESPONSE_TIME, gte=seconds)
        return What(slow, Exists(RESPONSE_TIME), "slow requests", _P95, None, "latency")
    if name == "availability":
        return What(FAILED, EVERYTHING, "failed requests", AVAILABILITY.target, None, "availability")
    limit = thresholds.error_rate.warning / 100
    return What(FAILED, EVERYTHING, "failed requests", None, Fraction(limit), "errors")


@click.command(
    "explain",
    cls=Command,
    short_help="What is behind the errors or the slowness of a window",
    examples=(
        "atalaia explain",
        "atalaia explain --what latency --since 2024-01-15T10:00:00Z --until 2024-01-15T11:00:00Z",
        "atalaia explain --what availability --window 24h --where 'endpoint: /api*' --format json",
    ),
)
@click.option(
    "--what",
    type=click.Choice(("errors", "latency", "availability")),
    default="errors",
    show_default=True,
    help="What is to be explained: failed requests by the error-rate threshold or by 99.9 %, or slow ones.",
)
@click.option(
    "--threshold",
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    help="From which response time on a request is slow; by default the warning threshold of --environment.",
)
@stacked(*WINDOW, WHERE, ENVIRONMENT, ZONE, STORE, TABLE_OR_JSON)
@click.pass_obj
def command(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """What is behind the errors or the slowness of a window: the last hour when none is given.

    For each endpoint, version, user, network, client, browser and method, its bad requests are compared with its share
    of all requests and with the same hours of the four weeks before. Said is only what chance does not give (an exact
    binomial test, corrected for how many values were looked at); of several ways to say the same, the shortest. Without
    what stands out the window is judged again, by exact counts.

    Exit status: 0 within the threshold, 1 not, 2 nothing to judge or a mistake.
    """
    zone, what = parse_zone(typed["zone"]), what_of_typed(typed)
    where = parse_conditions(typed["where"], load_schema(REQUEST_STREAM))
    with open_store(typed["store"], clock=runtime.clock) as store:
        window = _window(runtime, typed)
        request = ExplainRequest(
            window, what.bad, what.counted, what.target, what.limit, where=where, zone=zone.key, noun=what.noun
        )
        with progress_bar("Explaining") as advance:
            found = explain(store, request, advance=advance)
        _show(found, what, typed, store.url)
        mention_losses(losses_in(store, window))
    return STATUS_OF_STATE[found.state]


def what_of_typed(typed: Typed) -> What:
    """Return what is to be explained.

    Raises:
        click.UsageError: When a threshold is given for what has none.
    """
    if typed["threshold"] is not None and typed["what"] != "latency":
        raise click.UsageError("--threshold is about slow requests: give --what latency too")
    return what_of(typed["what"], load_thresholds(typed["environment"]), typed["threshold"])


def _window(runtime: Runtime, typed: Typed) -> Window:
    zone = parse_zone(typed["zone"])
    length = DEFAULT_WINDOW if typed["since"] is None and typed["window"] is None else typed["window"]
    return parse_window(typed["since"], typed["until"], length, now=runtime.clock(), zone=zone, extent=None)


def _show(found: Explanation, what: What, typed: Typed, url: str) -> None:
    store = None if typed["store"] == DEFAULT_STORE else url
    if typed["form"] == "json":
        command_line = further_command(found, what.analysis, store)
        sys.stdout.write(explanation_as_json(found, what=typed["what"], store=url, command=command_line) + "\n")
    else:
        print_explanation(found, what.analysis, sys.stdout, store=store)
    sys.stdout.flush()
