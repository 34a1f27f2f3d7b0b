"""What rules would have told, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TextIO

from rich import box
from rich.table import Table
from rich.text import Text

from analyzers.alerts.engine import Outgoing
from analyzers.alerts.notices import told_apart
from analyzers.alerts.replay import Moment, Total
from analyzers.numbers import counted
from analyzers.store.query import Window
from atalaia.cli.render.alerts import LOOKS, instant
from atalaia.cli.render.machine import dumped
from atalaia.cli.render.safe import one_line, printable
from atalaia.cli.render.table import console_for


@dataclass(frozen=True, slots=True)
class Replayed:
    """A replay.

    Attributes:
        span: The past.
        every: How often it was evaluated.
        short: An alert this short may be a false alarm.
        done: So many evaluations.
        planned: Of so many.
        measured: Whether any rule measured anything.
        moments: Those at which something would have been told.
        totals: What each rule would have told.
    """

    span: Window
    every: timedelta
    short: timedelta
    done: int
    planned: int
    measured: bool
    moments: tuple[Moment, ...]
    totals: tuple[Total, ...]


def print_replay(replayed: Replayed, stream: TextIO) -> None:
    """Print what would have been told when to whom, then each rule's totals."""
    console = console_for(stream)
    console.print(Text(_headline(replayed)), soft_wrap=True)
    for at, outgoing in _told(replayed):
        mark, style = LOOKS[outgoing.notice.severity]
        console.print(Text.assemble((f"{mark} ", style), _notice(at, outgoing)), soft_wrap=True)
        console.print(Text(f"  {one_line(outgoing.notice.subject.partition(': ')[2])}"), soft_wrap=True)
    table = _table("rule", "fired", "escalated", "short", "standing", "longest")
    for total in replayed.totals:
        numbers = (total.fired, total.escalated, total.short, total.standing)
        table.add_row(printable(total.rule), *(f"{number:,}" for number in numbers), str(total.longest))
    console.print(table)
    for total in replayed.totals:
        if 2 * total.short > total.fired:
            console.print(Text(printable(_hint(total, replayed.short))), soft_wrap=True)


def replay_json(replayed: Replayed, store: str) -> str:
    """Return all of it as one JSON object."""
    return dumped(
        {
            "query": {
                "store": store,
                "since": instant(replayed.span.start),
                "until": instant(replayed.span.end),
                "every_seconds": replayed.every.total_seconds(),
                "evaluations": replayed.done,
                "planned": replayed.planned,
            },
            "rows": [_row(at, outgoing) for at, outgoing in _told(replayed)],
            "totals": [_total(each) for each in replayed.totals],
        },
    )


def _headline(replayed: Replayed) -> str:
    notices = sum(len(moment.outgoing) for moment in replayed.moments)
    span = f"{instant(replayed.span.start)} to {instant(replayed.span.end)}"
    return f"{counted(notices, 'notice')} in {counted(replayed.done, 'evaluation')} from {span}; nothing was sent"


def _notice(at: datetime, outgoing: Outgoing) -> str:
    notice = outgoing.notice
    about = told_apart(notice.alerts[0].rule, notice.alerts[0].labels) if len(notice.alerts) == 1 else notice.group
    channels = ", ".join(outgoing.channels)
    return printable(f"{at:%Y-%m-%d %H:%M} {notice.kind.value} {notice.severity.value}: {about}, to {channels}")


def _hint(total: Total, short: timedelta) -> str:
    return (
        f"{total.rule}: {total.short:,} of {counted(total.fired, 'alert')} ended within {short}, likely false alarms; "
        "a longer window or pending time would spare them"
    )


def _told(replayed: Replayed) -> Iterator[tuple[datetime, Outgoing]]:
    for moment in replayed.moments:
        for outgoing in moment.outgoing:
            yield moment.at, outgoing


def _row(at: datetime, outgoing: Outgoing) -> Mapping[str, object]:
    notice = outgoing.notice
    alerts = [{"rule": each.rule, "labels": dict(each.labels), "message": each.message} for each in notice.alerts]
    return {
        "at": instant(at),
        "kind": notice.kind.value,
        "group": notice.group,
        "severity": notice.severity.value,
        "subject": notice.subject,
        "channels": list(outgoing.channels),
        "alerts": alerts,
    }


def _total(total: Total) -> Mapping[str, object]:
    return {
        "rule": total.rule,
        "fired": total.fired,
        "escalated": total.escalated,
        "short": total.short,
        "standing": total.standing,
        "longest_seconds": total.longest.total_seconds(),
    }


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, justify="left" if column == "rule" else "right")
    return table
