"""When the demonstration's history begins, and when its incident happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from analyzers.store.query import Window

ZONE = "America/Sao_Paulo"
"""Where the help desk's people work."""

_INCIDENT_WEEKDAY = 2
_INCIDENT_STARTS = time(14, 0)
_INCIDENT_LASTS = timedelta(minutes=90)


@dataclass(frozen=True, slots=True)
class Scenario:
    """The time line of a demonstration.

    Attributes:
        history: From the Monday two whole weeks before this one until now.
        incident: Wednesday afternoon of the last whole week, local time.
        week: That week's Monday: the week the report is about.
    """

    history: Window
    incident: Window
    week: date


def plan(now: datetime) -> Scenario:
    """Lay out the time line around the present instant.

    Args:
        now: The present, aware, in UTC.
    """
    zone = ZoneInfo(ZONE)
    today = now.astimezone(zone).date()
    this_monday = today - timedelta(days=today.weekday())
    week = this_monday - timedelta(weeks=1)
    start = _instant(this_monday - timedelta(weeks=2), time(0), zone)
    incident = _instant(week + timedelta(days=_INCIDENT_WEEKDAY), _INCIDENT_STARTS, zone)
    return Scenario(
        history=Window(start, now.replace(microsecond=0)),
        incident=Window(incident, incident + _INCIDENT_LASTS),
        week=week,
    )


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
