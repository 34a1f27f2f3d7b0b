"""The overview's figures as JSON, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from analyzers.blocks import Cell, Figure, Table, plain_of
from analyzers.language import Message, english
from analyzers.question import instant_text
from atalaia.web.views.overview import Course, Look

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"


def payload(look: Look, course: Course | None, store: str, at: datetime) -> dict[str, Json]:
    """Return the object; instants are RFC 3339 in UTC, ratios fractions of 1, times seconds, ``null`` is unmeasured.

    Args:
        look: The figures.
        course: What happened over the window; ``None`` where there is no store yet.
        store: How a person names the store.
        at: When they were looked at.
    """
    return {
        "at": instant_text(at),
        "store": store,
        "window": {"start": instant_text(look.window.start), "end": instant_text(look.window.end)},
        "own_machine": look.is_own,
        "figures": {each.name: _figure(each) for each in look.figures.figures},
        "endpoints": [] if course is None else _rows(course.endpoints),
        "notes": [] if course is None else [english(each) for each in course.notes],
    }


def _rows(table: Table) -> list[Json]:
    names = [heading.name for heading in table.headings]
    return [dict(zip(names, map(_cell, row), strict=True)) for row in table.rows]


def _cell(cell: Cell) -> Json:
    value = plain_of(cell)
    if isinstance(value, Message):
        return english(value)
    return value if isinstance(value, str | int | float) else None


def _figure(each: Figure) -> dict[str, Json]:
    return {
        "value": each.value,
        "unit": each.unit.value,
        "state": None if each.state is None else each.state.value,
        "basis": {name: value for name, value in each.basis.values.items() if isinstance(value, int | str)},
    }
