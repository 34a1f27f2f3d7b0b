"""The weekly report, derived again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from analyzers.analysis import Unit
from analyzers.fields import REQUEST_STREAM
from analyzers.reports.building import weekly_report
from analyzers.reports.json import FORM, QUESTION, report_document
from analyzers.reports.model import Figure
from analyzers.reports.weeks import parse_week
from analyzers.selection import parse_where, parse_zone
from analyzers.store.document import JsonValue
from analyzers.store.query import EVERYTHING, Window
from analyzers.store.schema import load_schema
from analyzers.verification.estimates import PERCENTILES, close, estimates, near_estimates
from analyzers.verification.kinds import Derivation, Events, Kind, Sources, around, exactly, gone_since
from analyzers.verification.leaves import JsonObject, Near, tokens
from analyzers.verification.reading import instant, listed, optional_instant, optional_text, text

_SLOWEST: Final = "slowest_endpoints"
_BOTH_WEEKS: Final = frozenset({"change", "trend"})
_BEFORE: Final = frozenset({"before", "events_before"})


def derive(document: JsonObject, sources: Sources) -> Derivation:
    """Make a weekly report again.

    Raises:
        ReportError: When it lacks a part of the question.
        AtalaiaError: When a part of the question cannot be read, or the store cannot answer.
    """
    zone, week = parse_zone(text(document, "zone")), parse_week(text(document, "week"))
    condition, made, store = optional_text(document, "where"), instant(document, "made"), text(document, "store")
    where = EVERYTHING if condition is None else parse_where(condition, load_schema(REQUEST_STREAM))
    report = weekly_report(sources.store, week, zone, where=where)
    found = report_document(report, made)
    found.update({key: document[key] for key in (*QUESTION, "question_hash")})
    now, before = week.window(zone), week.previous.window(zone)
    sides = estimates(store, sources.store.url)
    if sides:
        _adopt(document, found, sides)
    both = around((before, now))
    return Derivation(
        document=found,
        events=Events(REQUEST_STREAM, both, where, made),
        gone=gone_since(optional_instant(document, "held_since"), sources.store, REQUEST_STREAM, both),
        time_of=_times(found, now, before),
        near=_near(sides) if sides else exactly,
    )


WEEKLY: Final = Kind("weekly report", FORM, (), QUESTION, "question_hash", derive)


def _near(sides: int) -> Near:
    percentile = near_estimates(sides)

    def near(path: str, reported: JsonValue, derived: JsonValue) -> bool:
        steps = tokens(path)
        if steps[0] == "figures" and steps[-1] in {"value", "before"}:
            return int(steps[1]) in _ESTIMATED and close(reported, derived, sides)
        return percentile(path, reported, derived)

    return near


_ESTIMATED: Final = frozenset({4, 5, 6})
"""The places of p50, p95 and p99 among the figures."""


def _adopt(document: JsonObject, found: dict[str, JsonValue], sides: int) -> None:
    """Derive what follows from estimates from those of the report, where they are close to ours.

    The change and the trend of a percentile, and the order of the slowest endpoints, follow from numbers that may
    differ in their last digits; they must fit the report's own.
    """
    figures = zip(listed(document, "figures"), listed(found, "figures"), strict=False)
    for reported, derived in figures:
        if isinstance(reported, dict) and isinstance(derived, dict) and derived["name"] in PERCENTILES:
            value, before = reported.get("value"), reported.get("before")
            if close(value, derived["value"], sides) and close(before, derived["before"], sides):
                _follow(derived, cast("float", value), cast("float", before))
    routes = [_route(each) for each in listed(document, _SLOWEST)]
    ours = {_route(each): each for each in listed(found, _SLOWEST)}
    if sorted(map(str, routes)) == sorted(map(str, ours)):
        found[_SLOWEST] = [ours[route] for route in routes]


def _follow(derived: dict[str, JsonValue], value: float, before: float) -> None:
    figure = Figure("", "", Unit.SECONDS, (0, 0), value, before, less_is_better=True)
    derived.update({"change": figure.change, "trend": figure.trend.value})


def _route(endpoint: JsonValue) -> JsonValue:
    return endpoint.get("http.route") if isinstance(endpoint, dict) else None


def _times(found: JsonObject, now: Window, before: Window) -> Callable[[str], Window]:
    """Return what tells the time that a place is about: its day or hour, this week, the week before, or both."""
    slots = {key: [_window(each) for each in listed(found, key)] for key in ("days", "hours")}

    def time_of(path: str) -> Window:
        steps = tokens(path)
        if steps[0] in slots and len(steps) > 1 and int(steps[1]) < len(slots[steps[0]]):
            return slots[steps[0]][int(steps[1])]
        if _BOTH_WEEKS.intersection(steps):
            return around((before, now))
        return before if _BEFORE.intersection(steps) else now

    return time_of


def _window(slot: JsonValue) -> Window:
    """Return the time of a slot that we made ourselves."""
    bounds = cast("dict[str, str]", slot)
    return Window(instant(bounds, "start"), instant(bounds, "end"))
