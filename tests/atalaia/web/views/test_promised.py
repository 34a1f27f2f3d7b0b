"""What judges a page's numbers is drawn once where it judges, and what does not count is shaded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from analyzers.analysis import State
from analyzers.sla.contract.default import DEFAULT_CONTRACT
from analyzers.sla.contract.model import CalendarPeriod, Contract, Exclusion, Kind, Objective
from analyzers.store.query import CalendarUnit, Window
from analyzers.thresholds import load_thresholds
from atalaia.web.views.judged import judged
from atalaia.web.views.numbers import Numbers
from atalaia.web.views.promised import Promised

NOON = datetime(2024, 1, 15, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WINDOW = Window(NOON - HOUR, NOON)


def numbers(requests: int, errors: int, p95: float | None) -> Numbers:
    """Return what was measured of some requests."""
    return Numbers(requests, requests, errors, requests if p95 else 0, p95, p95, p95, p95, None, 0, None, 0)


def test_lines_are_drawn_once() -> None:
    """The agreement's 2 s are the warning's 2 s: one line; its 1 % of errors is a line of its own."""
    promised = Promised(load_thresholds("production"), DEFAULT_CONTRACT)
    assert [(each.value, each.title.text) for each in promised.latency_limits] == [(2.0, "warning"), (5.0, "critical")]
    errors = [(each.value, each.title.text) for each in promised.error_limits]
    assert errors == [(0.05, "warning"), (0.1, "critical"), (0.01, "SLA")]


def test_a_promise_about_one_route_is_no_line_for_all() -> None:
    """It judges that route alone."""
    month = (CalendarPeriod(CalendarUnit.MONTH),)
    objective = Objective("slow", Kind.LATENCY, month, Fraction(9, 10), timedelta(seconds=1), "/login")
    contract = Contract("*", "*", "UTC", (objective,), HOUR, Fraction(0))
    assert len(Promised(load_thresholds(), contract).latency_limits) == 2


def test_maintenance_is_cut_to_the_window() -> None:
    """Of two hours of it that began half an hour before the window, the hour in the window is shaded."""
    exclusion = Exclusion(Window(NOON - 1.5 * HOUR, NOON + HOUR / 2), "move", "ana")
    past = Exclusion(Window(NOON - 9 * HOUR, NOON - 8 * HOUR), "move", "ana")
    contract = Contract("*", "*", "UTC", (), HOUR, Fraction(0), (past, exclusion))
    assert Promised(load_thresholds(), contract).excluded(WINDOW) == (WINDOW,)


def test_the_worse_measure_is_the_state() -> None:
    """5 % of errors is missed whatever p95 is; without response times fine errors are unmeasured; so is silence."""
    thresholds = load_thresholds("production")
    assert judged(numbers(100, 5, 0.1), WINDOW, thresholds)[0] is State.MISSED
    assert judged(numbers(100, 4, 2.0), WINDOW, thresholds)[0] is State.MISSED
    assert judged(numbers(100, 4, 1.999), WINDOW, thresholds)[0] is State.MET
    assert judged(numbers(100, 4, None), WINDOW, thresholds)[0] is State.UNMEASURED
    assert judged(numbers(0, 0, None), WINDOW, thresholds)[0] is State.UNMEASURED
