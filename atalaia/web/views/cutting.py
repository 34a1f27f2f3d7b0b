"""How a drill-down is cut: the dimension, the buckets of time, the heat map; and what cuts it otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from analyzers.fields import REQUEST_STREAM
from analyzers.language import message
from analyzers.selection.dimensions import parse_dimensions, parse_top
from analyzers.selection.errors import SelectionError
from analyzers.selection.names import names_in
from analyzers.selection.where import parse_where
from analyzers.store.checks import MOST_TOP_NETWORKS
from analyzers.store.query import Calendar, CalendarUnit, Predicate, Window
from analyzers.store.schema import load_schema
from analyzers.store.zones import load_zone
from atalaia.web.asked import Question, fitting_unit
from atalaia.web.views import links
from atalaia.web.views.choices import Choice
from atalaia.web.views.dimensions import next_dimension, title_of
from atalaia.web.views.groups import RANKS, TOP, Grouping

MOST_BUCKETS: Final = 500
"""Points of a chart: each is a place to point at and to click, and a chart is some 500 pixels wide."""
HEATS: Final = {"slow": message("slow requests"), "requests": message("requests"), "errors": message("error rate")}
UNITS: Final = {
    CalendarUnit.MINUTE: (message("minute"), timedelta(minutes=1)),
    CalendarUnit.HOUR: (message("hour"), timedelta(hours=1)),
    CalendarUnit.DAY: (message("day"), timedelta(hours=25)),
    CalendarUnit.WEEK: (message("week"), timedelta(days=7)),
    CalendarUnit.MONTH: (message("month"), timedelta(days=31)),
}
MOST_GROUPS: Final = MOST_TOP_NETWORKS
"""Groups that can have rows of their own."""
A_DAY: Final = timedelta(hours=23)
"""The shortest window that has a heat map."""


@dataclass(frozen=True, slots=True)
class Cut:
    """How a drill-down is cut.

    Attributes:
        grouping: The dimension, and how many groups.
        calendar: The buckets of time.
        heat: What the heat map shows.
    """

    grouping: Grouping
    calendar: Calendar
    heat: str


def cut_of(question: Question, zone: str) -> Cut:
    """Return how a question wants its requests cut.

    Raises:
        SelectionError: When it cannot be read.
        QueryError: When it groups by what requests do not have.
    """
    schema = load_schema(REQUEST_STREAM)
    name = question.by[0] if question.by else next_dimension((), _conditions(question), schema)
    every = question.one("every") or fitting_unit(question.window).value
    calendar, key = parse_dimensions((name,), every, load_zone(zone), schema)
    if not isinstance(calendar, Calendar) or isinstance(key, Calendar):
        raise TypeError(f"{every!r} and {name!r} are no bucket and no dimension")
    _check_buckets(question.window, calendar)
    top = parse_top(limit_of(question), question.one("rank"), (key,), tuple(RANKS))
    if top is None:
        raise TypeError("a limit gave no greatest groups")
    further = next_dimension((name,), _conditions(question), schema)
    return Cut(Grouping(name, key, top, further), calendar, _heat_of(question))


def _conditions(question: Question) -> tuple[Predicate, ...]:
    schema = load_schema(REQUEST_STREAM)
    return tuple(parse_where(text, schema) for text in question.where)


def limit_of(question: Question) -> int:
    """Return how many groups have rows of their own.

    Raises:
        SelectionError: When ``top=`` is no such number.
    """
    text = question.one("top") or str(TOP)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_GROUPS:
        raise SelectionError(f"top={text} is no number of groups", f"give one from 1 to {MOST_GROUPS}")
    return int(text)


def _heat_of(question: Question) -> str:
    name = question.one("heat") or next(iter(HEATS))
    if name not in HEATS:
        raise SelectionError(f"heat={name} is nothing to show", f"give one of {', '.join(HEATS)}")
    return name


def _check_buckets(window: Window, calendar: Calendar) -> None:
    _, length = UNITS.get(calendar.unit, (None, timedelta(days=31)))
    if window.length > MOST_BUCKETS * length:
        raise SelectionError(
            f"every={calendar.unit} makes more than {MOST_BUCKETS:,} points of this window",
            "narrow the window, or cut it by a longer unit",
        )


def addresses(question: Question) -> dict[str, str]:
    """Return where the figures lead, by their names."""
    everything, failed = links.logs(question), links.logs(question, (links.FAILED,))
    return {"requests": everything, "requests_per_second": everything, "error_rate": failed}


def dimensions(question: Question, cut: Cut) -> tuple[Choice, ...]:
    """Return by what requests can be told apart, statements by their type at the end."""
    names = names_in(load_schema(REQUEST_STREAM))
    own = [] if cut.grouping.name in names else [cut.grouping.name]
    found = [
        Choice(title_of(name), question.same(links.DRILL, by=name), name == cut.grouping.name)
        for name in (*names, *own)
    ]
    return (
        *found,
        Choice(title_of("query_type"), question.address(links.STATEMENTS, by="query_type"), is_chosen=False),
    )


def units(question: Question, cut: Cut) -> tuple[Choice, ...]:
    """Return how the time of the window can be cut."""
    fitting = (unit for unit, (_, length) in UNITS.items() if question.window.length <= MOST_BUCKETS * length)
    return tuple(
        Choice(UNITS[unit][0], question.same(links.DRILL, every=unit.value), unit is cut.calendar.unit)
        for unit in fitting
    )


def ranks(question: Question, cut: Cut) -> tuple[Choice, ...]:
    """Return by what groups can be ranked."""
    return tuple(
        Choice(title, question.same(links.DRILL, rank=name), name == cut.grouping.top.by)
        for name, title in RANKS.items()
    )


def heats(question: Question, cut: Cut) -> tuple[Choice, ...]:
    """Return what the heat map can show; nothing where the window is too short for one."""
    if question.window.length < A_DAY:
        return ()
    return tuple(
        Choice(title, question.same(links.DRILL, heat=name), name == cut.heat) for name, title in HEATS.items()
    )
