"""What rules would have told: the same evaluations and decisions as in checks, over the past, with nothing sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from analyzers.alerts.check import evaluate
from analyzers.alerts.engine import Alerts, Outgoing, Policy, step
from analyzers.alerts.model import Kind
from analyzers.alerts.remembering import RememberingStore
from analyzers.alerts.signal import Rule
from analyzers.store.interface import Store
from analyzers.store.query import Window


@dataclass(frozen=True, slots=True)
class Moment:
    """One evaluation of the past.

    Attributes:
        at: Its instant.
        outgoing: What would have been told.
        measured: Whether any rule measured anything.
    """

    at: datetime
    outgoing: tuple[Outgoing, ...]
    measured: bool


@dataclass(frozen=True, slots=True)
class Total:
    """What a rule would have told.

    Attributes:
        rule: Its name.
        fired: How many of its alerts would have been told as firing (or flapping).
        escalated: How many as having become critical.
        short: How many of those that ended did so within the length that makes a false alarm likely.
        standing: How many had not ended.
        longest: How long the longest one that ended lasted.
    """

    rule: str
    fired: int
    escalated: int
    short: int
    standing: int
    longest: timedelta


def replay(store: Store, rules: Sequence[Rule], policy: Policy, span: Window, every: timedelta) -> Iterator[Moment]:
    """Yield every evaluation of a span in order: at its end, and before that every so often.

    Nothing is remembered of what stood before the span; nothing is written or sent; what is told counts as delivered.

    Args:
        store: Where the events are; nothing may be written to it meanwhile.
        rules: What to watch.
        policy: How alerts are handled, and who would be told.
        span: The past.
        every: How often.

    Raises:
        QueryError: When a rule asks what the store cannot answer.
        StoreError: When the store cannot answer.
    """
    alerts: Alerts = {}
    with RememberingStore(store) as remembering:
        for at in instants(span, every):
            signals = evaluate(remembering, rules, alerts, at)
            after = step(alerts, signals, rules, at, policy)
            alerts = after.alerts
            measured = any(signal.severity != "unmeasured" for signal in signals)
            yield Moment(at, after.outgoing, measured)


def instants(span: Window, every: timedelta) -> list[datetime]:
    """Return when a span is evaluated: in steps back from its end, all after its start."""
    count = (span.length - timedelta(microseconds=1)) // every + 1
    return [span.end - number * every for number in reversed(range(count))]


def totals(moments: Sequence[Moment], rules: Sequence[Rule], short: timedelta) -> tuple[Total, ...]:
    """Return what each rule would have told, in the order of the rules.

    Args:
        moments: The evaluations.
        rules: The rules.
        short: An alert that ended within this may well have been a false alarm.
    """
    return tuple(_total(rule.name, moments, short) for rule in rules)


def _total(rule: str, moments: Sequence[Moment], short: timedelta) -> Total:
    open_since: dict[str, datetime] = {}
    lasted: list[timedelta] = []
    fired = escalated = 0
    for moment in moments:
        for kind, alert in _changes(moment, rule):
            if kind is Kind.RESOLVED and alert in open_since:
                lasted.append(moment.at - open_since.pop(alert))
            elif kind is Kind.ESCALATED:
                escalated += 1
            elif kind in {Kind.FIRING, Kind.FLAPPING}:
                fired += alert not in open_since
                open_since.setdefault(alert, moment.at)
    longest = max(lasted, default=timedelta(0))
    return Total(rule, fired, escalated, sum(each <= short for each in lasted), len(open_since), longest)


def _changes(moment: Moment, rule: str) -> Iterator[tuple[Kind, str]]:
    """Yield each change of a rule's alerts once, to however many channels it goes."""
    seen: set[tuple[Kind, str]] = set()
    for outgoing in moment.outgoing:
        for alert in outgoing.notice.alerts:
            change = (outgoing.notice.kind, alert.id)
            if alert.rule == rule and change not in seen:
                seen.add(change)
                yield change
