"""A report of every kind of block, as a builder would make it: two weeks of a help desk in São Paulo."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.analysis import State, Unit
from analyzers.blocks import (
    Advice,
    Cell,
    Change,
    Figure,
    Figures,
    Heading,
    Linked,
    Picture,
    Prose,
    Recommendations,
    Section,
    Table,
    Trend,
)
from analyzers.charts.definition import Bar, HeatMap, Limit, Mark, Point, Ranking, Series, TimeChart
from analyzers.language import Amount, Message, plural
from analyzers.reports.document import Kind, Report
from analyzers.store.query import Window

ZONE: Final = ZoneInfo("America/Sao_Paulo")
HOSTILE: Final = '/x/<script>alert("1")</script>&\'{evil}'
MONDAY: Final = datetime(2026, 3, 2, 3, tzinfo=UTC)
"""Midnight in São Paulo."""
WEEK: Final = Window(MONDAY, MONDAY + timedelta(days=7))
_P95: Final = (0.41, 0.44, None, 0.52, 0.61, 0.38, 0.35)


def report(*, rows: int = 12, state: State = State.MISSED) -> Report:
    """Return the report, with a table of so many rows."""
    return Report(
        kind=Kind.WEEKLY,
        key="2026-W10",
        title=said("Week {week} of {year}", week=10, year="2026"),
        zone=ZONE.key,
        window=WEEK,
        store=f"embedded:./store {HOSTILE}",
        state=state,
        verdict=(
            said(
                "availability missed: {share} of {goal}",
                share=Amount(0.9987, Unit.RATIO),
                goal=Amount(0.999, Unit.RATIO),
            ),
            said("{n} minutes over the error budget", n=31),
        ),
        sections=(numbers(), charts(), tables(rows), advice()),
        notes=(said("{n} log lines were lost and are not in these numbers", n=1200),),
        made=datetime(2026, 3, 9, 11, 5, tzinfo=UTC),
    )


def said(text: str, /, **values: str | int | Amount) -> Message:
    """Return a sentence that no catalog has: it stands for those of the builders."""
    return Message(text, values)


def numbers() -> Section:
    """Return figures: met, missed, unmeasured; better, worse, maybe chance, without comparison."""
    test = said("Changes: Mann-Whitney test over the days.")
    figures = (
        Figure(
            "avg_response_time",
            said("Response time, p95"),
            Unit.SECONDS,
            0.4321,
            said("{n} timed requests", n=98_765),
            State.MET,
            Change(0.5, -0.1358, Trend.BETTER, 0.0312, test),
        ),
        Figure(
            "error_rate",
            said("Error rate"),
            Unit.RATIO,
            0.0123,
            said("{bad} of {all} requests", bad=1215, all=98_765),
            State.MISSED,
            Change(0.0061, 0.0062, Trend.WORSE, 0.00001, test),
        ),
        Figure(
            "total_requests",
            said("Requests"),
            Unit.COUNT,
            98_765,
            said("every request"),
            None,
            Change(97_000, 0.0182, Trend.UNSURE, 0.6, test),
        ),
        Figure("cache_hit_ratio", said("Cache hit ratio"), Unit.RATIO, None, said("no metric"), State.UNMEASURED),
    )
    prose = Prose("summary", (said("Thursday was the busiest day."), said("Wednesday was not measured.")), is_list=True)
    return Section("numbers", said("The week in numbers"), (Figures("figures", figures), prose))


def charts() -> Section:
    """Return one chart of each kind."""
    zone = ZONE.key
    days = [Window(MONDAY + timedelta(days=n), MONDAY + timedelta(days=n + 1)) for n in range(7)]
    percentiles = tuple(
        Series(
            said(name),
            tuple(
                Point(day, None if value is None else value * factor, f"/requests?day={n}")
                for n, (day, value) in enumerate(zip(days, _P95, strict=True))
            ),
        )
        for name, factor in (("p50", 0.3), ("p95", 1.0), ("p99", 1.4))
    )
    limit = Limit(0.5, said("promised"))
    maintenance = Window(MONDAY + timedelta(hours=26), MONDAY + timedelta(hours=30))
    hours = [Window(MONDAY + timedelta(hours=n), MONDAY + timedelta(hours=n + 1)) for n in range(168)]
    requests = Series(
        said("requests"),
        tuple(Point(each, None if n in range(48, 72) else n % 24 * 40) for n, each in enumerate(hours)),
        Mark.BAR,
    )
    heat = tuple(tuple(None if day == 2 else float(hour * day) for hour in range(24)) for day in range(7))
    bars = (Bar("/chamados/<int:id>", 1.8, "/endpoint?route=x"), Bar(HOSTILE, 0.7), Bar("/health", None))
    return Section(
        "charts",
        said("Charts"),
        (
            Picture(
                "latency",
                said("Response time by day"),
                TimeChart(Unit.SECONDS, said("response time"), WEEK, zone, percentiles, (limit,), (maintenance,)),
                said("Percentiles of the raw response times."),
            ),
            Picture(
                "requests",
                said("Requests by hour"),
                TimeChart(Unit.COUNT, said("requests"), WEEK, zone, (requests,)),
            ),
            Picture("slowest", said("Slowest endpoints"), Ranking(Unit.SECONDS, said("p95"), bars)),
            Picture("hours", said("When requests come"), HeatMap(Unit.COUNT, said("requests"), heat)),
        ),
    )


def tables(rows: int) -> Section:
    """Return a table of so many endpoints, the last of them hostile and unmeasured, and an empty one."""
    headings = (
        Heading("endpoint", said("Endpoint"), Unit.KEY),
        Heading("requests", said("Requests"), Unit.COUNT),
        Heading("error_rate", said("Error rate"), Unit.RATIO),
        Heading("p95", said("p95"), Unit.SECONDS),
        Heading("state", said("State"), Unit.KEY),
    )
    measured: list[tuple[Cell, ...]] = [
        (Linked(f"/endpoint/{n}", f"/endpoint?n={n}"), 12_000 - n, 0.0012, 0.25, State.MET if n % 2 else State.MISSED)
        for n in range(rows - 1)
    ]
    last: tuple[Cell, ...] = (HOSTILE, 0, None, None, State.UNMEASURED)
    return Section(
        "endpoints",
        said("Endpoints"),
        (
            Table(
                "endpoints",
                said("By requests"),
                headings,
                (*measured, last),
                said("No requests."),
                said("All of them."),
            ),
            Table("errors", said("By errors"), headings, (), said("No request failed.")),
        ),
    )


def advice() -> Section:
    """Return a recommendation with commands and one without, and none at all."""
    index = Advice(
        "missing-index",
        said("Index {table}", table="tickets.status"),
        (said("{n} slow statements", n=412), plural("{n} request", "{n} requests", 3)),
        said("about {gain} less a statement", gain=Amount(0.35, Unit.SECONDS)),
        ("CREATE INDEX CONCURRENTLY tickets_status ON tickets (status);", "ANALYZE tickets;"),
        "runbooks/slow-queries.md",
    )
    retention = Advice("retention", said("Keep logs for {n} days", n=90), (said("disk grows"),), said("less disk"), ())
    return Section(
        "advice",
        said("What to do"),
        (
            Recommendations("advice", (index, retention), said("Nothing to do.")),
            Recommendations("later", (), said("Nothing else was found.")),
        ),
    )
