"""Capacity as blocks of a report: figures, sentences, a table and the histories of what runs out first."""

from __future__ import annotations

from typing import Final

from analyzers.analysis import Unit
from analyzers.blocks import Block, Figure, Figures, Heading, Picture, Prose, Section, Table
from analyzers.buckets import buckets
from analyzers.capacity.forecast import Outlook
from analyzers.capacity.model import CapacityPlan, Kind, Planned
from analyzers.capacity.wording import (
    growth_of,
    level_of,
    limit_of,
    outlook_of,
    sentence_of,
    share_of,
    title_of,
)
from analyzers.charts.definition import Limit, Point, Series, TimeChart
from analyzers.language import Message, message
from analyzers.store.query import Calendar, CalendarUnit

PICTURES: Final = 3
"""So many histories are drawn: of what runs out first."""


def capacity_section(plan: CapacityPlan) -> Section:
    """Return the chapter of a monthly report."""
    blocks: list[Block] = [days_left(plan), sentences(plan), table(plan), *pictures(plan)]
    return Section("capacity", message("Capacity"), tuple(blocks))


def days_left(plan: CapacityPlan) -> Figures:
    """Return the days until the first disk and the first server's connections run out."""
    disk = _figure(plan, Kind.DISK, "disk_days_left", message("Days until a disk is full"))
    pool = _figure(plan, Kind.CONNECTIONS, "connections_days_left", message("Days until connections run out"))
    return Figures("days_left", (disk, pool))


def sentences(plan: CapacityPlan) -> Prose:
    """Return what is full or runs out, the first first; or that nothing does, or that nothing was measured."""
    told = [each for each in plan.planned if each.forecast.outlook in {Outlook.FULL, Outlook.RUNS_OUT}]
    if told:
        return Prose("capacity_verdict", tuple(map(sentence_of, told)), is_list=True)
    if not any(each.resource.limit is not None for each in plan.planned):
        return Prose("capacity_verdict", (message("Capacity is not measured: no samples of machines or servers."),))
    return Prose("capacity_verdict", (message("No day can be told on which anything runs out."),))


def table(plan: CapacityPlan) -> Table:
    """Return everything that was looked at: used, limit, growth, and when it runs out."""
    headings = (
        Heading("resource", message("Resource"), Unit.KEY),
        Heading("used", message("Used"), Unit.COUNT),
        Heading("limit", message("Limit"), Unit.COUNT),
        Heading("share", message("Share"), Unit.RATIO),
        Heading("growth", message("Growth in 30 days"), Unit.COUNT),
        Heading("outlook", message("Outlook"), Unit.KEY),
    )
    rows = tuple(
        (title_of(each.resource), level_of(each), limit_of(each), share_of(each), growth_of(each), outlook_of(each))
        for each in plan.planned
    )
    return Table(
        "capacity",
        message("What grows, and when it runs out"),
        headings,
        rows,
        message("Nothing was measured."),
        message(
            "Greatest value of each day from {span}; the trend is the median of all slopes between days (Theil-Sen), "
            "intervals hold the true day in 95 of 100 cases.",
            span=plan.window,
        ),
    )


def pictures(plan: CapacityPlan) -> tuple[Picture, ...]:
    """Return the histories of what runs out first, with the limit."""
    drawn = [each for each in plan.planned if each.forecast.outlook in {Outlook.FULL, Outlook.RUNS_OUT}]
    return tuple(_picture(plan, each, place) for place, each in enumerate(drawn[:PICTURES], 1))


def _picture(plan: CapacityPlan, planned: Planned, place: int) -> Picture:
    resource, calendar = planned.resource, Calendar(CalendarUnit.DAY, plan.zone)
    parts = buckets(calendar, plan.window).items()
    points = tuple(Point(part, resource.days.get(plan.day_of(start))) for start, part in parts)
    limits = () if resource.limit is None else (Limit(resource.limit, message("limit")),)
    series = (Series(message("greatest value of the day"), points),)
    chart = TimeChart(resource.kind.unit, message("used"), plan.window, plan.zone, series, limits)
    return Picture(f"capacity_{place}", title_of(resource), chart, outlook_of(planned))


def _figure(plan: CapacityPlan, kind: Kind, name: str, title: Message) -> Figure:
    first = next(iter(plan.of(kind)), None)
    if first is None:
        return Figure(name, title, Unit.COUNT, None, message("no sample was taken"))
    return Figure(name, title, Unit.COUNT, plan.left(first), sentence_of(first))
