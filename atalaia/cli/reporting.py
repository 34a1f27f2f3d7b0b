"""``atalaia report``: the day, the week, the month, as a page, a document, JSON, text or mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Unpack

import click

from analyzers.analysis import State
from analyzers.language import english
from analyzers.reports.answer import Answer
from analyzers.reports.building import build_report
from analyzers.reports.document import Kind
from atalaia.cli.render.safe import one_line
from atalaia.cli.report_options import Typed, options_of, question_of, sources_of
from atalaia.cli.report_writing import check_places, deliver
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.status import STATUS_OF_STATE
from atalaia.cli.teaching import Command

_STATUS: Final = (
    "Exit status: 0 every objective met, 1 one missed (or by its measured part), 2 nothing to judge, one unmeasured, "
    "or a mistake; also a mail that was not taken."
)


@dataclass(frozen=True, slots=True)
class _Help:
    """What the help of a command says: a line, a paragraph, examples."""

    short: str
    text: str
    examples: tuple[str, ...]


_HELP: Final[Mapping[Kind, _Help]] = MappingProxyType(
    {
        Kind.DAILY: _Help(
            "The day beside the one before, and the same weekday a week before",
            "The day: the agreement, mean response time with p50, p95 and p99, requests, error rate, database "
            "connections and cache hits beside those of the day before and of the same weekday a week before; hours, "
            "errors, endpoints, slow statements, what to do. Days begin at midnight in --tz. What was not measured is "
            "shown as unmeasured, with what to run, never as zero.",
            (
                "atalaia report daily --format text",
                "atalaia report daily --day 2024-01-15 --tz America/Sao_Paulo --output day.html",
                "atalaia report daily --format html --format pdf --output reports/ --mail ops@example.org",
            ),
        ),
        Kind.WEEKLY: _Help(
            "The week beside the one before: trends, peaks, bottlenecks",
            "The week: the agreement, every figure beside the week before with how likely chance alone makes such a "
            "change, day by day, the busiest hours, where the time goes, what to do. Weeks start on Monday at midnight "
            "in --tz. What was not measured is shown as unmeasured, never as zero.",
            (
                "atalaia report weekly --output week.html --tz America/Sao_Paulo",
                "atalaia report weekly --week 2024-W03 --format json --output -",
            ),
        ),
        Kind.MONTHLY: _Help(
            "The month: the agreement, its budgets, capacity",
            "The month: the agreement over the ledger with every budget's burn-down, what runs out when, every figure "
            "beside the month before, where the time goes, what to do. Months begin at midnight in --tz; those of the "
            "agreement by its own zone.",
            (
                "atalaia report monthly --output month.pdf --format pdf --lang pt_BR",
                "atalaia report monthly --month 2024-01 --contract sla.toml --format text",
            ),
        ),
    }
)


@click.group("report", short_help="Write or mail the report of a day, a week or a month")
def report() -> None:
    """Write or mail the report of a day, a week or a month."""


def report_command(kind: Kind) -> click.Command:
    """Return the command of one kind of report."""
    told = _HELP[kind]

    @click.command(
        kind.value,
        cls=Command,
        help=f"{told.text}\n\n{_STATUS}",
        short_help=told.short,
        examples=told.examples,
    )
    @options_of(kind)
    @click.pass_obj
    def command(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
        return _run(runtime, kind, typed)

    return command


for _kind in Kind:
    report.add_command(report_command(_kind))


def _run(runtime: Runtime, kind: Kind, typed: Typed) -> ExitStatus:
    check_places(typed)
    question = question_of(runtime, kind, typed)
    with sources_of(runtime, typed) as sources:
        answer = build_report(sources, question)
    deliver(answer, typed, runtime)
    return _told(answer)


def _told(answer: Answer) -> ExitStatus:
    note(f"{answer.report.key}: {one_line(english(answer.report.verdict[0]))}")
    for each in answer.report.notes:
        note(one_line(english(each)))
    if answer.report.state is State.UNMEASURED:
        note("the report says what was not measured")
    return ExitStatus.BREACH if answer.suspected else STATUS_OF_STATE[answer.report.state]
