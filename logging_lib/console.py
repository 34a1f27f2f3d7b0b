"""The log on a developer's terminal: the same records, for eyes."""

from __future__ import annotations

import os
import sys
from typing import Final, TextIO

import structlog

from logging_lib.values import Record

# The same in every line of one process, or of use to machines only.
_HIDDEN: Final = frozenset(
    {"service", "environment", "version", "host", "event_id", "request_id", "user_agent", "logger"}
)


class Console:
    """Shows records on a stream, in colour where it is a terminal and ``NO_COLOR`` is not set.

    Args:
        stream: Where to; standard error when ``None``, looked up at each line because tests and servers replace it.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def write(self, record: Record) -> None:
        """Show one record. A terminal that has gone away is no reason to break a request."""
        stream = self._stream or sys.stderr
        try:
            stream.write(render(record, colours=stream.isatty() and "NO_COLOR" not in os.environ) + "\n")
        except (OSError, ValueError):
            return

    def close(self) -> None:
        """Do nothing: the stream belongs to the process."""


def render(record: Record, *, colours: bool) -> str:
    """Return one record as a line for a person; a stack trace follows on lines of its own."""
    shown: dict[str, object] = {key: value for key, value in record.items() if key not in _HIDDEN and value is not None}
    shown["level"] = str(record["level"]).lower()
    if "event" not in record:
        shown["event"] = f"{shown.pop('method', '')} {shown.pop('path', '')}".strip()
    trace = shown.pop("stack_trace", None)
    line = structlog.dev.ConsoleRenderer(colors=colours)(None, "", shown)
    return f"{line}\n{trace}" if trace else str(line)
