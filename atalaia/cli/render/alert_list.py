"""Where alerts stand, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TextIO

from rich import box
from rich.table import Table
from rich.text import Text

from analyzers.alerts import Alert, Phase
from analyzers.alerts.mutes import Silence
from analyzers.alerts.records import Waiting
from atalaia.cli.render.alerts import LOOKS, alert_object, instant, named
from atalaia.cli.render.machine import dumped
from atalaia.cli.render.safe import one_line, printable
from atalaia.cli.render.table import console_for

_NEVER_TRIED: Final = "not tried yet"


def print_list(
    alerts: Sequence[Alert], silences: Sequence[Silence], waiting: Sequence[Waiting], stream: TextIO
) -> None:
    """Print the alerts, the silences, and what no channel has taken."""
    console = console_for(stream)
    console.print(_headline(alerts))
    shown = [each for each in alerts if _states(each)]
    for each in shown:
        mark, style = LOOKS[each.severity]
        about = printable(named(each.rule, each.labels))
        head = f"{about} {each.severity} since {instant(each.since)} ({each.id}): {', '.join(_states(each))}"
        console.print(Text.assemble((f"{mark} ", style), head), soft_wrap=True)
        console.print(Text(f"  {one_line(_message(each))}"), soft_wrap=True)
    if silences:
        print_silences(silences, stream)
    for wait in waiting:
        console.print(Text(printable(_undelivered(wait))), soft_wrap=True)


def print_silences(silences: Sequence[Silence], stream: TextIO) -> None:
    """Print the silences that are not over."""
    console = console_for(stream)
    if not silences:
        console.print("no silence")
        return
    table = _table("silence", "about", "until", "by", "reason")
    for each in silences:
        about = ", ".join(f"{name}={value}" for name, value in each.matchers.items())
        table.add_row(each.id, printable(about), instant(each.until), printable(each.by), one_line(each.reason))
    console.print(table)


def list_json(alerts: Sequence[Alert], silences: Sequence[Silence], waiting: Sequence[Waiting]) -> str:
    """Return all of it as one JSON object."""
    return dumped(
        {
            "alerts": [alert_object(each) for each in alerts],
            "silences": [silence_object(each) for each in silences],
            "undelivered": [_undelivered_object(each) for each in waiting],
        },
    )


def silence_object(silence: Silence) -> Mapping[str, object]:
    """Return a silence as a JSON object."""
    return {
        "silence": silence.id,
        "matchers": dict(silence.matchers),
        "since": instant(silence.start),
        "until": instant(silence.until),
        "by": silence.by,
        "reason": silence.reason,
    }


def _headline(alerts: Sequence[Alert]) -> Text:
    firing = sum(each.firing for each in alerts)
    if firing:
        return Text.assemble(("✘ ", "bold red"), f"{firing:,} firing")
    return Text.assemble(("✔ ", "bold green"), "nothing fires")


def _states(alert: Alert) -> list[str]:
    return list(_words(alert))


def _words(alert: Alert) -> Iterator[str]:
    if alert.phase is not Phase.OK:
        yield alert.phase.value
    if alert.flapping_since is not None:
        yield "flapping"
    if alert.unmeasured_since is not None:
        yield f"unmeasured since {instant(alert.unmeasured_since)}"
    if alert.phase is Phase.OK and alert.told:
        yield "its end is not told yet"
    if alert.muted is not None:
        yield f"muted ({printable(alert.muted)})"
    if alert.ack is not None:
        yield f"acknowledged by {printable(alert.ack.by)}"


def _message(alert: Alert) -> str:
    return alert.detail.message if alert.unmeasured_since is None else alert.unmeasured_why


def _undelivered(wait: Waiting) -> str:
    kind, group, reason = wait.notice.kind, wait.notice.group, one_line(wait.reason or _NEVER_TRIED)
    if wait.given_up is not None:
        return f"given up at {instant(wait.given_up)}: {kind} {group} for {wait.channel} ({reason})"
    when = "at the next check" if wait.next_attempt is None else f"from {instant(wait.next_attempt)} on"
    return f"not delivered: {kind} {group} to {wait.channel}, {wait.attempts} attempts ({reason}), again {when}"


def _undelivered_object(wait: Waiting) -> Mapping[str, object]:
    return {
        "id": wait.notice.id,
        "kind": wait.notice.kind.value,
        "group": wait.notice.group,
        "subject": wait.notice.subject,
        "channel": wait.channel,
        "created": instant(wait.created),
        "attempts": wait.attempts,
        "reason": wait.reason,
        "next_attempt": None if wait.next_attempt is None else instant(wait.next_attempt),
        "given_up": None if wait.given_up is None else instant(wait.given_up),
    }


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column)
    return table
