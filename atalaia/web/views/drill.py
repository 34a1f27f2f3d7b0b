"""The drill-down: requests of a window that filters let through, over time, by a dimension, and one by one."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache

from analyzers.analysis import State
from analyzers.blocks import Figures, Picture, Table
from analyzers.language import Message
from analyzers.store.interface import Store
from analyzers.store.query import CalendarUnit, Window
from analyzers.store.result import Result
from atalaia.web.asked import Question
from atalaia.web.drawings import Draw, draw_later
from atalaia.web.views import links
from atalaia.web.views.asking import asking
from atalaia.web.views.choices import Choice
from atalaia.web.views.cutting import A_DAY, Cut, addresses, cut_of, dimensions, heats, ranks, units
from atalaia.web.views.examples import examples_table, find_examples
from atalaia.web.views.groups import groups_table, measure_groups
from atalaia.web.views.judged import figures, judged
from atalaia.web.views.measuring import before_it, measure
from atalaia.web.views.notes import notes
from atalaia.web.views.numbers import Numbers
from atalaia.web.views.promised import Promised
from atalaia.web.views.statements import shapes_table
from atalaia.web.views.timeline import (
    Course,
    errors_picture,
    heat_map,
    latency_picture,
    measure_course,
    measure_hours,
    requests_picture,
)


@dataclass(frozen=True, slots=True)
class Drill:
    """The page.

    Attributes:
        state: How the requests are judged.
        verdict: That in words.
        figures: The numbers that it rests on.
        addresses: Where each of them leads, by name.
        dimensions: By what the requests can be told apart.
        units: How time can be cut.
        ranks: By what groups can be ranked.
        heats: What the heat map can show; nothing where the window is shorter than a day.
        pictures: Requests, error rate and response time over time.
        heat: By hour and weekday; ``None`` where the window is shorter than a day.
        groups: The greatest groups, and the rest.
        statements: The shapes of slow statements that took the most time.
        examples: Single requests.
        notes: What a reader must know about the numbers.
        explain: Where what is behind it is explained.
        logs: Where the log lines are.
        more_statements: Where all slow statements are.
    """

    state: State
    verdict: tuple[Message, ...]
    figures: Figures
    addresses: dict[str, str]
    dimensions: tuple[Choice, ...]
    units: tuple[Choice, ...]
    ranks: tuple[Choice, ...]
    heats: tuple[Choice, ...]
    pictures: tuple[Picture, ...]
    heat: Picture | None
    groups: Table
    statements: Table
    examples: Table
    notes: tuple[Message, ...]
    explain: str
    logs: str
    more_statements: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """Answers that are on their way."""

    now: Future[Numbers]
    before: Future[Numbers]
    course: Future[Course]
    hours: Future[Course] | None
    groups: Future[Result]
    shapes: Future[tuple[Table, tuple[Message, ...]]]


def drill(store: Store, question: Question, promised: Promised, zone: str, draw: Draw = draw_later) -> Drill:
    """Return the drill-down of a question, by about seven queries whatever it is.

    Args:
        store: The store.
        question: Window, filters, ``by``; ``every`` cuts time, ``rank`` and ``top`` choose groups, ``heat`` the map.
        promised: What judges the numbers.
        zone: Whose calendar cuts the time.
        draw: Is given each chart as soon as it is known, in a thread of its own.

    Raises:
        SelectionError: When the address cannot be read.
        QueryError: When it names a field that requests do not have.
        StoreError: When the store cannot answer.
    """
    cut = cut_of(question, zone)
    with asking() as pool:
        asked = _ask(pool, store, question, promised, cut)
        course = replace(asked.course.result(), excluded=promised.excluded(question.window))
        pictures = _pictures(course, question, promised)
        drawn = [pool.submit(draw, each) for each in pictures]
        now = asked.now.result()
        failed = now.errors > 0
        examples = pool.submit(find_examples, store, question, failed=failed)
        heat = None if asked.hours is None else heat_map(asked.hours.result(), cut.heat, promised.thresholds)
        drawn += [] if heat is None else [pool.submit(draw, heat)]
        for each in drawn:
            each.result()
    state, verdict = judged(now, question.window, promised.thresholds)
    shapes, unused = asked.shapes.result()
    return Drill(
        state=state,
        verdict=verdict,
        figures=figures(now, asked.before.result(), question.window, promised.thresholds),
        addresses=addresses(question),
        dimensions=dimensions(question, cut),
        units=units(question, cut),
        ranks=ranks(question, cut),
        heats=heats(question, cut),
        pictures=pictures,
        heat=heat,
        groups=groups_table(asked.groups.result(), question, cut.grouping, now.requests),
        statements=shapes,
        examples=examples_table(examples.result(), question, failed=failed),
        notes=(*notes(store, question, now, course), *unused),
        explain=question.address(links.EXPLAIN, by=None),
        logs=links.logs(question),
        more_statements=question.address(links.STATEMENTS, by=None),
    )


def _ask(pool: ThreadPoolExecutor, store: Store, question: Question, promised: Promised, cut: Cut) -> _Asked:
    """Ask everything at once: none of the questions waits for the answer of another, nor for the network's.

    Those whose answers are waited for by others begin first.
    """
    window, where, thresholds = question.window, question.predicate(), promised.thresholds
    groups = pool.submit(measure_groups, store, question, cut.grouping)
    course = pool.submit(measure_course, store, window, where, cut.calendar, thresholds)
    now = pool.submit(measure, store, question, window)
    hours = None
    if window.length >= A_DAY:
        by_hour = cut.calendar.unit is CalendarUnit.HOUR
        zone = cut.calendar.zone
        hours = course if by_hour else pool.submit(measure_hours, store, window, where, zone, thresholds)
    before = pool.submit(measure, store, question, before_it(window))
    shapes = pool.submit(shapes_table, store, question)
    return _Asked(now, before, course, hours, groups, shapes)


def _pictures(course: Course, question: Question, promised: Promised) -> tuple[Picture, ...]:
    @cache  # five series have the same buckets
    def link(window: Window) -> str:
        if course.calendar.unit is CalendarUnit.MINUTE:
            return links.logs(question, window=window)
        return links.within(question, window)

    return (
        requests_picture(course, link),
        errors_picture(course, link, promised.error_limits),
        latency_picture(course, link, promised.latency_limits),
    )
