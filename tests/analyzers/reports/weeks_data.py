"""Two weeks whose numbers can be worked out by hand."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from analyzers.reports.document import Kind
from analyzers.reports.periods import parse_period
from analyzers.store.document import Document
from tests.analyzers.events import request

ZONE = ZoneInfo("Europe/Berlin")
WEEK = parse_period(Kind.WEEKLY, "2024-W13")
"""The week in which Berlin lost an hour: its Sunday has 23 hours."""

HOSTILE = '/x/<script>alert("1")</script>'


def two_weeks() -> list[Document]:
    """Return the events.

    Week 12: 100 requests on Monday 09:00, all good, 0.1 s. Week 13: Monday 09:00 95 good ones of 0.1 s on ``/a`` and
    5 failed ones of 3 s on the hostile route; Tuesday and Wednesday nothing; Thursday to Saturday 10 of 0.2 s at
    12:00 on ``/a``; Sunday one without route and response time at 23:00, its last hour.
    """
    before, monday = (week.window(ZONE).start + timedelta(hours=9) for week in (WEEK.previous, WEEK))
    events = [request(before, route="/a") for _ in range(100)]
    events += [request(monday, route="/a") for _ in range(95)]
    events += [request(monday, 500, 3.0, HOSTILE) for _ in range(5)]
    for days in (3, 4, 5):
        events += [request(monday + timedelta(days=days, hours=3), seconds=0.2, route="/a") for _ in range(10)]
    last_hour = WEEK.window(ZONE).end - timedelta(minutes=30)
    return [*events, request(last_hour, seconds=None, route=None)]
