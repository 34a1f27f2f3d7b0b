"""Where the numbers of an SLA report came from, and whether that is still there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from analyzers.sla.evidence import Evidence
from analyzers.sla.ledger.spans import Spans, united, without
from analyzers.store.document import JsonValue
from analyzers.store.query import QueryError, Window
from analyzers.verification.kinds import around
from analyzers.verification.leaves import JsonObject
from analyzers.verification.reading import ReportError, instant, listed

BEFORE: Final = "provenance_before"
_KEYS: Final = ("provenance", BEFORE)
_PARTS: Final = ("sealed", "raw", "missing")


def gone(document: JsonObject, found: JsonObject, evidence: Evidence) -> Spans:
    """Return the time that a report had raw events or slices of, and of which the evidence has none.

    What a report says of that is believed only where its parts are parts of one whole, each moment once, and of the
    very whole that was derived again: otherwise it was edited, and nothing is called gone.
    """
    lacking: list[Window] = []
    for theirs, ours in _pairs(document, found):
        whole = _whole(theirs)
        if whole is not None and (ours is None or _whole(ours) == whole):
            was = united(_windows(theirs, "missing"))
            lacking += [left for each in evidence.provenance(whole).missing for left in without(each, was)]
    return united(lacking)


def take_over(document: JsonObject, found: JsonObject, later: JsonObject) -> None:
    """Write the reported origin of the numbers into a report that was derived from what was sealed later.

    The restatements are those of the report derived as of its own instant.
    """
    for (theirs, ours), (_, mine) in zip(_pairs(document, found), _pairs(document, later), strict=True):
        if mine is not None and _whole(theirs) is not None and _whole(theirs) == _whole(mine):
            mine.update({**theirs, "restatements": mine["restatements"] if ours is None else ours["restatements"]})


def rests_on_slices(document: JsonObject) -> bool:
    """Tell whether any number of a report came from the ledger."""
    return any(listed(theirs, "sealed") for theirs, _ in _pairs(document, document))


def before(judgement: JsonObject) -> Window | None:
    """Return the time before its period that a judgement says it rests on; ``None`` where there is none."""
    found = judgement.get(BEFORE)
    return _whole(found) if isinstance(found, dict) else None


def window_of(value: JsonValue) -> Window:
    """Return a window that a report says.

    Raises:
        ReportError: When it is none.
        QueryError: When it is empty.
    """
    bounds = value if isinstance(value, dict) else {}
    return Window(instant(bounds, "from"), instant(bounds, "to"))


def _pairs(
    document: JsonObject, found: JsonObject
) -> Iterator[tuple[dict[str, JsonValue], dict[str, JsonValue] | None]]:
    """Yield what is reported of where numbers come from, and what was derived of the same."""
    for reported, derived in zip(listed(document, "judgements"), listed(found, "judgements"), strict=False):
        for key in _KEYS:
            theirs = reported.get(key) if isinstance(reported, dict) else None
            ours = derived.get(key) if isinstance(derived, dict) else None
            if isinstance(theirs, dict):
                yield theirs, ours if isinstance(ours, dict) else None


def _whole(provenance: JsonObject) -> Window | None:
    """Return the time that the parts make up; ``None`` where they overlap or leave a hole, or are none."""
    try:
        parts = [each for key in _PARTS for each in _windows(provenance, key)]
    except (ReportError, QueryError):
        return None
    ordered = sorted(parts, key=lambda each: each.start)
    if not ordered or any(first.end != second.start for first, second in pairwise(ordered)):
        return None
    return around(tuple(ordered))


def _windows(provenance: JsonObject, key: str) -> list[Window]:
    return [window_of(each) for each in listed(provenance, key)]
