"""``atalaia sla judge``: the objectives over any window, grouped by anything."""

from __future__ import annotations

from typing import Unpack

import click

from analyzers.analysis import Analysis, Selection
from analyzers.sla import run
from analyzers.store.interface import Store
from atalaia.cli.asking import Asked, Typed, answer
from atalaia.cli.options import selecting
from atalaia.cli.runtime import Runtime
from atalaia.cli.teaching import Command


@click.command(
    "judge",
    cls=Command,
    short_help="The built-in objectives over any window, by anything",
    examples=(
        "atalaia sla judge --window 30d",
        "atalaia sla judge --every month --tz America/Sao_Paulo",
        "atalaia sla judge --by endpoint --format json",
    ),
)
@selecting
@click.pass_obj
def judge(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Whether the three built-in objectives were kept over any window, grouped by anything.

    99.9 % of the requests do not fail, 95 % take less than 2 s, and less than 1 % fail. Judged by exact counts of the
    requests within each objective, never by an estimate. The state is met, missed or unmeasured; margin is how many
    more requests could have failed the objective (below zero: how many too many did). Raw events alone are asked, and
    no exclusion applies: 'atalaia sla show' judges the contract.

    Exit status: 0 met, 1 missed, 2 nothing to judge or a mistake.
    """
    return answer(runtime, Asked(**typed), _run, ranks=("errors", "requests"))


def _run(store: Store, selection: Selection) -> Analysis:
    return run(store, selection)
