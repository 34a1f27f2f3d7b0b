"""Log lines on a terminal: what they say is others' text, so nothing in it may command the terminal."""

from __future__ import annotations

import json
from typing import Final, TextIO
from zoneinfo import ZoneInfo

from rich.text import Text

from analyzers.logs.line import Line
from analyzers.logs.streams import LogKind
from analyzers.logs.trail import Step, Trail
from atalaia.cli.render.safe import one_line, printable
from atalaia.cli.render.table import console_for

_LOOKS: Final = {"ERROR": "bold red", "CRITICAL": "bold red", "WARNING": "yellow", "DEBUG": "dim"}
_WORDS: Final = {LogKind.REQUEST: "request", LogKind.EVENT: "event", LogKind.STATEMENT: "statement"}
_WIDTH: Final = 24
"""Characters of a trail's bar."""


def print_line(line: Line, zone: ZoneInfo, stream: TextIO) -> None:
    """Print a line: time, level, status, duration, endpoint where the text has none, text."""
    at = line.at.astimezone(zone).isoformat(sep=" ", timespec="milliseconds")[:23]
    _print(Text.assemble(at, " ", *_parts(line)), stream)


def print_step(step: Step, trail: Trail, stream: TextIO) -> None:
    """Print a line of a trail: its offset from the beginning, a bar, and the line."""
    offset = (step.start - trail.start).total_seconds()
    _print(Text.assemble(f"{f'+{offset:.3f} s':>12} ", f"{_bar(step, trail)} ", *_parts(step.line)), stream)


def print_whole(line: Line, stream: TextIO) -> None:
    """Print the document as one line of JSON, every character outside printable ASCII escaped."""
    text = json.dumps(line.document.body, ensure_ascii=True, separators=(",", ":"))
    stream.write(text.replace("\x7f", "\\u007f") + "\n")


def _parts(line: Line) -> tuple[str | tuple[str, str], ...]:
    level = printable(line.level or "-")
    took = "-" if line.seconds is None else f"{line.seconds:.3f} s"
    status = "-" if line.status is None else str(line.status)
    return (
        (f"{level:<8}", _LOOKS.get(level.upper(), "")),
        f" {_WORDS[line.kind]:<9} {status:>3} {took:>9}  ",
        one_line(line.text),
    )


def _bar(step: Step, trail: Trail) -> str:
    whole = trail.length.total_seconds() or 1.0
    first = round((step.start - trail.start).total_seconds() / whole * (_WIDTH - 1))
    last = max(first, round((step.end - trail.start).total_seconds() / whole * (_WIDTH - 1)))
    return f"{'·' * first}{'█' * (last - first + 1)}{'·' * (_WIDTH - 1 - last)}"


def _print(text: Text, stream: TextIO) -> None:
    console_for(stream).print(text, soft_wrap=True)
