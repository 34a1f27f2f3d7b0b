"""``atalaia sla budget``: what is left of the error budgets, and how they were spent."""

from __future__ import annotations

import sys
from typing import Final, Unpack

import click

from analyzers.selection.errors import SelectionError
from analyzers.sla.budget import Budget
from analyzers.sla.contract.serial import instant_text
from analyzers.sla.report import Entry, SlaReport, sla_report
from analyzers.sla.report_json import report_json
from atalaia.cli.options import FORMAT
from atalaia.cli.render.comma_separated import csv_text
from atalaia.cli.render.sla import print_budgets
from atalaia.cli.runtime import ExitStatus, Runtime
from atalaia.cli.sla_options import ABOUT, Typed, mention_lost, question_of, sources
from atalaia.cli.teaching import Command

_HEADER: Final = (
    *("objective", "period", "unit", "size", "from", "to"),
    *("bad", "total", "spent", "remaining", "settled"),
)


@click.command(
    "budget",
    cls=Command,
    short_help="What is left of the error budgets, and how they were spent",
    examples=(
        "atalaia sla budget",
        "atalaia sla budget --objective availability --last",
        "atalaia sla budget --period 2024-10 --format csv",
    ),
)
@ABOUT
@FORMAT
@click.pass_obj
def budget(runtime: Runtime, /, form: str, **typed: Unpack[Typed]) -> int:
    """Show how many requests or minutes may still be bad in a period, and when the others were.

    The budget is fixed when the period begins: what the objective allows of the requests of the period before, or of
    those that the contract expects; where neither is known, of those so far, and then it is provisional. What is left
    never rises by itself. A day is shown by hours, a longer period by days, in the contract's zone. Backups and outages
    have limits, not budgets. The JSON is the report of 'atalaia sla show', whose judgements carry the budgets: 'atalaia
    verify' derives it again.

    Exit status: 0 something is left of each, 1 one is overspent, 2 there is none, or a mistake.
    """
    question = question_of(runtime, typed)
    with sources(runtime, typed, question) as found:
        report = sla_report(question.contract, found.evidence, question.as_of, question.asked)
        mention_lost(found, report)
    budgets = [each.budget for each in report.entries if each.budget is not None]
    if not budgets:
        raise SelectionError("none of these objectives has an error budget", "ask about shares of requests or minutes")
    _write(report, form)
    sys.stdout.flush()
    return ExitStatus.BREACH if any(each.remaining < 0 for each in budgets) else ExitStatus.OK


def _write(report: SlaReport, form: str) -> None:
    if form == "json":
        sys.stdout.write(report_json(report) + "\n")
    elif form == "csv":
        budgets = [(each, each.budget) for each in report.entries if each.budget is not None]
        sys.stdout.write(csv_text(_HEADER, (line for entry, found in budgets for line in _lines(entry, found))) + "\n")
    else:
        print_budgets(report, sys.stdout)


def _lines(entry: Entry, found: Budget) -> list[tuple[str | int, ...]]:
    whose = (entry.scope.objective.name, entry.scope.period.name, found.unit, found.size)
    return [
        (
            *whose,
            instant_text(each.spending.window.start),
            instant_text(each.spending.window.end),
            each.spending.bad,
            each.spending.total,
            each.spent,
            each.remaining,
            str(each.settled).lower(),
        )
        for each in found.slots
    ]
