"""Which notices are about a planted incident, which about none, and how soon the first one was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from analyzers.alerts import Notice
from analyzers.alerts.model import AlertDetail, Kind
from analyzers.alerts.rules.detectors import MEASURE
from benchmarks.alerts.replaying import Sent
from benchmarks.anomalies.incidents import Incident, Planted

_ERRORS: Final = frozenset({"error_rate", "availability-budget", "contract", "unusual errors", "unusual error-drift"})
_SLOWNESS: Final = frozenset(
    {"response_time", "slow-endpoints", "api-latency-budget", "contract", "unusual latency", "unusual latency-drift"}
)
TELLING: Final = {
    Incident.OUTAGE: _ERRORS | _SLOWNESS,
    Incident.LEAK: _SLOWNESS,
    Incident.BURST: _ERRORS,
    Incident.FLOOD: frozenset({"flood", "unusual rate"}),
    Incident.SWARM: frozenset({"flood", "unusual rate"}),
    Incident.SCAN: frozenset({"scan", "unusual rate"}),
    Incident.GUESSING: frozenset({"scan", "login-failures", "unusual rate"}),
    Incident.SILENCE: frozenset({"silence", "unusual rate"}),
    Incident.NIGHT_SILENCE: frozenset({"silence", "unusual rate"}),
    Incident.RELEASE: _ERRORS,
}
"""Which rules tell of which incident; an alert of another rule at that time is a false alarm."""
_A_WHILE: Final = timedelta(hours=7)
_AFTERWARDS: Final = {Incident.LEAK: timedelta(days=2), Incident.RELEASE: timedelta(days=2)}
"""As in the table of the detectors."""
_BUDGETS: Final = timedelta(days=3, hours=3)
"""A budget's longest window: what was spent is told so long afterwards."""
_BEGINS: Final = frozenset({Kind.FIRING, Kind.FLAPPING, Kind.ESCALATED})


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alert, from its first notice on.

    Attributes:
        rule: Of what rule; of the anomaly rules also the measure: ``unusual errors``.
        at: When it was told first.
        message: What was said then.
    """

    rule: str
    at: datetime
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One planted incident.

    Attributes:
        planted: Which, and when.
        told_by: Rules in the order in which they told of it.
        delay: From its beginning until the first notice; ``None`` when there was none.
        notices: How many notices there were about it in all.
    """

    planted: Planted
    told_by: tuple[str, ...]
    delay: timedelta | None
    notices: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one history.

    Attributes:
        seed: Which.
        days: How many days were judged.
        rules: The names of the rules.
        outcomes: The planted incidents, in their order.
        false_alarms: Alerts that belong to none.
        right: Alerts that belong to some.
        unmeasured: Rules of notices that something cannot be measured.
    """

    seed: int
    days: int
    rules: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    false_alarms: tuple[Alarm, ...]
    right: tuple[Alarm, ...]
    unmeasured: tuple[str, ...]


def scored(one: Sent, until: datetime | None = None) -> Trial:
    """Compare what was sent with what was planted.

    Args:
        one: What was sent.
        until: Of incidents that are not over by then, nothing is said.
    """
    about: dict[Planted, list[Notice]] = {each: [] for each in one.planted}
    told: dict[Planted, list[str]] = {each: [] for each in one.planted}
    standing: dict[str, Planted | None] = {}
    false, right, unmeasured = list[Alarm](), list[Alarm](), list[str]()
    for notice in one.notices:
        if notice.kind is Kind.UNMEASURED:
            unmeasured += dict.fromkeys(each.rule for each in notice.alerts)
            continue
        for alert in notice.alerts:
            if alert.id not in standing and notice.kind in _BEGINS:
                alarm = Alarm(rule_of(alert), notice.at, alert.message)
                standing[alert.id] = incident = next(_of(alarm, one.planted), None)
                (false if incident is None else right).append(alarm)
                if incident is not None:
                    told[incident].append(alarm.rule)
        for incident in dict.fromkeys(standing.get(each.id) for each in notice.alerts):
            if incident is not None:
                about[incident].append(notice)
        if notice.kind is Kind.RESOLVED:
            for alert in notice.alerts:
                standing.pop(alert.id, None)
    truth = [each for each in one.planted if until is None or each.window.end + _A_WHILE <= until]
    outcomes = tuple(_outcome(each, about[each], told[each]) for each in truth)
    return Trial(one.seed, one.days, one.rules, outcomes, tuple(false), tuple(right), tuple(unmeasured))


def rule_of(alert: AlertDetail) -> str:
    """Return an alert's rule, with what it measures where it measures several things."""
    return f"{alert.rule} {alert.labels[MEASURE]}" if MEASURE in alert.labels else alert.rule


def _outcome(planted: Planted, notices: list[Notice], told: list[str]) -> Outcome:
    delay = notices[0].at - planted.window.start if notices else None
    return Outcome(planted, tuple(dict.fromkeys(told)), delay, len(notices))


def _of(alarm: Alarm, planted: tuple[Planted, ...]) -> Iterator[Planted]:
    for each in planted:
        budget = alarm.rule.endswith("-budget")
        after = max(_AFTERWARDS.get(each.incident, _A_WHILE), _BUDGETS if budget else timedelta(0))
        if alarm.rule in TELLING[each.incident] and each.window.start < alarm.at <= each.window.end + after:
            yield each
