"""A snapshot as the JSON object that the page draws: the one contract between Python and JavaScript."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from analyzers.numbers import ratio
from atalaia.web.judging import verdict
from atalaia.web.reading import JUDGED
from atalaia.web.snapshot import Endpoint, Judgement, Minute, Recorded, Snapshot, Totals

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"


def payload(snapshot: Snapshot, zone: ZoneInfo) -> dict[str, Json]:
    """Return the object; instants are RFC 3339, ratios fractions of 1, times seconds, ``null`` is unmeasured.

    Args:
        snapshot: What to show.
        zone: Where the page's clock times are.
    """
    state, sentence = verdict(snapshot.judgements)
    recorded = snapshot.recorded
    return {
        "at": _instant(snapshot.at),
        "zone": zone.key,
        "store": snapshot.store,
        "latest": None if recorded is None or recorded.latest is None else _instant(recorded.latest),
        "state": state.value,
        "verdict": "; ".join([sentence, *_remarks(recorded)]),
        "judged_seconds": JUDGED.total_seconds(),
        "recent": None if recorded is None else _recent(recorded.recent),
        "judgements": {each.measure: _judgement(each) for each in snapshot.judgements},
        "minutes": [] if recorded is None else [_minute(each) for each in recorded.minutes],
        "endpoints": [] if recorded is None else [_endpoint(each) for each in recorded.endpoints],
    }


def _remarks(recorded: Recorded | None) -> list[str]:
    """Return what makes the numbers too small, or estimates."""
    return [] if recorded is None else [remark for remark in (recorded.lost, recorded.sampled) if remark]


def _recent(totals: Totals) -> dict[str, Json]:
    return {**_totals(totals), "requests_per_second": totals.requests / JUDGED.total_seconds()}


def _totals(totals: Totals) -> dict[str, Json]:
    return {
        "requests": totals.requests,
        "errors": totals.errors,
        "error_rate": ratio(totals.errors, totals.requests),
        "measured": totals.measured,
        "p95": totals.p95,
    }


def _judgement(each: Judgement) -> dict[str, Json]:
    return {
        "state": each.state.value,
        "severity": each.severity.value,
        "value": each.value,
        "warning": each.limits["warning"],
        "critical": each.limits["critical"],
        "sentence": each.sentence,
    }


def _minute(each: Minute) -> dict[str, Json]:
    return {"start": _instant(each.start), **({} if each.totals is None else _totals(each.totals))}


def _endpoint(each: Endpoint) -> dict[str, Json]:
    return {"route": each.route, **_totals(each.totals)}


def _instant(instant: datetime) -> str:
    return instant.isoformat()
