"""The streams whose events are read as lines."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from analyzers.fields import REQUEST_STREAM
from analyzers.selection.errors import SelectionError


class LogKind(StrEnum):
    """What a line is: a web request, what an application said, or a slow SQL statement."""

    REQUEST = "request"
    EVENT = "event"
    STATEMENT = "statement"


STREAMS: Final = {
    LogKind.REQUEST: REQUEST_STREAM,
    LogKind.EVENT: "logs-app.event-*",
    LogKind.STATEMENT: "logs-sql.query-*",
}
"""A kind's stream, in every environment."""


def parse_kinds(names: Sequence[str]) -> tuple[LogKind, ...]:
    """Return the kinds that names mean, each once and in the order of :class:`LogKind`; all for no name.

    A kind is named by its word or by its stream: ``request``, ``logs-web.request-*``.

    Raises:
        SelectionError: When one is unknown.
    """
    known = [kind.value for kind in LogKind]
    words = {stream: kind.value for kind, stream in STREAMS.items()}
    given = [words.get(name, name) for name in names]
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"give one of {', '.join(known)}"
            raise SelectionError(f"there are no lines of the kind {name!r}", hint)
    return tuple(kind for kind in LogKind if not names or kind.value in given)


def kind_of(stream: str) -> LogKind:
    """Return the kind of a line by its data stream.

    Raises:
        SelectionError: When such a stream has no lines.
    """
    for kind, pattern in STREAMS.items():
        if stream.startswith(pattern.removesuffix("*")):
            return kind
    raise SelectionError(f"{stream} has no log lines", f"name one of {', '.join(STREAMS.values())}")
