"""Alerts over time: told once, resolved once, retried, never lost."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analyzers.alerts import (
    AlertReport,
    AlertState,
    Channel,
    ConsoleChannel,
    HostSample,
    Policy,
    Route,
    WebhookChannel,
    check_alerts,
    sample_host,
)
from analyzers.alerts.rules.loading import default_rules
from analyzers.alerts.rules.surroundings import Surroundings
from analyzers.store.memory.store import MemoryStore
from analyzers.thresholds import Severity
from logging_lib.errors import AtalaiaError
from tests.analyzers.alerts.receiver import Receiver, receiving
from tests.analyzers.events import at, requests

NOW = at("2024-01-15T10:30:00Z")
ERROR_RATE, RESPONSE_TIME = ((each,) for each in default_rules("production").rules[:2])


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A server that takes notices."""
    with receiving() as found:
        yield found


class Story:
    """Checks every five minutes, each on requests of its own."""

    def __init__(self, path: Path, *channels: Channel) -> None:
        self.channels = channels
        self.now: datetime = NOW
        self._path = path
        self._store = MemoryStore()

    def check(self, good: int, bad: int, seconds: float = 0.1) -> AlertReport:
        """Record requests one minute before the next check, and check."""
        self._store.append(requests(self.now - timedelta(minutes=1), good, bad, seconds))
        with AlertState(self._path) as state:
            policy = Policy(tuple(map(Route, self.channels)))
            report = check_alerts(self._store, ERROR_RATE, state, policy, lambda: self.now, lambda: 0.0)
        self.now += timedelta(minutes=5)
        return report


def told(report: AlertReport) -> list[tuple[str, str]]:
    """Return what was told: kind and severity."""
    return [(each.notice.kind.value, each.notice.severity.value) for each in report.sent]


def test_a_breach_is_told_once_and_resolves_once(tmp_path: Path) -> None:
    """Warning, warning, critical, warning, critical, silence, calm, calm: three notices, each when due."""
    story = Story(tmp_path / "alerts.db", ConsoleChannel(io.StringIO()))
    assert told(story.check(94, 6)) == [("firing", "warning")]
    assert told(story.check(94, 6)) == []
    assert told(story.check(80, 20)) == [("escalated", "critical")]
    assert told(story.check(94, 6)) == []
    assert told(story.check(80, 20)) == []
    silent = story.check(0, 0)
    assert told(silent) == []
    assert [(each.rule, each.severity, each.since) for each in silent.firing] == [
        ("error_rate", Severity.CRITICAL, NOW),
    ]
    calm = story.check(100, 0)
    assert told(calm) == [("resolved", "ok")]
    assert calm.firing == ()
    assert told(story.check(100, 0)) == []
    assert told(story.check(80, 20)) == [("firing", "critical")]


def test_too_few_events_are_unmeasured(tmp_path: Path) -> None:
    """19 failed requests of 19 do not fire; the twentieth does. What is firing does not resolve on 19 good ones."""
    story = Story(tmp_path / "alerts.db", ConsoleChannel(io.StringIO()))
    few = story.check(0, 19)
    assert few.signals[0].severity is Severity.UNMEASURED
    assert few.signals[0].message == (
        "error rate unmeasured: 19 requests, 20 needed, in the 5 minutes to 2024-01-15 10:30:00 UTC"
    )
    assert told(story.check(0, 20)) == [("firing", "critical")]
    assert len(story.check(19, 0).firing) == 1


def test_the_console_says_what_happened(tmp_path: Path) -> None:
    """The line has what, how much, the threshold, how sure that is, the window and the number of events."""
    console = io.StringIO()
    Story(tmp_path / "alerts.db", ConsoleChannel(console)).check(175, 25)
    assert console.getvalue() == (
        "FIRING: error rate critical: 12.50 % (25 of 200 requests), at or above the critical threshold of 10 % "
        "(at least 8.84 % with 95 % confidence), in the 5 minutes to 2024-01-15 10:30:00 UTC\n"
    )


def test_a_failed_channel_is_retried_and_the_other_is_not_told_twice(tmp_path: Path, receiver: Receiver) -> None:
    """While the webhook answers 503 the notice waits and is shown; then it goes out once, under the same id."""
    console = io.StringIO()
    story = Story(tmp_path / "alerts.db", WebhookChannel(receiver.url), ConsoleChannel(console))
    receiver.status = 503
    first = story.check(80, 20)
    assert [(each.channel, each.attempts) for each in first.failed] == [(WebhookChannel(receiver.url).name, 1)]
    assert "answered 503" in first.failed[0].reason
    assert story.check(80, 20).failed[0].attempts == 2
    receiver.status = 200
    assert [each.channel for each in story.check(80, 20).sent] == [WebhookChannel(receiver.url).name]
    assert story.check(80, 20).sent == ()
    assert len(receiver.received) == 3
    assert len({each["id"] for each in receiver.received} | set(receiver.keys)) == 1
    assert console.getvalue().count("FIRING") == 1


