"""The SLA report as JSON: stable in every byte, so that it can be derived again and compared.

Nothing in it depends on the order or the time in which events arrived, on where the store is, or on the clock beyond
``as_of``. Judged numbers are integers; a float stands beside the integers it is made of.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.numbers import ratio
from analyzers.question import question_hash
from analyzers.sampling import as_object
from analyzers.sla.asked import asked_json
from analyzers.sla.budget import Budget, Slot
from analyzers.sla.contract.model import Exclusion, Outage
from analyzers.sla.contract.serial import JsonObject, contract_hash, instant_text, to_json
from analyzers.sla.evidence import Provenance, Restatement
from analyzers.sla.judgement import Coverage, Measured, Share, allowed
from analyzers.sla.report import Entry, SlaReport
from analyzers.store.document import JsonValue
from analyzers.store.query import Window

FORM: Final = 1
"""The version of the form. A later one may say more, or say it otherwise."""
QUESTION: Final = ("report", "form", "contract_hash", "as_of", "known", "asked")
"""The keys that say what was asked, of which contract, and when."""


def report_json(report: SlaReport) -> str:
    """Return a report as JSON text in ASCII, two spaces deep, without a line end."""
    return json.dumps(report_document(report), indent=2, allow_nan=False)


def report_document(report: SlaReport) -> JsonObject:
    """Return a report as what JSON can say, in a stable order of keys."""
    question: dict[str, JsonValue] = {
        "report": "sla",
        "form": FORM,
        "contract_hash": contract_hash(report.contract),
        "as_of": instant_text(report.as_of),
        "known": instant_text(report.known),
        "asked": asked_json(report.asked),
    }
    return {
        **question,
        "question_hash": question_hash(question),
        "contract": to_json(report.contract),
        "state": report.state.value,
        "verdict": report.verdict,
        **({} if report.sampling is None else {"sampled": as_object(report.sampling)}),
        "judgements": [_entry(each) for each in report.entries],
    }


def window_json(window: Window) -> JsonObject:
    """Return a window's bounds in UTC."""
    return {"from": instant_text(window.start), "to": instant_text(window.end)}


def _budget(budget: Budget) -> JsonObject:
    """Return a budget with its burn-down."""
    return {
        "unit": budget.unit,
        "size": budget.size,
        "spent": budget.spent,
        "remaining": budget.remaining,
        "allowed": budget.allowed,
        "sized_by": budget.sized.basis.value,
        "sized_by_total": budget.sized.total,
        "sized_by_period": budget.sized.period,
        "provisional": budget.sized.provisional,
        "overspent": None if budget.overspent is None else instant_text(budget.overspent.spending.window.start),
        "projected": None if budget.projected is None else instant_text(budget.projected),
        "sentence": budget.words,
        "slots": [_slot(each) for each in budget.slots],
    }


def _entry(each: Entry) -> JsonObject:
    scope, judgement = each.scope, each.judgement
    return {
        "objective": scope.objective.name,
        "kind": scope.objective.kind.value,
        "period": {
            "by": scope.period.period.name,
            "name": scope.period.name,
            "title": scope.period.title,
            **_local(scope.period.window, scope.contract.zone),
        },
        "judged": None if scope.elapsed is None else window_json(scope.elapsed),
        "running": judgement.running,
        "state": judgement.state.value,
        "sentence": each.sentence,
        "measured": None if judgement.measured is None else _measured(each, judgement.measured),
        "coverage": _coverage(judgement.coverage),
        "exclusions": [_exclusion(one) for one in scope.exclusions],
        "outages": [_outage(one) for one in scope.outages],
        "budget": None if each.budget is None else _budget(each.budget),
        "provenance": None if each.provenance is None else _provenance(each.provenance),
        "provenance_before": None if each.before is None else _provenance(each.before),
    }


def _local(window: Window, zone: str) -> JsonObject:
    """Return a window's bounds as the zone's clock shows them, with their offsets."""
    return {
        name: instant.astimezone(ZoneInfo(zone)).isoformat()
        for name, instant in (("from", window.start), ("to", window.end))
    }


def _measured(each: Entry, measured: Measured) -> JsonObject:
    if isinstance(measured, Share):
        return {
            "unit": measured.unit,
            "good": measured.good,
            "bad": measured.bad,
            "total": measured.total,
            "seen": measured.seen,
            "allowed": allowed(each.scope.objective, measured.total),
            "share": ratio(measured.good, measured.total),
        }
    return {
        "longest_ms": _millis(measured.longest),
        "limit_ms": _millis(measured.limit),
        "window": None if measured.window is None else window_json(measured.window),
        "number": measured.number,
    }


def _coverage(coverage: Coverage) -> JsonObject:
    return {
        "measured": coverage.measured,
        "due": coverage.due,
        "share": ratio(coverage.measured, coverage.due),
        "demanded": float(coverage.demanded),
    }


def _exclusion(each: Exclusion) -> JsonObject:
    return {**window_json(each.window), "reason": each.reason, "approved_by": each.approved_by}


def _outage(each: Outage) -> JsonObject:
    return {**window_json(each.window), "reason": each.reason, "declared_by": each.declared_by}


def _slot(each: Slot) -> JsonObject:
    spending = each.spending
    return {
        **window_json(spending.window),
        "bad": spending.bad,
        "total": spending.total,
        "spent": each.spent,
        "remaining": each.remaining,
        "settled": each.settled,
    }


def _provenance(provenance: Provenance) -> JsonObject:
    return {
        "sealed": _windows(provenance.sealed),
        "raw": _windows(provenance.raw),
        "missing": _windows(provenance.missing),
        "restatements": [_restatement(each) for each in provenance.restatements],
    }


def _windows(windows: Sequence[Window]) -> list[JsonObject]:
    return [window_json(each) for each in windows]


def _restatement(each: Restatement) -> JsonObject:
    return {
        "minute": instant_text(each.minute),
        "revision": each.revision,
        "total": each.total,
        "errors": each.errors,
    }


def _millis(duration: timedelta) -> int:
    return duration // timedelta(milliseconds=1)
