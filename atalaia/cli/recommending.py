"""``atalaia recommend``: what to do, judged by what was measured."""

from __future__ import annotations

import sys
from typing import Final, TypedDict, Unpack

import click

from analyzers.fields import REQUEST_STREAM
from analyzers.losses import losses_in
from analyzers.recommendations import RULES, Advised, recommend, rules_named
from analyzers.selection import parse_window, parse_zone
from analyzers.store.open import open_store
from analyzers.store.query import Window
from analyzers.store.schema import load_schema
from atalaia.cli.asking import parse_conditions
from atalaia.cli.locations import STORE
from atalaia.cli.losing import mention_losses
from atalaia.cli.options import TABLE_OR_JSON, WHERE, WINDOW, ZONE, stacked
from atalaia.cli.render.advice import Answer, advice_json, print_advice
from atalaia.cli.runtime import ExitStatus, Runtime
from atalaia.cli.teaching import Command

DEFAULT_WINDOW: Final = "7d"


class Typed(TypedDict):
    """The options of ``recommend``, as click passes them."""

    since: str | None
    until: str | None
    window: str | None
    rules: tuple[str, ...]
    where: tuple[str, ...]
    zone: str
    store: str
    form: str


@click.command(
    "recommend",
    cls=Command,
    short_help="What to do: indexes, settings, caching, loading, retention",
    examples=(
        "atalaia recommend",
        "atalaia recommend --window 24h --rule missing-index --rule eager-loading",
        "atalaia recommend --where 'endpoint: /api*' --format json",
    ),
)
@stacked(*WINDOW)
@click.option(
    "--rule",
    "rules",
    metavar="NAME",
    multiple=True,
    help=f"Only this rule; repeatable. By default all: {', '.join(RULES)}.",
)
@WHERE
@ZONE
@STORE
@TABLE_OR_JSON
@click.pass_obj
def command(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """What to do, judged by what was measured in the last seven days, or in another window.

    Each recommendation has its evidence, what to expect of it and why, and the exact commands. They are printed for
    people; nothing is run. What prevents failures comes first, then what saves most of people's time. --where chooses
    requests, and slow statements with them; samples of machines and servers are not narrowed. What was not measured is
    said, with what to run: it is not the same as nothing to do. docs/recommendations.md has the rules.

    Exit status: 0 nothing to do by the rules that could judge, 1 there is, 2 no rule could judge, or a mistake.
    """
    rules, zone = rules_named(typed["rules"]), parse_zone(typed["zone"])
    where = parse_conditions(typed["where"], load_schema(REQUEST_STREAM))
    window = _window(runtime, typed)
    with open_store(typed["store"], clock=runtime.clock) as store:
        advised = recommend(store, window, where=where, rules=rules)
        answer = Answer(advised, window, where, zone, store.url)
        lost = losses_in(store, window)
    if typed["form"] == "json":
        sys.stdout.write(advice_json(answer) + "\n")
    else:
        print_advice(answer, sys.stdout)
    sys.stdout.flush()
    mention_losses(lost)
    return _status(advised)


def _window(runtime: Runtime, typed: Typed) -> Window:
    bare = typed["window"] is None and typed["since"] is None
    window = DEFAULT_WINDOW if bare else typed["window"]
    zone = parse_zone(typed["zone"])
    return parse_window(typed["since"], typed["until"], window, now=runtime.clock(), zone=zone, extent=None)


def _status(advised: Advised) -> ExitStatus:
    if advised.advice:
        return ExitStatus.BREACH
    unjudged = {each.rule for each in advised.unmeasured}
    return ExitStatus.ERROR if unjudged == set(advised.rules) else ExitStatus.OK
