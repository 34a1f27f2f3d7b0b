"""The log on a developer's terminal: the same records, for eyes."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from typing import Final, TextIO

import structlog

from logging_lib.stream import GONE
from logging_lib.values import Record

# The same in every line of one process, or of use to machines only.
_HIDDEN: Final = frozenset(
    (
        "service",
        "environment",
        "version",
        "host",
        "logger",
        "event_id",
        "request_id",
        "trace_id",
        "span_id",
        "user_agent",
    )
)
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Console:
    """Shows records on a stream, in colour where ``coloured`` says so.

    Args:
        stream: Where to; standard error when ``None``, looked up at each line because tests and servers replace it.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def write(self, record: Record) -> None:
        """Show one record. A terminal that has gone away is no reason to break a request."""
        stream = self._stream or sys.stderr
        try:
            stream.write(render(record, colours=coloured(stream, os.environ)) + "\n")
        except GONE:
            return

    def close(self) -> None:
        """Do nothing: the stream belongs to the process."""


def coloured(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Tell whether a stream gets colours: a terminal does, unless it is a dumb one.

    ``NO_COLOR`` (no-color.org) and ``FORCE_COLOR`` (force-color.org) decide where they are set and not empty; both set,
    there are none.
    """
    if environ.get("NO_COLOR"):
        return False
    return bool(environ.get("FORCE_COLOR")) or (stream.isatty() and environ.get("TERM") != "dumb")


def render(record: Record, *, colours: bool) -> str:
    """Return one record as a line for a person; a stack trace follows on lines of its own."""
    shown: dict[str, object] = {
        _harmless(key): _harmless(value) if isinstance(value, str) else value
        for key, value in record.items()
        if key not in _HIDDEN and value is not None
    }
    shown["level"] = str(record["level"]).lower()
    if "event" not in record:
        shown["event"] = _request_line(shown)
    trace = shown.pop("stack_trace", None)
    line = structlog.dev.ConsoleRenderer(colors=colours)(None, "", shown)
    return f"{line}\n{trace}" if trace else str(line)


def _request_line(shown: dict[str, object]) -> str:
    """Take what a request comes down to out of the fields: ``GET /chamados/7 200 in 1.8 ms``."""
    asked = (shown.pop(key, None) for key in ("method", "path", "status_code"))
    seconds = shown.pop("response_time", None)
    took = f"in {seconds * 1000:.1f} ms" if isinstance(seconds, float) else None
    if shown.get("outcome") == "completed":
        del shown["outcome"]
    return " ".join(str(part) for part in (*asked, took) if part is not None)


def _harmless(text: str) -> str:
    """Return text whose control characters are visible: what a client sent must not steer the terminal."""
    return _CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
