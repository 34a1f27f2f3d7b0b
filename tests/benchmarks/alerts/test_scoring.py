"""What is sent is compared with what was planted: who told, how soon, how often, and what was about nothing."""

from __future__ import annotations

from datetime import timedelta

from analyzers.alerts.model import AlertDetail, Kind, Notice
from analyzers.alerts.notices import compose
from analyzers.store.query import Window
from analyzers.thresholds import Severity
from benchmarks.alerts.replaying import Sent
from benchmarks.alerts.scoring import scored
from benchmarks.alerts.table import document
from benchmarks.anomalies.incidents import Incident, Planted
from benchmarks.anomalies.scoring import START

MINUTE = timedelta(minutes=1)


def notice(kind: Kind, minutes: int, *alerts: tuple[str, str]) -> Notice:
    """Return a notice so many minutes after the start, about alerts: rule and, where there is one, measure."""
    at = START + minutes * MINUTE
    details = [
        AlertDetail(
            id=f"{rule} {measure}",
            rule=rule,
            labels={"measure": measure} if measure else {},
            severity=Severity.WARNING,
            message=f"{rule} {measure}",
            explanation=(),
            runbook=None,
            since=at,
            value=None,
            events=None,
            limits={},
            window=Window(at - MINUTE, at),
            sorting={},
        )
        for rule, measure in alerts
    ]
    return compose("1", kind, alerts[0][0], at, details)


def test_notices_belong_to_what_their_rules_tell_of() -> None:
    """An outage told after 5 min in four notices; a scan then, and errors ten hours later, are about nothing."""
    outage = Planted(Incident.OUTAGE, Window(START, START + 40 * MINUTE))
    swarm = Planted(Incident.SWARM, Window(START + timedelta(days=5), START + timedelta(days=5, minutes=30)))
    notices = (
        notice(Kind.FIRING, 5, ("error_rate", "")),
        notice(Kind.FIRING, 10, ("unusual", "errors"), ("unusual", "rate")),
        notice(Kind.FIRING, 20, ("scan", "")),
        notice(Kind.REPEATED, 30, ("error_rate", "")),
        notice(Kind.RESOLVED, 50, ("error_rate", "")),
        notice(Kind.FIRING, 640, ("error_rate", "")),
        notice(Kind.UNMEASURED, 700, ("cpu", "")),
    )
    one = scored(Sent(1, 7, (outage, swarm), notices, ("error_rate", "unusual", "scan", "cpu")))
    told, missed = one.outcomes
    assert (told.told_by, told.delay, told.notices) == (("error_rate", "unusual errors"), 5 * MINUTE, 4)
    assert (missed.told_by, missed.delay, missed.notices) == ((), None, 0)
    assert [each.rule for each in one.false_alarms] == ["unusual rate", "scan", "error_rate"]
    text = document([one], (1,))
    assert "| outage | 1 of 1 | 5 min, 5 min | 4, 4 | error_rate 1, unusual errors 1 |" in text
    assert "| distributed flood | 0 of 1 | — | — | — |" in text
    assert "| error_rate | 1 | 1 | 1.00 | 0 |" in text
    assert "| cpu | 0 | 0 | 0.00 | 1 |" in text
    assert "| together | 2 | 3 | 3.00 | 1 |" in text
    assert "Of each, the first 7 days are judged." in text
    assert "Of these, 1 stand here too." in text


def test_budgets_tell_until_their_longest_window_is_over() -> None:
    """Three days after an outage its errors are still within the budget's last window; four days after no more."""
    outage = Planted(Incident.OUTAGE, Window(START, START + 40 * MINUTE))
    late = [notice(Kind.FIRING, days * 1440, ("availability-budget", "")) for days in (3, 4)]
    assert [len(scored(Sent(1, 7, (outage,), (each,), ())).false_alarms) for each in late] == [0, 1]
