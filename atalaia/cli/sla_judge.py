"""``atalaia sla judge``: the objectives over any window, grouped by anything."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import click

from analyzers.analysis import Analysis, Selection
from analyzers.selection.errors import SelectionError
from analyzers.sla import RequestObjective, run
from analyzers.sla.contract.model import Contract
from analyzers.sla.contract.serial import to_json
from analyzers.sla.objectives import request_objectives, requests_of
from analyzers.store.interface import Store
from atalaia.cli.asking import Subject, Typed, answer
from atalaia.cli.options import selecting
from atalaia.cli.runtime import Runtime, note
from atalaia.cli.sla_options import CONTRACT, contract_of
from atalaia.cli.teaching import Command


@click.command(
    "judge",
    cls=Command,
    short_help="The objectives about requests over any window, by anything",
    examples=(
        "atalaia sla judge --window 30d",
        "atalaia sla judge --every month --tz America/Sao_Paulo",
        "atalaia sla judge --contract examples/sla.toml --by endpoint --format json",
    ),
)
@CONTRACT
@selecting
@click.pass_obj
def judge(runtime: Runtime, /, contract: Path | None, **typed: Unpack[Typed]) -> int:
    """Whether the contract's objectives about requests were kept over any window, grouped by anything.

    Those are availability, latency and error rate, of the contract's service and environment, each with its route;
    uptime, outages and backups are not about requests. Judged by exact counts of the requests within each objective,
    never by an estimate. The state is met, missed or unmeasured; margin is how many more requests could have failed the
    objective (below zero: how many too many did). Raw events alone are asked, and no exclusion, coverage or start of
    the contract applies: 'atalaia sla show' judges its periods.

    Exit status: 0 met, 1 missed, 2 nothing to judge or a mistake.
    """
    found = contract_of(contract)
    objectives = request_objectives(found)
    _mention_others(found, objectives)
    stream, where = requests_of(found)

    def asked(store: Store, selection: Selection) -> Analysis:
        return run(store, selection, objectives)

    about = Subject(stream, where, to_json(found))
    return answer(runtime, typed, asked, ranks=("errors", "requests"), about=about)


def _mention_others(contract: Contract, objectives: tuple[RequestObjective, ...]) -> None:
    """Say which objectives are not judged.

    Raises:
        SelectionError: When none is.
    """
    others = [each.name for each in contract.objectives if each not in {one.objective for one in objectives}]
    if not objectives:
        raise SelectionError("none of the contract's objectives is about requests", "'atalaia sla show' judges them")
    if others:
        note(f"not judged here, because not about requests: {', '.join(others)}")
