"""The burn-down of an error budget, and the periods that the agreement's page leads to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from analyzers.blocks import Linked
from analyzers.charts.definition import TimeChart
from analyzers.sla.contract.model import CalendarPeriod, Contract, Exclusion, Kind, Objective
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import CalendarUnit, Window
from atalaia.web.asked import read_question
from atalaia.web.views.sla import Sla, sla
from atalaia.web.views.sla_question import sla_question
from tests.analyzers.events import requests

DAY = timedelta(days=1)
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
NOW = FIRST + 10 * DAY
CONTRACT = Contract(
    "*",
    "*",
    "UTC",
    (
        Objective(
            "availability",
            Kind.AVAILABILITY,
            (CalendarPeriod(CalendarUnit.MONTH),),
            Fraction(9, 10),
            expected_requests=100,
        ),
    ),
    lateness=timedelta(hours=1),
    coverage=Fraction(0),
    exclusions=(Exclusion(Window(FIRST + 3 * DAY, FIRST + 4 * DAY), "move", "ana"),),
)


def page(*params: tuple[str, str]) -> Sla:
    """Return the page ten days into a month: 2 of 5 failed on the first day, 3 of 6 on the second, 4 on the fourth."""
    store = MemoryStore()
    store.append([*requests(FIRST, 3, 2), *requests(FIRST + DAY, 3, 3), *requests(FIRST + 3 * DAY, 0, 4)])
    question = read_question(MultiDict([*params]), now=NOW, zone=ZoneInfo("UTC"))
    return sla(store, None, question, sla_question(question, CONTRACT, NOW))


def test_what_is_left_never_rises_and_ends_today() -> None:
    """Ten of the 100 expected may fail: 8 are left, then 5; the excluded day, silence and the future are gaps."""
    [objective] = page().objectives
    assert objective.picture is not None
    chart = objective.picture.chart
    assert isinstance(chart, TimeChart)
    left, pace = chart.series
    assert [point.value for point in left.points] == [8.0, 5.0, *[None] * 29]
    assert pace.points[-1].value == 0.0
    assert pace.points[0].value == 10 * 30 / 31
    assert chart.excluded == (Window(FIRST + 3 * DAY, FIRST + 4 * DAY),)
    assert [limit.value for limit in chart.limits] == [0.0]


def test_a_step_leads_to_the_failed_requests_of_its_day() -> None:
    """The first day's link asks for that day and for what failed."""
    [objective] = page().objectives
    assert objective.picture is not None
    assert isinstance(objective.picture.chart, TimeChart)
    link = objective.picture.chart.series[0].points[0].link
    assert link is not None
    assert link.startswith("/drill?from=2024-01-01T00%3A00%3A00Z&to=2024-01-02T00%3A00%3A00Z&where=")
    assert "http.response.status_code+%3E%3D+500" in link


def test_a_row_leads_to_its_day_and_to_what_failed_of_it() -> None:
    """Of the first day 2 of 5 failed: the day leads to all five, the two to themselves."""
    [objective] = page().objectives
    assert objective.slots is not None
    when, bad, total, spent, left, _ = objective.slots.rows[0]
    assert (total, spent, left) == (5, 2, 8)
    assert isinstance(when, Linked)
    assert isinstance(bad, Linked)
    assert (when.value, bad.value) == (Window(FIRST, FIRST + DAY), 2)
    day = "/drill?from=2024-01-01T00%3A00%3A00Z&to=2024-01-02T00%3A00%3A00Z"
    assert when.href == day
    assert bad.href == f"{day}&where=http.response.status_code+%3E%3D+500"


def test_other_periods_hold_what_is_shown() -> None:
    """From a month that is over its last day, week, quarter and year; the month before and, once begun, the next."""
    found = page(("period", "2023-11"))
    assert [each.href for each in found.per] == [
        "/sla?period=2023-11-30",
        "/sla?period=2023-W48",
        "/sla?period=2023-11",
        "/sla?period=2023-Q4",
        "/sla?period=2023",
        "/sla?per=contract",
    ]
    assert found.earlier is not None
    assert found.later is not None
    assert (found.earlier.href, found.later.href) == ("/sla?period=2023-10", "/sla?period=2023-12")
    assert page().later is None


def test_a_period_of_no_promise_is_only_looked_at() -> None:
    """The contract judges by month: by week its objective is applied all the same, without a report to verify."""
    assert page().is_promised
    found = page(("per", "week"))
    assert (found.is_promised, found.download, len(found.objectives)) == (False, None, 1)
