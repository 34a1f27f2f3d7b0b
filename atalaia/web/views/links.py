"""Where numbers lead: a narrower drill-down, or the log lines themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from analyzers.logs.streams import LogKind
from analyzers.question import instant_text
from analyzers.selection import print_where
from analyzers.store.keys import key_is
from analyzers.store.query import Key, Window
from analyzers.store.result import Value
from atalaia.web.asked import Question, path_of

ENDPOINTS: Final = "/endpoints"
DRILL: Final = "/drill"
STATEMENTS: Final = "/statements"
EXPLAIN: Final = "/explain"
LOGS: Final = "/logs"
SAMPLES: Final = "/samples"

FAILED: Final = "http.response.status_code >= 500"
"""What makes a request an error, in the filter language."""


def filter_of(key: Key, value: Value) -> str:
    """Return the filter for the requests of a group: ``http.route = /login``."""
    return print_where(key_is(key, value))


def within(question: Question, window: Window, path: str = DRILL) -> str:
    """Return a page about a part of the window; how it is cut follows from its length."""
    start, end = _bounds(window)
    return question.same(path, start=start, end=end, every=None)


def logs(
    question: Question, also: Sequence[str] = (), window: Window | None = None, stream: str = LogKind.REQUEST
) -> str:
    """Return the lines that a number counts, in a window that stays the same while time goes on.

    Args:
        question: The question that the number answers.
        also: Further filters.
        window: The part of its window.
        stream: Which lines, as the log explorer names them.
    """
    start, end = _bounds(window or question.window)
    return question.address(LOGS, also=also, start=start, end=end, by=None, stream=str(stream))


def samples(question: Question, name: str, window: Window, where: Sequence[str] = ()) -> str:
    """Return the samples behind a figure of machines or databases, of those that fulfil further filters."""
    start, end = _bounds(window)
    return question.address(SAMPLES, also=where, start=start, end=end, by=None, of=name)


def trail(question: Question, request: str) -> str:
    """Return everything that was logged of one request."""
    return question.address(path_of("requests", request), by=None)


def _bounds(window: Window) -> tuple[str, str]:
    return instant_text(window.start), instant_text(window.end)
