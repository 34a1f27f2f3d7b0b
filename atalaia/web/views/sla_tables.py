"""The tables of the agreement's page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import chain
from typing import TypeVar

from analyzers.analysis import Unit
from analyzers.blocks import Cell, Heading, Judged, Linked, Table
from analyzers.language import Amount, Message, Value, message
from analyzers.language.parts import listed, target
from analyzers.numbers import ratio
from analyzers.reports.rendering.shown import ABSENT
from analyzers.sla.contract.model import EVERY, Contract, Exclusion
from analyzers.sla.contract.naming import written
from analyzers.sla.contract.serial import contract_hash
from analyzers.sla.contract.words import promise_said
from analyzers.sla.elapsed import span_value
from analyzers.sla.judgement import Longest, Share, allowed
from analyzers.sla.report import Entry, SlaReport
from atalaia.web.asked import Question
from atalaia.web.views.burning import drill_of

_KEY, _COUNT, _RATIO = Unit.KEY, Unit.COUNT, Unit.RATIO


def objectives_table(report: SlaReport, question: Question) -> Table:
    """Return every objective with numerator, denominator, what was allowed, and how much was measured.

    The period is told where there are several, the longest outage or time without a backup where one is promised.
    """
    several = len({each.scope.period.name for each in report.entries}) > 1
    timed = any(
        each.scope.objective.limit is not None and isinstance(each.judgement.measured, Longest)
        for each in report.entries
    )
    table = _objectives(report, question)
    left_out = {*(() if several else ("period",)), *(() if timed else ("longest",))}
    kept = [place for place, each in enumerate(table.headings) if each.name not in left_out]
    headings = tuple(table.headings[place] for place in kept)
    return replace(table, headings=headings, rows=tuple(tuple(row[place] for place in kept) for row in table.rows))


def _objectives(report: SlaReport, question: Question) -> Table:
    return Table(
        "objectives",
        message("What the judgement rests on"),
        (
            Heading("objective", message("Objective"), _KEY),
            Heading("promise", message("Promise"), _KEY),
            Heading("period", message("Period"), _KEY),
            Heading("state", message("State"), _KEY),
            Heading("good", message("Good"), _COUNT),
            Heading("total", message("Of"), _COUNT),
            Heading("share", message("Share"), _RATIO),
            Heading("bad", message("Bad"), _COUNT),
            Heading("allowed", message("Allowed"), _COUNT),
            Heading("longest", message("Longest"), _KEY),
            Heading("due", message("Due minutes"), _COUNT),
            Heading("coverage", message("Coverage"), _RATIO),
        ),
        tuple(_objective(each, question) for each in report.entries),
        message("The contract has no objective."),
        message("Shares of requests and minutes are compared as whole numbers; percent are only shown."),
    )


def excluded_table(report: SlaReport) -> Table:
    """Return the time that counts for nothing, with reason and approver, and the outages that people declared."""
    exclusions = _once(chain.from_iterable(each.scope.exclusions for each in report.entries))
    outages = _once(chain.from_iterable(each.scope.outages for each in report.entries))
    rows: list[tuple[Cell, ...]] = [
        (message("excluded"), each.window, each.reason, each.approved_by, _objectives_of(each)) for each in exclusions
    ]
    rows += [(message("outage"), each.window, each.reason, each.declared_by, message("all")) for each in outages]
    return Table(
        "excluded",
        message("Exclusions and declared outages"),
        (
            Heading("kind", message("Kind"), _KEY),
            Heading("when", message("When"), _KEY),
            Heading("reason", message("Reason"), _KEY),
            Heading("by", message("Approved or declared by"), _KEY),
            Heading("objectives", message("Objectives"), _KEY),
        ),
        tuple(rows),
        message("No time of the period is excluded, and no outage was declared."),
    )


def restated_table(report: SlaReport) -> Table:
    """Return what late events changed after it was sealed."""
    found = [each.provenance for each in report.entries if each.provenance is not None]
    restated = _once(chain.from_iterable(each.restatements for each in found))
    return Table(
        "restated",
        message("Restatements"),
        (
            Heading("minute", message("Minute"), _KEY),
            Heading("revision", message("Revision"), _COUNT),
            Heading("requests", message("Requests added"), _COUNT),
            Heading("errors", message("Errors added"), _COUNT),
            Heading("sealed", message("Sealed at"), _KEY),
        ),
        tuple((each.minute, each.revision, each.total, each.errors, each.sealed) for each in restated),
        message("Nothing that was sealed was changed afterwards."),
    )


def provenance_table(report: SlaReport) -> Table:
    """Return what is sealed, what comes from raw events, and what is missing."""
    found = _once(each.provenance for each in report.entries if each.provenance is not None)
    parts = (
        (message("sealed"), _once(chain.from_iterable(each.sealed for each in found))),
        (message("raw events"), _once(chain.from_iterable(each.raw for each in found))),
        (message("missing"), _once(chain.from_iterable(each.missing for each in found))),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple((kind, window) for kind, windows in parts for window in windows)
    return Table(
        "provenance",
        message("Where the numbers come from"),
        (Heading("kind", message("Source"), _KEY), Heading("when", message("When"), _KEY)),
        rows,
        message("No time of the period has passed."),
    )


def contract_table(contract: Contract, *, is_promised: bool) -> Table:
    """Return what a contract says besides its objectives, and its hash where it is the one that was agreed."""
    lines: list[tuple[Message, Value]] = [
        (message("Service"), _named(contract.service)),
        (message("Environment"), _named(contract.environment)),
        (message("Time zone"), contract.zone),
        (message("Minutes that must be measured"), _coverage(contract)),
        (message("Events may be late by"), span_value(contract.lateness)),
    ]
    if is_promised:
        lines.append((message("Hash"), contract_hash(contract)))
    if contract.valid_from is not None:
        lines.append((message("In force from"), contract.valid_from))
    return Table(
        "contract",
        message("Contract"),
        (Heading("what", message("What"), _KEY), Heading("value", message("Value"), _KEY)),
        tuple(lines),
        message("The contract is empty."),
    )


def _objective(entry: Entry, question: Question) -> tuple[Cell, ...]:
    scope, judgement, measured = entry.scope, entry.judgement, entry.judgement.measured
    coverage = judgement.coverage
    return (
        written(scope.objective.name),
        promise_said(scope.objective),
        scope.period.said,
        judgement.state,
        *_share(entry, question),
        span_value(measured.longest) if isinstance(measured, Longest) else None,
        coverage.due,
        ratio(coverage.measured, coverage.due),
    )


def _share(entry: Entry, question: Question) -> tuple[Cell, ...]:
    """Return what was good of what; a dash where an objective is about a length of time, and nothing is to measure."""
    scope, share = entry.scope, entry.judgement.measured
    if not isinstance(share, Share):
        return (ABSENT if scope.objective.target is None else None,) * 5
    bad = None if scope.elapsed is None else Linked(share.bad, drill_of(entry, scope.elapsed, question))
    rate = _judged(share, scope.objective.target)
    return (share.good, share.total, rate, bad, allowed(scope.objective, share.total))


def _judged(share: Share, target: Fraction | None) -> Judged | float | None:
    """Return the share of what was good, told from what was promised of it."""
    if target is None or not share.total:
        return ratio(share.good, share.total)
    return Judged(Fraction(share.good, share.total), target)


def _coverage(contract: Contract) -> Value:
    return Amount(Fraction(0), Unit.RATIO) if not contract.coverage else target(contract.coverage)


def _objectives_of(excluded: Exclusion) -> Message:
    return listed(*map(written, excluded.objectives)) if excluded.objectives else message("all")


def _named(name: str) -> Value:
    return message("every one") if name == EVERY else name


_T = TypeVar("_T")


def _once(found: Iterable[_T]) -> list[_T]:
    return list(dict.fromkeys(found))
