"""What time a place of a daily, weekly or monthly report is about: expired, it cannot be told any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

from analyzers.reports.answer import Answer
from analyzers.reports.document import Kind
from analyzers.reports.monthly import history
from analyzers.reports.periods import Period
from analyzers.store.document import JsonValue
from analyzers.store.query import Window
from analyzers.verification.kinds import around
from analyzers.verification.leaves import JsonObject, tokens
from analyzers.verification.reading import instant

_COMPARED = frozenset({"change"})
_IN_ORDER_OF_TIME = frozenset({"series", "days"})
"""Where a point or row is about its own time; a ranked one is about all that it was ranked among."""
_JUDGED = frozenset({"verdict", "state", "notes", "provenance"})


def time_teller(found: JsonObject, answer: Answer) -> Callable[[str], Window]:
    """Return what tells the time of a place: of its bucket, of the period, of the one before too, of the agreement."""
    now, zone = answer.question.window, answer.question.zone
    compared, judged = around((now, *answer.compared)), around((now, *answer.judged))
    looked_back, planned = planned_by(answer), now
    if looked_back is not None:
        planned = around((now, looked_back))

    def time_of(path: str) -> Window:
        steps = tokens(path)
        if steps[0] in _JUDGED or "agreement" in steps:
            return judged
        if _COMPARED.intersection(steps):
            return compared
        if not _IN_ORDER_OF_TIME.intersection(steps):
            return planned if "capacity" in steps else now
        return _bucket(found, steps, zone) or now

    return time_of


def planned_by(answer: Answer) -> Window | None:
    """Return the time that a monthly report plans capacity by; ``None`` for the others."""
    return history(answer.question) if answer.report.kind is Kind.MONTHLY else None


def _bucket(found: JsonObject, steps: tuple[str, ...], zone: ZoneInfo) -> Window | None:
    """Return the time of the point or row around a place, as we made it ourselves."""
    value: JsonValue = dict(found)
    for step in steps:
        value = _inside(value, step)
        if isinstance(value, dict) and isinstance(value.get("start"), str) and isinstance(value.get("end"), str):
            return Window(instant(value, "start"), instant(value, "end"))
        day = value.get("day") if isinstance(value, dict) else None
        if isinstance(day, str):
            return Period(Kind.DAILY, date.fromisoformat(day)).window(zone)
    return None


def _inside(value: JsonValue, step: str) -> JsonValue:
    if isinstance(value, list):
        return value[int(step)] if int(step) < len(value) else None
    return value.get(step) if isinstance(value, dict) else None
