"""An SLA report for a person at a terminal: the verdict, each judgement in words, then the numbers."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, Literal, TextIO

from rich import box
from rich.table import Table
from rich.text import Text

from analyzers.numbers import counted, percent, plain
from analyzers.sla.budget import Budget
from analyzers.sla.contract.model import Exclusion, Kind, RollingPeriod
from analyzers.sla.contract.words import declared, excluded
from analyzers.sla.elapsed import instant_words, lasting
from analyzers.sla.judgement import Judgement, Longest, Share
from analyzers.sla.report import Entry, SlaReport
from atalaia.cli.render.safe import printable
from atalaia.cli.render.sparkline import sparkline
from atalaia.cli.render.table import MARKS, STYLES, console_for, print_whole, verdict
from atalaia.cli.render.text import ABSENT
from atalaia.cli.render.text import percent as shown_share

_TEXTS: Final = ("objective", "period")
_NUMBERS: Final = ("result", "target", "bad", "of", "left", "covered")


def print_sla(report: SlaReport, stream: TextIO) -> None:
    """Print the verdict, the judgements, their numbers, and what was left out or changed afterwards."""
    console = console_for(stream)
    console.print(verdict(report.state, report.verdict), soft_wrap=True)
    for entry in report.worst_first:
        console.print(_marked(entry, entry.sentence), soft_wrap=True)
    console.print()
    print_whole(console, _table(report))
    for line in _remarks(report):
        console.print(Text(printable(line)), soft_wrap=True)


def print_budgets(report: SlaReport, stream: TextIO) -> None:
    """Print each budget in words, with its burn-down as a line from full to nothing."""
    console = console_for(stream)
    for entry in report.entries:
        if entry.budget is not None:
            words = f"{entry.scope.period.title}: {_name(entry)} {entry.budget.words}"
            console.print(_budget_mark(entry.budget).append(printable(words)), soft_wrap=True)
            for line in _burn_down(entry.budget):
                console.print(Text(f"  {line}"), soft_wrap=True)


def _table(report: SlaReport) -> Table:
    result = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False, header_style="bold")
    rows = [_row(entry) for entry in report.entries]
    for place, name in enumerate((*_TEXTS, *_NUMBERS)):
        widest = max(cell.cell_len for cell in (Text(name), *(row[place] for row in rows)))
        justify: Literal["left", "right"] = "left" if name in _TEXTS else "right"
        result.add_column(name, justify=justify, no_wrap=True, min_width=widest)
    for row in rows:
        result.add_row(*row)
    return result


def _row(entry: Entry) -> tuple[Text, ...]:
    return (_marked(entry, entry.scope.objective.name), _period(entry), *map(Text, _numbers(entry)))


def _marked(entry: Entry, text: str) -> Text:
    state = entry.judgement.state
    return Text.assemble((f"{MARKS[state]} ", STYLES[state]), printable(text))


def _name(entry: Entry) -> str:
    return entry.scope.objective.name.replace("_", " ")


def _period(entry: Entry) -> Text:
    named = entry.scope.period
    return Text(named.period.name if isinstance(named.period, RollingPeriod) else named.name)


def _numbers(entry: Entry) -> tuple[str, ...]:
    coverage = entry.judgement.coverage
    left = ABSENT if entry.budget is None else f"{entry.budget.remaining:,}"
    covered = shown_share(coverage.measured / coverage.due) if coverage.due else ABSENT
    return (*_found(entry, entry.judgement), left, covered)


def _found(entry: Entry, judgement: Judgement) -> tuple[str, ...]:
    match judgement.measured:
        case Share() as share:
            return _result(entry, share), _promised(entry), f"{share.bad:,}", f"{share.total:,}"
        case Longest() as longest:
            return _length(longest.longest), lasting(longest.limit), ABSENT, ABSENT
        case None:
            return ABSENT, _promised(entry), ABSENT, ABSENT


def _result(entry: Entry, share: Share) -> str:
    if not share.total:
        return ABSENT
    objective = entry.scope.objective
    target = objective.target
    if objective.kind is Kind.ERROR_RATE:
        return percent(share.bad, share.total, apart_from=None if target is None else 1 - target)
    return percent(share.good, share.total, apart_from=target)


def _promised(entry: Entry) -> str:
    objective = entry.scope.objective
    if objective.target is None:
        return ABSENT if objective.limit is None else lasting(objective.limit)
    if objective.kind is Kind.ERROR_RATE:
        return f"< {plain(100 - 100 * objective.target)} %"
    return f"{plain(100 * objective.target)} %"


def _length(length: timedelta) -> str:
    return lasting(length) if length else ABSENT


def _remarks(report: SlaReport) -> list[str]:
    """Return what was left out, declared, restated or sampled, each once."""
    exclusions: dict[Exclusion, None] = {one: None for entry in report.entries for one in entry.scope.exclusions}
    outages = {one: None for entry in report.entries for one in entry.scope.outages}
    lines = [*map(excluded, exclusions), *map(declared, outages)]
    minutes = {
        one.minute: one
        for entry in report.entries
        if entry.provenance is not None
        for one in entry.provenance.restatements
    }
    if minutes:
        requests = sum(one.total for one in minutes.values())
        highest = max(one.revision for one in minutes.values())
        lines.append(
            f"restated after sealing: {counted(len(minutes), 'minute')}, {counted(requests, 'request')} added, "
            f"up to revision {highest}",
        )
    return lines if report.sampling is None else [*lines, report.sampling.sentence]


def _budget_mark(budget: Budget) -> Text:
    if budget.overspent is not None or budget.remaining < 0:
        return Text("✘ ", "bold red")
    return Text("? ", "bold yellow") if budget.sized.provisional else Text("✔ ", "bold green")


def _burn_down(budget: Budget) -> list[str]:
    """Return the line of what was left at the end of each slot, and when it ran or runs out."""
    if not budget.slots:
        return ["nothing of the period has passed"]
    left = [float(max(slot.remaining, 0)) for slot in budget.slots]
    line = sparkline([float(budget.size), *left])
    lines = [f"{line} (left at the start, and after each of {len(left):,} steps)"]
    if budget.overspent is not None:
        window = budget.overspent.spending.window
        lines.append(f"spent between {instant_words(window.start)} and {instant_words(window.end)}")
    elif budget.projected is not None:
        lines.append(f"at the pace of the period so far it is spent by {instant_words(budget.projected)}")
    return lines
