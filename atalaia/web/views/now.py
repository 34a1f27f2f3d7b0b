"""The requests of the last minutes, judged by the documented thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from analyzers.alerts.rules.loading import STANDARD_MINIMUM
from analyzers.analysis import State, Unit
from analyzers.blocks import Figure
from analyzers.fields import REQUEST_STREAM
from analyzers.jobs import errors, latency
from analyzers.jobs.job import number, state_of
from analyzers.language import Message, message, plural
from analyzers.store.interface import Store
from analyzers.store.query import NamedMeasure, Percentile, Query, Window
from analyzers.thresholds import Thresholds
from atalaia.web.asked import Question
from atalaia.web.views import links
from atalaia.web.views.numbers import DB_TIME, MEASURES, Numbers, numbers_of

_IN_DATABASE: Final = NamedMeasure("p95_in_database", Percentile(DB_TIME, 95))


@dataclass(frozen=True, slots=True)
class Now:
    """The requests of a short while.

    Attributes:
        window: When.
        numbers: What was measured.
        in_database: p95 of the time that a request spent in the database, in seconds.
    """

    window: Window
    numbers: Numbers
    in_database: float | None


def measure_now(store: Store, question: Question, window: Window) -> Now:
    """Measure the requests of a window that the question's filters let through, by one query."""
    row = store.query(Query(REQUEST_STREAM, window, (*MEASURES, _IN_DATABASE), (), question.predicate())).rows[0]
    return Now(window, numbers_of(row), number(row, _IN_DATABASE.name))


def request_figures(now: Now, thresholds: Thresholds) -> tuple[Figure, ...]:
    """Return the figures of the requests; those that thresholds are about are judged.

    As for alerts, fewer than :data:`~analyzers.alerts.rules.loading.STANDARD_MINIMUM` requests judge nothing.
    """
    numbers = now.numbers
    rate = numbers.requests / now.window.length.total_seconds() if numbers.requests else None
    counted = plural("{n} request", "{n} requests", numbers.requests)
    timed = message("{measured} of {requests} requests measured", measured=numbers.measured, requests=numbers.requests)
    told = message(
        "{measured} of {requests} requests tell", measured=numbers.database_measured, requests=numbers.requests
    )
    return (
        Figure("requests", message("Requests"), Unit.PER_SECOND, rate, counted),
        _errors(numbers, thresholds),
        Figure("p50", message("p50"), Unit.SECONDS, numbers.p50, timed),
        Figure("p95", message("p95"), Unit.SECONDS, numbers.p95, timed, _slowness(numbers, thresholds)),
        Figure("p99", message("p99"), Unit.SECONDS, numbers.p99, timed),
        Figure("in_database", message("In the database, p95"), Unit.SECONDS, now.in_database, told),
    )


def request_links(now: Now, question: Question) -> Mapping[str, str]:
    """Return where the figures of the requests lead: the log lines that each counts."""
    numbers = now.numbers
    found = {
        "requests": links.logs(question, window=now.window),
        "error_rate": links.logs(question, (links.FAILED,), now.window),
    }
    for name, value in (("p50", numbers.p50), ("p95", numbers.p95), ("p99", numbers.p99)):
        if value is not None:
            found[name] = links.logs(question, (f"response_time >= {value!r}",), now.window)
    if now.in_database is not None:
        found["in_database"] = links.logs(question, (f"{DB_TIME} >= {now.in_database!r}",), now.window)
    return found


def _errors(numbers: Numbers, thresholds: Thresholds) -> Figure:
    basis = message("{errors} of {requests} requests", errors=numbers.errors, requests=numbers.requests)
    few = _too_few(numbers.requests)
    state = State.UNMEASURED if few else state_of(errors.judge(numbers.requests, numbers.errors, thresholds.error_rate))
    return Figure("error_rate", message("Error rate"), Unit.RATIO, numbers.error_rate, few or basis, state)


def _slowness(numbers: Numbers, thresholds: Thresholds) -> State:
    if numbers.measured < STANDARD_MINIMUM:
        return State.UNMEASURED
    return state_of(latency.judge(numbers.p95, thresholds.response_time))


def _too_few(requests: int) -> Message | None:
    if requests >= STANDARD_MINIMUM:
        return None
    return message("{requests} of {needed} requests needed to judge", requests=requests, needed=STANDARD_MINIMUM)
