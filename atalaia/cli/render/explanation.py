"""An explanation for a person: the verdict in words, the numbers, examples, and where to look further."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Final, TextIO
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analyzers.explanation import Example, Explanation
from analyzers.explanation.model import Finding
from analyzers.explanation.request import Tally
from analyzers.selection import print_where
from analyzers.store.query import EVERYTHING, Window
from atalaia.cli.render.machine import rfc3339
from atalaia.cli.render.safe import printable
from atalaia.cli.render.table import MARKS, STYLES, console_for, print_whole
from atalaia.cli.render.text import ABSENT, percent, significant

_HOUR: Final = 3600
_LONGEST: Final = 3 * 24 * _HOUR


def print_explanation(explanation: Explanation, analysis: str, stream: TextIO, *, store: str | None = None) -> None:
    """Print an explanation.

    Args:
        explanation: What is printed.
        analysis: The command that looks further: ``errors``.
        stream: Where to.
        store: The store, where the command has to name it.
    """
    console = console_for(stream)
    first, *further = explanation.sentences
    mark = (f"{MARKS[explanation.state]} ", STYLES[explanation.state])
    console.print(Text.assemble(mark, printable(first)), soft_wrap=True)
    for line in further:
        console.print(Text(f"  {printable(line)}"), soft_wrap=True)
    print_further(console, explanation, analysis, store=store)


def print_further(console: Console, explanation: Explanation, analysis: str, *, store: str | None = None) -> None:
    """Print what stands below the sentences: the numbers, examples, and the next command."""
    if explanation.findings:
        console.print()
        print_whole(console, _findings(explanation))
    if explanation.examples:
        console.print()
        _print_examples(console, explanation)
    console.print()
    console.print(Text("Look further:", style="bold"))
    console.print(Text(f"  {printable(further_command(explanation, analysis, store))}"), soft_wrap=True)


def further_command(explanation: Explanation, analysis: str, store: str | None) -> str:
    """Return the command line that shows the events of the first finding by the time."""
    window = explanation.request.window
    words = ["atalaia", analysis, "--since", rfc3339(window.start), "--until", rfc3339(window.end)]
    words += ["--every", _unit(window)]
    if explanation.where != EVERYTHING:
        words += ["--where", print_where(explanation.where)]
    if explanation.request.zone != "UTC":
        words += ["--tz", explanation.request.zone]
    if store is not None:
        words += ["--store", store]
    return shlex.join(words)


def _unit(window: Window) -> str:
    seconds = window.length.total_seconds()
    return "minute" if seconds <= _HOUR else "hour" if seconds <= _LONGEST else "day"


def _findings(explanation: Explanation) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False, header_style="bold")
    table.add_column("what", overflow="fold", min_width=20)
    for name in ("requests", "bad", "usual", "of bad", "of all", "rate"):
        table.add_column(name, justify="right", no_wrap=True)
    for finding in explanation.findings:
        table.add_row(*_row(finding, explanation.tally))
    table.add_section()
    left, _ = explanation.remaining
    table.add_row("all others", *_numbers(left, explanation.tally, None))
    table.add_row("all", *_numbers(explanation.tally, explanation.tally, None))
    return table


def _row(finding: Finding, everything: Tally) -> Sequence[str]:
    return (printable(finding.words), *_numbers(finding.tally, everything, float(finding.expected)))


def _numbers(tally: Tally, everything: Tally, usual: float | None) -> Sequence[str]:
    return (
        f"{tally.counted:,}",
        f"{tally.bad:,}",
        ABSENT if usual is None else significant(usual),
        _percent(tally.bad, everything.bad),
        _percent(tally.counted, everything.counted),
        _percent(tally.bad, tally.counted),
    )


def _percent(part: int, whole: int) -> str:
    return percent(part / whole) if whole else ABSENT


def _print_examples(console: Console, explanation: Explanation) -> None:
    zone = ZoneInfo(explanation.request.zone)
    console.print(Text("Examples:", style="bold"))
    for example in explanation.examples:
        console.print(Text(f"  {printable(_example(example, zone))}"), soft_wrap=True)


def _example(example: Example, zone: ZoneInfo) -> str:
    words = [f"{example.at.astimezone(zone):%Y-%m-%d %H:%M:%S}", f"request {example.request}"]
    words += [f"trace {example.trace}"] if example.trace else []
    words += [str(example.status)] if example.status is not None else []
    words += [f"{significant(example.seconds)} s"] if example.seconds is not None else []
    words += [example.route] if example.route else []
    words += [f"user {example.user}"] if example.user else []
    words += [example.message] if example.message else []
    return ", ".join(words)
