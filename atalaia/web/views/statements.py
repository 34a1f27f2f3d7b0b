"""Slow SQL statements: by type, endpoint, shape or database, with what they took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from analyzers.analysis import Analysis, Selection, Unit
from analyzers.blocks import Cell, Heading, Linked, Picture, Table
from analyzers.charts.definition import Mark, Point, Series, TimeChart
from analyzers.jobs import queries
from analyzers.jobs.job import count, number
from analyzers.jobs.queries import STATEMENT_STREAM
from analyzers.language import Amount, Message, message, plural
from analyzers.selection.names import parse_key
from analyzers.store.interface import Store
from analyzers.store.query import Calendar, Key, NamedMeasure, Query, Sum, Top
from analyzers.store.result import Row
from analyzers.store.schema import load_schema
from atalaia.web.asked import Question, fitting_unit
from atalaia.web.views import links
from atalaia.web.views.choices import Choice
from atalaia.web.views.dimensions import title_of
from atalaia.web.views.groups import shown
from atalaia.web.views.statement_filters import Filters, of_statements
from atalaia.web.views.timeline import Course, course_of

DIMENSIONS: Final = ("query_type", "endpoint", "statement", "database")
"""What statements are told apart by."""
TOP: Final = 20
_SHAPES: Final = 5
_TIME: Final = NamedMeasure("seconds", Sum(queries.SECONDS))


@dataclass(frozen=True, slots=True)
class Statements:
    """The page of slow statements.

    Attributes:
        verdict: What was found, in words.
        dimensions: What they can be told apart by.
        picture: Their time over time.
        table: The groups.
        own: The filters about statements themselves: text, and the address without it.
    """

    verdict: tuple[Message, ...]
    dimensions: tuple[Choice, ...]
    picture: Picture
    table: Table
    own: tuple[Choice, ...]


def statements(store: Store, question: Question, zone: str) -> Statements:
    """Return the slow statements of a question; ``by=`` tells them apart, ``sql=`` are filters of their own.

    Raises:
        QueryError: When a filter or the dimension names what there is not.
        SelectionError: When a filter cannot be read.
        StoreError: When the store cannot answer.
    """
    filters = of_statements(question.where, question.all("sql"))
    name = next((each for each in question.by if each in DIMENSIONS), DIMENSIONS[0])
    found = _measured(store, question, filters, name)
    return Statements(
        (_verdict(found, question), *unused(filters)),
        tuple(_choice(question, each, name) for each in DIMENSIONS),
        _picture(store, question, filters, zone),
        _table(found, question, name),
        tuple(_own(question, each) for each in question.all("sql")),
    )


def shapes_table(store: Store, question: Question) -> tuple[Table, tuple[Message, ...]]:
    """Return the shapes that took the most time, for a page about requests, and which filters say nothing of them."""
    filters = of_statements(question.where)
    found = _measured(store, question, filters, "statement", _SHAPES)
    return _table(found, question, "statement"), unused(filters)


def unused(filters: Filters) -> tuple[Message, ...]:
    """Return which filters say nothing of statements."""
    return tuple(
        message("The filter {filter} says nothing of statements: they are shown without it.", filter=each)
        for each in filters.unused
    )


def _measured(store: Store, question: Question, filters: Filters, name: str, limit: int = TOP) -> Analysis:
    key = parse_key(name, load_schema(STATEMENT_STREAM))
    chosen = Selection(question.window, (key,), filters.where, STATEMENT_STREAM, Top(limit, queries.RANKS[0]))
    return queries.run(store, chosen)


def _verdict(found: Analysis, question: Question) -> Message:
    total = count(found.total, "statements")
    if not total:
        return message(
            "No slow statement was recorded in {span}: either all were fast, or none was logged.", span=question.window
        )
    return plural(
        "{n} slow statement took {time} (no threshold applies).",
        "{n} slow statements took {time} together (no threshold applies).",
        total,
        time=Amount(number(found.total, "seconds"), Unit.SECONDS),
    )


def _choice(question: Question, name: str, chosen: str) -> Choice:
    return Choice(title_of(name), question.same(links.STATEMENTS, by=name), name == chosen)


def _own(question: Question, condition: str) -> Choice:
    left = [each for each in question.all("sql") if each != condition]
    return Choice(message("{filter}", filter=condition), question.same(links.STATEMENTS, sql=left), is_chosen=True)


def _picture(store: Store, question: Question, filters: Filters, zone: str) -> Picture:
    calendar = Calendar(fitting_unit(question.window), zone)
    asked = Query(STATEMENT_STREAM, question.window, (_TIME,), (calendar,), filters.where)
    course = course_of(store.query(asked).rows, question.window, calendar)
    title = message("Time of slow statements")
    chart = TimeChart(Unit.SECONDS, title, course.window, zone, (_series(course, question, title),))
    return Picture("statements_over_time", title, chart)


def _series(course: Course, question: Question, title: Message) -> Series:
    points = (
        Point(
            each.window,
            None if each.row is None else number(each.row, "seconds"),
            links.within(question, each.window, links.STATEMENTS),
        )
        for each in course.buckets
    )
    return Series(title, tuple(points), Mark.BAR)


def _table(found: Analysis, question: Question, name: str) -> Table:
    key = parse_key(name, load_schema(STATEMENT_STREAM))
    rows = [(_name(row, question, key, name), *_numbers(row)) for row in found.rows]
    rows += [(plural("{n} other", "{n} others", found.others), *_numbers(row)) for row in found.rest]
    return Table(
        "statements",
        message("Slow statements"),
        (
            Heading("group", title_of(name), Unit.KEY),
            Heading("statements", message("Statements"), Unit.COUNT),
            Heading("failed", message("Failed"), Unit.COUNT),
            Heading("seconds", message("Time together"), Unit.SECONDS),
            Heading("p95", message("p95"), Unit.SECONDS),
            Heading("max", message("Longest"), Unit.SECONDS),
        ),
        tuple(rows),
        message("No slow statement was recorded."),
        message("By the time that they took together.") if rows else None,
    )


def _name(row: Row, question: Question, key: Key, name: str) -> Linked:
    value = row[key.name]
    condition = links.filter_of(key, value)
    further = "statement" if name != "statement" else "endpoint"
    own = [*question.all("sql"), *([] if condition in question.all("sql") else [condition])]
    return Linked(shown(value), question.same(links.STATEMENTS, by=further, sql=own))


def _numbers(row: Row) -> tuple[Cell, ...]:
    measured = (number(row, name) for name in ("seconds", "p95", "max"))
    return (count(row, "statements"), count(row, "failed"), *measured)
