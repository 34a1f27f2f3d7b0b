"""A report as JSON: the question, and every value of the document by its name.

Numbers are raw, with their unit beside them; words are English. What is no block of the document (where the numbers of
the agreement come from) stands beside it. Asked again, of the same sources, the question gives the same bytes.
"""

from __future__ import annotations

import json
from typing import Final, TypeAlias

from analyzers.language import english
from analyzers.question import instant_text, question_hash
from analyzers.reports.answer import Answer
from analyzers.reports.json_blocks import block_object, window_object
from analyzers.reports.measuring import REQUESTS_OF
from analyzers.selection import print_where
from analyzers.sla.contract.serial import contract_hash, to_json
from analyzers.store.document import JsonValue
from analyzers.store.query import EVERYTHING

FORM: Final = 2
"""The version of the form. A later one may say more, or say it otherwise."""
QUESTION: Final = (
    *("report", "form", "period", "zone", "where", "metrics", "contract_hash", "store", "made", "held_since"),
    "held_since_of",
)
"""The keys that say what was asked, and when."""

_Object: TypeAlias = dict[str, JsonValue]


def report_json(answer: Answer) -> str:
    """Return a report as JSON text, two spaces deep, with a line end."""
    return json.dumps(report_document(answer), indent=2, allow_nan=False, ensure_ascii=False) + "\n"


def report_document(answer: Answer) -> _Object:
    """Return the object that :func:`report_json` writes."""
    report, zone = answer.report, answer.question.zone
    question = _question(answer)
    return {
        **question,
        "question_hash": question_hash(question),
        "contract": _plain(to_json(answer.question.contract)),
        "window": window_object(report.window, zone),
        "title": english(report.title),
        "state": report.state.value,
        "verdict": [english(each) for each in report.verdict],
        "sections": {
            section.name: {
                "title": english(section.title),
                **{block.name: block_object(block, zone) for block in section.blocks},
            }
            for section in report.sections
        },
        "notes": [english(each) for each in report.notes],
        "provenance": _provenance(answer),
    }


def _question(answer: Answer) -> _Object:
    question = answer.question
    held = {name: None if each is None else instant_text(each) for name, each in answer.held_since.items()}
    return {
        "report": question.period.kind.value,
        "form": FORM,
        "period": str(question.period),
        "zone": question.zone.key,
        "where": None if question.where == EVERYTHING else print_where(question.where),
        "metrics": list(question.metrics),
        "contract_hash": contract_hash(question.contract),
        "store": answer.report.store,
        "made": instant_text(question.made),
        "held_since": held.pop(REQUESTS_OF),
        "held_since_of": {**held},
    }


def _provenance(answer: Answer) -> JsonValue:
    """Return where the numbers of the agreement come from, and the highest revision of a sealed slice among them."""
    found = next((each.provenance for each in answer.agreement.entries if each.provenance is not None), None)
    if found is None:
        return None
    zone = answer.question.zone
    return {
        "sealed": [window_object(each, zone) for each in found.sealed],
        "raw": [window_object(each, zone) for each in found.raw],
        "missing": [window_object(each, zone) for each in found.missing],
        "revision": max((each.revision for each in found.restatements), default=1 if found.sealed else None),
    }


def _plain(value: object) -> JsonValue:
    """Return what :func:`to_json` made as JSON: it has no other values."""
    plain: JsonValue = json.loads(json.dumps(value))
    return plain
