"""Single requests to open next: the last failed ones, or the last ones."""

from __future__ import annotations

from typing import Final

from analyzers.analysis import Unit
from analyzers.blocks import Cell, Heading, Linked, Table
from analyzers.explanation import Example
from analyzers.explanation.examples import example_of
from analyzers.fields import REQUEST_STREAM
from analyzers.jobs.job import FAILED
from analyzers.language import message
from analyzers.store.interface import Store
from analyzers.store.query import And
from analyzers.store.selection import Selection
from atalaia.web.asked import Question
from atalaia.web.views import links

MOST: Final = 5


def find_examples(store: Store, question: Question, *, failed: bool) -> tuple[Example, ...]:
    """Return the last requests of a question, or the last failed ones.

    Raises:
        StoreError: When the store cannot answer.
    """
    where = question.predicate()
    wanted = And((where, FAILED)) if failed else where
    found = store.documents(Selection(REQUEST_STREAM, question.window, wanted, newest_first=True, limit=MOST))
    return tuple(map(example_of, found))


def examples_table(examples: tuple[Example, ...], question: Question, *, failed: bool) -> Table:
    """Return requests as a table whose first cells lead to everything that was logged of them."""
    title = message("Failed requests") if failed else message("Requests")
    headings = (
        Heading("at", message("Began"), Unit.KEY),
        Heading("status", message("Status"), Unit.KEY),
        Heading("endpoint", message("Endpoint"), Unit.KEY),
        Heading("user", message("User"), Unit.KEY),
        Heading("seconds", message("Response time"), Unit.SECONDS),
        Heading("message", message("Message"), Unit.KEY),
    )
    rows = tuple(_cells(each, question) for each in examples)
    return Table("examples", title, headings, rows, message("There is no request to show."))


def _cells(example: Example, question: Question) -> tuple[Cell, ...]:
    status = None if example.status is None else str(example.status)
    return (
        Linked(example.at, links.trail(question, example.request)),
        status,
        example.route,
        example.user,
        example.seconds,
        example.message or "",
    )
