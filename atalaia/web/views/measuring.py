"""Measure the requests of a question, and of as long a time before."""

from __future__ import annotations

from analyzers.fields import REQUEST_STREAM
from analyzers.store.interface import Store
from analyzers.store.query import Query, Window
from atalaia.web.asked import Question
from atalaia.web.views.numbers import MEASURES, Numbers, numbers_of


def measure(store: Store, question: Question, window: Window) -> Numbers:
    """Measure the requests of a window that the question's filters let through."""
    return numbers_of(store.query(Query(REQUEST_STREAM, window, MEASURES, (), question.predicate())).rows[0])


def before_it(window: Window) -> Window:
    """Return as long a time before a window."""
    return Window(window.start - window.length, window.start)
