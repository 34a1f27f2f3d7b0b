"""The fields of the filter form as conditions: each becomes a ``where=`` of the address, and can be taken out."""

from __future__ import annotations

import re
from typing import Final

from analyzers.fields import HTTP_ROUTE, LOG_LEVEL, STATUS_CODE, USER_ID
from analyzers.selection import print_where
from analyzers.selection.errors import SelectionError
from analyzers.store.query import Contains, Equals, Predicate
from atalaia.web.asked import Question
from atalaia.web.views.logs import narrowed

FIELDS: Final = ("level", "status", "endpoint", "user")
"""What the form calls them."""
_STATUS: Final = re.compile(r"[1-9]\d\d", re.ASCII)
_CLASS: Final = re.compile(r"([1-9])xx", re.ASCII | re.IGNORECASE)


def conditions_of(question: Question) -> str | None:
    """Return the address that has the form's fields as conditions; ``None`` where the form was not sent.

    Raises:
        SelectionError: When a status is none.
    """
    given = {name: value for name in FIELDS if (value := (question.one(name) or "").strip())}
    if not any(question.one(name) is not None for name in FIELDS):
        return None
    return narrowed(question, also=[_condition(*each) for each in given.items()], **dict.fromkeys(FIELDS))


def _condition(name: str, value: str) -> str:
    if name == "status":
        return _status(value)
    predicates: dict[str, Predicate] = {
        "level": Equals(LOG_LEVEL, value.upper()),
        "endpoint": Contains(HTTP_ROUTE, value),
        "user": Equals(USER_ID, value),
    }
    return print_where(predicates[name])


def _status(value: str) -> str:
    if _STATUS.fullmatch(value):
        return print_where(Equals(STATUS_CODE, int(value)))
    if of_class := _CLASS.fullmatch(value):
        first = int(of_class[1]) * 100
        return f"{STATUS_CODE} >= {first} and {STATUS_CODE} < {first + 100}"
    raise SelectionError(f"{value[:20]!r} is no status", "give one as 404, or a class as 5xx")
