"""``atalaia capacity``: what grows, and when it runs out."""

from __future__ import annotations

import sys
from typing import TypedDict, Unpack

import click

from analyzers.capacity import capacity_plan
from analyzers.capacity.resources import whole_days
from analyzers.selection import parse_window, parse_zone
from analyzers.selection.errors import SelectionError
from analyzers.store.open import open_store
from atalaia.cli.locations import STORE
from atalaia.cli.options import TABLE_OR_JSON, WINDOW, ZONE, stacked
from atalaia.cli.render.capacity import plan_as_json, print_plan
from atalaia.cli.runtime import Runtime
from atalaia.cli.status import STATUS_OF_STATE
from atalaia.cli.teaching import Command

DEFAULT_WINDOW = "90d"
"""How long a store keeps samples by default."""


class Typed(TypedDict):
    """The options of ``capacity``, as click passes them."""

    within: int
    since: str | None
    until: str | None
    window: str | None
    zone: str
    store: str
    form: str


@click.command(
    "capacity",
    cls=Command,
    short_help="What grows, and when it runs out",
    examples=(
        "atalaia capacity",
        "atalaia capacity --within 60 --tz America/Sao_Paulo",
        "atalaia capacity --until 2024-02-01 --format json",
    ),
)
@click.option(
    "--within",
    type=click.IntRange(min=0),
    metavar="DAYS",
    default=30,
    show_default=True,
    help="How many days ahead running out is a breach.",
)
@stacked(*WINDOW, ZONE, STORE, TABLE_OR_JSON)
@click.pass_obj
def command(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Disks, memory, connections, databases and requests: how fast they grow, and the day they run out.

    The greatest value of each day counts, over the 90 days before now when nothing else is asked. The day is that of a
    trend that single days do not move (Theil-Sen); the true day lies between the two others in 95 of 100 cases. What
    has too few days, varies too much, shrinks or has no limit says so, and has no day.

    Exit status: 0 nothing runs out within --within, 1 something does, 2 not measured enough to tell, or a mistake.
    """
    zone = parse_zone(typed["zone"])
    length = DEFAULT_WINDOW if typed["since"] is None and typed["window"] is None else typed["window"]
    window = parse_window(typed["since"], typed["until"], length, now=runtime.clock(), zone=zone, extent=None)
    if whole_days(window, zone) is None:
        raise SelectionError(
            "there is no whole day in this window", "give a longer one: 14 days are needed for a trend"
        )
    with open_store(typed["store"], clock=runtime.clock) as store:
        plan, url = capacity_plan(store, window, zone), store.url
    if typed["form"] == "json":
        sys.stdout.write(plan_as_json(plan, within=typed["within"], store=url) + "\n")
    else:
        print_plan(plan, typed["within"], sys.stdout)
    return STATUS_OF_STATE[plan.state(typed["within"])]
