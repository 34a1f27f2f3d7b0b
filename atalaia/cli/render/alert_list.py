"""Where alerts stand, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TextIO

from rich import box
from rich.table import Table
from rich.text import Text

from analyzers.alerts import Alert, Phase
from analyzers.alerts.mutes import Silence
from analyzers.alerts.notices import told_apart
from analyzers.alerts.records import LastCheck, Waiting
from analyzers.numbers import counted
from analyzers.thresholds import Severity
from atalaia.cli.render.alerts import LOOKS, alert_object, instant
from atalaia.cli.render.machine import dumped
from atalaia.cli.render.safe import one_line, printable
from atalaia.cli.render.table import console_for

_OLD: Final = timedelta(hours=1)
"""An older check says nothing about the present."""
_NEVER_TRIED: Final = "not tried yet"
_CHECK: Final = "'atalaia alerts check' does, 'atalaia schedule run' each minute"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a state remembers: alerts, silences, what no channel has taken, and as of which check."""

    alerts: Sequence[Alert]
    silences: Sequence[Silence]
    waiting: Sequence[Waiting]
    last: LastCheck | None


def print_list(standing: Standing, now: datetime, stream: TextIO) -> None:
    """Print how old it is, the alerts, the silences, and what no channel has taken."""
    console = console_for(stream)
    console.print(_headline(standing, now), soft_wrap=True)
    for each in standing.alerts:
        if not _states(each) and _severity(each) is not Severity.UNMEASURED:
            continue
        mark, style = LOOKS[_severity(each)]
        about = printable(told_apart(each.rule, each.labels))
        head = f"{about} {', '.join((_verdict(each), *_states(each)))} ({each.id})"
        console.print(Text.assemble((f"{mark} ", style), head), soft_wrap=True)
        console.print(Text(f"  {one_line(_message(each))}"), soft_wrap=True)
    if standing.silences:
        print_silences(standing.silences, stream)
    for wait in standing.waiting:
        console.print(Text(printable(_undelivered(wait))), soft_wrap=True)


def print_silences(silences: Sequence[Silence], stream: TextIO) -> None:
    """Print the silences that are not over."""
    console = console_for(stream)
    if not silences:
        console.print("no silence")
        return
    table = _table("silence", "about", "until", "by", "reason")
    table.columns[2].no_wrap = True
    for each in silences:
        about = ", ".join(f"{name}={value}" for name, value in each.matchers.items())
        table.add_row(
            each.id,
            printable(about),
            instant(each.until.replace(microsecond=0)),
            printable(each.by),
            one_line(each.reason),
        )
    console.print(table)


def list_json(standing: Standing) -> str:
    """Return all of it as one JSON object."""
    return dumped(
        {
            "last_check": None if standing.last is None else instant(standing.last.at),
            "judged": None if standing.last is None else standing.last.judged,
            "alerts": [alert_object(each) for each in standing.alerts],
            "silences": [silence_object(each) for each in standing.silences],
            "undelivered": [_undelivered_object(each) for each in standing.waiting],
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


def _headline(standing: Standing, now: datetime) -> Text:
    """Return the verdict: "nothing fires" is said only where somebody has looked, lately, and measured something."""
    last, firing = standing.last, sum(each.firing for each in standing.alerts)
    age = _age(last, now)
    if firing:
        return Text.assemble(_mark(Severity.CRITICAL), f"{firing:,} firing{age}")
    if last is None and not standing.alerts:
        return Text.assemble(_mark(Severity.UNMEASURED), "nothing is known to fire: nothing was checked; ", _CHECK)
    if last is None or not last.judged:
        return Text.assemble(_mark(Severity.UNMEASURED), f"nothing is known to fire: nothing could be judged{age}")
    if now - last.at > _OLD:
        return Text.assemble(_mark(Severity.UNMEASURED), f"nothing is known to fire{age}")
    return Text.assemble(_mark(Severity.OK), f"nothing fires{age}")


def _mark(severity: Severity) -> tuple[str, str]:
    mark, style = LOOKS[severity]
    return f"{mark} ", style


def _age(last: LastCheck | None, now: datetime) -> str:
    if last is None:
        return ", as of a check by an earlier version"
    hours = (now - last.at) // timedelta(hours=1)
    return f", as of the check at {instant(last.at)}" + (f", {counted(hours, 'hour')} ago" if hours else "")


def _severity(alert: Alert) -> Severity:
    """Return what the alert is to be shown as: what is not in breach and not measured is not well."""
    quiet = alert.phase is Phase.OK and not alert.told
    return Severity.UNMEASURED if quiet and alert.unmeasured_since is not None else alert.severity


def _verdict(alert: Alert) -> str:
    severity = _severity(alert)
    return f"{severity} since {instant(_since(alert, severity))}"


def _since(alert: Alert, severity: Severity) -> datetime:
    return alert.unmeasured_since or alert.since if severity is Severity.UNMEASURED else alert.since


def _states(alert: Alert) -> list[str]:
    return list(_words(alert))


def _words(alert: Alert) -> Iterator[str]:
    if alert.phase is not Phase.OK:
        yield alert.phase.value
    if alert.flapping_since is not None:
        yield "flapping"
    if alert.unmeasured_since is not None and _severity(alert) is not Severity.UNMEASURED:
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
