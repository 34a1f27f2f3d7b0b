"""``atalaia sla explain``: what the budget of an objective was spent on."""

from __future__ import annotations

import sys
from typing import Unpack

import click

from analyzers.explanation.objectives import ObjectiveExplanation, explain_objective
from analyzers.explanation.routes import RouteShare
from analyzers.sla.budget import Spending
from analyzers.sla.report import Entry, SlaReport, sla_report
from atalaia.cli.options import TABLE_OR_JSON
from atalaia.cli.progressing import progress_bar
from atalaia.cli.render.explanation import print_further
from atalaia.cli.render.explanation_json import as_object
from atalaia.cli.render.machine import dumped, rfc3339
from atalaia.cli.render.safe import printable
from atalaia.cli.render.table import console_for, verdict
from atalaia.cli.runtime import DEFAULT_STORE, Runtime
from atalaia.cli.sla_options import ABOUT, Typed, mention_lost, question_of, sources, status_of
from atalaia.cli.teaching import Command


@click.command(
    "explain",
    cls=Command,
    short_help="What the budget of an objective was spent on",
    examples=(
        "atalaia sla explain",
        "atalaia sla explain --last --objective availability",
        "atalaia sla explain --period 2024-10 --format json",
    ),
)
@ABOUT
@TABLE_OR_JSON
@click.pass_obj
def explain(runtime: Runtime, /, form: str, **typed: Unpack[Typed]) -> int:
    """Say which days and hours spent the budget of each objective that is missed, and which requests.

    Endpoints, versions, users, networks, clients, browsers and methods are compared with their share of the traffic and
    with the same hours of the weeks before, as 'atalaia explain' does; without what stands out the objective is judged
    again by exact counts, excluded time left out. Where raw events have expired, the ledger tells endpoints and hours,
    and what can no longer be told is said. An objective that the measured part has missed
    is explained too, and one named with --objective even where it is met.

    Exit status: 0 met, 1 an objective is missed, or by its measured part, 2 one is unmeasured or a mistake.
    """
    question = question_of(runtime, typed)
    with sources(runtime, typed, question) as found:
        report = sla_report(question.contract, found.evidence, question.as_of, question.asked)
        mention_lost(found, report)
        chosen = [each for each in report.worst_first if typed["objective"] or each.judgement.breached]
        both = found.store, found.ledger
        with progress_bar("Explaining") as advance:
            explained = [explain_objective(both, found.evidence, each, advance) for each in chosen]
    _write(report, explained, form, None if typed["store"] == DEFAULT_STORE else found.store.url)
    sys.stdout.flush()
    return status_of(report)


def _write(report: SlaReport, explained: list[ObjectiveExplanation], form: str, store: str | None) -> None:
    if form == "json":
        objectives = [_document(each) for each in explained]
        found = {"state": report.state.value, "verdict": report.verdict, "objectives": objectives}
        sys.stdout.write(dumped(found) + "\n")
        return
    console = console_for(sys.stdout)
    if not explained:
        console.print(verdict(report.state, f"{report.verdict}: nothing is missed; name one with --objective"))
    for each in explained:
        first, *lines = each.sentences
        console.print(verdict(each.entry.judgement.state, first), soft_wrap=True)
        for line in lines:
            console.print(f"  {printable(line)}", soft_wrap=True)
        if each.events is not None:
            print_further(console, each.events, _analysis(each.entry), store=store)


def _analysis(entry: Entry) -> str:
    return "latency" if entry.scope.objective.kind.value == "latency" else "errors"


def _document(found: ObjectiveExplanation) -> dict[str, object]:
    return {
        "objective": found.entry.scope.objective.name,
        "period": found.entry.scope.period.name,
        "state": found.entry.judgement.state.value,
        "sentences": list(found.sentences),
        "slots": [_slot(each) for each in found.slots],
        "hours": [_slot(each) for each in found.hours],
        "expired": found.expired,
        "endpoints": [_route(each) for each in found.routes],
        "events": None if found.events is None else as_object(found.events),
    }


def _slot(spending: Spending) -> dict[str, object]:
    window = spending.window
    return {"since": rfc3339(window.start), "until": rfc3339(window.end), "bad": spending.bad, "total": spending.total}


def _route(route: RouteShare) -> dict[str, object]:
    return {
        "endpoint": route.route,
        "requests": route.tally.counted,
        "bad": route.tally.bad,
        "stands_out": route.stands_out,
        "without": {"requests": route.without.counted, "bad": route.without.bad, "state": route.state.value},
    }