def test_notices_about_a_rule_stay_in_order(tmp_path: Path, receiver: Receiver) -> None:
    """A resolve notice waits behind the breach that could not be told; both arrive, in order."""
    story = Story(tmp_path / "alerts.db", WebhookChannel(receiver.url))
    receiver.status = 500
    story.check(80, 20)
    resolved = story.check(100, 0)
    assert [each.reason.split(" ")[0] for each in resolved.failed] == ["the", "not"]
    receiver.status = 200
    story.check(100, 0)
    assert receiver.kinds[-2:] == [("firing", "error_rate"), ("resolved", "error_rate")]


def test_a_channel_that_is_gone_is_shown(tmp_path: Path, receiver: Receiver) -> None:
    """A notice for a channel that this check does not have is kept, and goes out when it is back."""
    story = Story(tmp_path / "alerts.db", WebhookChannel(receiver.url))
    receiver.status = 500
    story.check(80, 20)
    channels, story.channels = story.channels, ()
    assert "not among those" in story.check(80, 20).failed[0].reason
    story.channels, receiver.status = channels, 200
    assert len(story.check(80, 20).sent) == 1


def test_old_deliveries_are_forgotten_and_pending_ones_are_not(tmp_path: Path, receiver: Receiver) -> None:
    """After 31 days the state has dropped what the console took; what the webhook refused still goes out."""
    path = tmp_path / "alerts.db"
    story = Story(path, ConsoleChannel(io.StringIO()), WebhookChannel(receiver.url))
    receiver.status = 500
    story.check(80, 20)
    story.now += timedelta(days=31)
    receiver.status = 200
    assert sorted(told(story.check(100, 0))) == [("firing", "critical"), ("resolved", "ok"), ("resolved", "ok")]
    with closing(sqlite3.connect(path)) as base:
        assert base.execute("SELECT count(*), count(delivered) FROM delivery").fetchone() == (3, 3)


def test_the_payload_has_the_numbers(tmp_path: Path, receiver: Receiver) -> None:
    """A program can read what was measured against what."""
    Story(tmp_path / "alerts.db", WebhookChannel(receiver.url)).check(175, 25)
    payload = receiver.received[0]
    assert (payload["value"], payload["warning"], payload["critical"], payload["events"]) == (12.5, 5.0, 10.0, 200)
    assert (payload["kind"], payload["rule"], payload["severity"]) == ("firing", "error_rate", "critical")
    assert payload["window_end"] == "2024-01-15T10:30:00+00:00"


def test_host_measures(tmp_path: Path) -> None:
    """85 % CPU has reached the critical threshold, 84.9 % only the warning; what is not known is unmeasured."""
    around = Surroundings(lambda: NOW, lambda: HostSample(cpu=85.0, memory=84.9, disk=None), host=True)
    looking = default_rules("production", around=around).rules
    past = NOW - timedelta(hours=1)
    with AlertState(tmp_path / "alerts.db") as state:
        report = check_alerts(MemoryStore(), looking, state, Policy(), lambda: NOW)
        replay = check_alerts(MemoryStore(), looking, state, Policy(), lambda: past)
    host = {each.rule: each for each in report.signals}
    assert "critical: 85 % in use, at or above the critical threshold of 85 %, now" in host["cpu"].message
    assert host["memory"].severity is Severity.WARNING
    assert host["disk"].severity is Severity.UNMEASURED
    assert host["disk"].message.endswith("unmeasured: this machine does not tell")
    assert {each.severity for each in replay.signals} == {Severity.UNMEASURED}
    assert [each.rule for each in replay.firing] == ["cpu", "memory"]


def test_response_time_is_judged_on_p95(tmp_path: Path) -> None:
    """Of 40 requests, two of 9 s are 5 %: p95 is the 38th, 0.1 s; three make it 9 s."""
    for slow, severity in ((2, Severity.OK), (3, Severity.CRITICAL)):
        when = NOW - timedelta(minutes=1)
        store = MemoryStore(requests(when, 40 - slow) + requests(when, slow, seconds=9.0))
        with AlertState(tmp_path / f"{slow}.db") as state:
            report = check_alerts(store, RESPONSE_TIME, state, Policy(), lambda: NOW)
        assert report.signals[0].severity is severity


def test_this_machine_can_be_sampled() -> None:
    """The real sampler gives percentages."""
    sample = sample_host()
    assert all(value is not None and 0 <= value <= 100 for value in (sample.cpu, sample.memory, sample.disk))


def test_one_check_at_a_time(tmp_path: Path) -> None:
    """A second check on the same state is refused while the first one runs, and a broken file is named."""
    path = tmp_path / "deep" / "alerts.db"
    with AlertState(path), pytest.raises(AtalaiaError, match="another check"), AlertState(path, timedelta(0)):
        pass
    broken = tmp_path / "broken.db"
    broken.write_text("this is no database, and long enough to be one" * 20, encoding="utf-8")
    with pytest.raises(AtalaiaError, match="cannot open the alert state"), AlertState(broken):
        pass
