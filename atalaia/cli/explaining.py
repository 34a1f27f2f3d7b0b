"""``atalaia explain``: what is behind the errors or the slowness of a window."""

from __future__ import annotations

import sys
from typing import Final, TypedDict, Unpack

import click

from analyzers.explanation import ExplainRequest, Explanation, explain
from analyzers.explanation.what import WHATS, What, what_of
from analyzers.fields import REQUEST_STREAM
from analyzers.losses import losses_in
from analyzers.selection import parse_window, parse_zone
from analyzers.store.open import open_store
from analyzers.store.query import Window
from analyzers.store.schema import load_schema
from analyzers.thresholds import load_thresholds
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
    type=click.Choice(WHATS),
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
