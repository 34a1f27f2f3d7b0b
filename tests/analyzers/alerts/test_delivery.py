"""Notices on their way: tried again at growing distances, given up aloud, and never in one another's way."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from analyzers.alerts import AlertState, EngineSettings, Notice, Policy, Route
from analyzers.alerts.delivery import retry_at
from logging_lib.errors import AtalaiaError
from tests.analyzers.alerts.stories import CRITICAL, OK, START, Kept, Story, named_rule, said

MINUTE = timedelta(minutes=1)
ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("attempts", "jitter", "seconds"),
    [(1, 0.0, 30), (2, 0.0, 60), (3, 0.0, 120), (3, 1.0, 60), (3, 0.5, 90), (8, 0.0, 3600), (5_000, 0.0, 3600)],
)
def test_waits_double_up_to_an_hour(attempts: int, jitter: float, seconds: int) -> None:
    """30 s, then twice as long each time, at most an hour, less up to half of it."""
    assert retry_at(attempts, START, EngineSettings(), lambda: jitter) == START + timedelta(seconds=seconds)


def test_a_failed_channel_is_tried_when_its_time_has_come(tmp_path: Path) -> None:
    """Checks each minute while it is down: attempts at 0, 1, 2 (60 s later), 4 and 8 minutes; shown at every check."""
    chat = Kept("chat")
    chat.down = True
    story = Story(tmp_path / "alerts.db", Policy([Route(chat)]))
    attempts = []
    for _ in range(10):
        (failed,) = story.check(CRITICAL, minutes=1).failed
        assert failed.reason == "chat is down"
        attempts.append(failed.attempts)
    assert attempts == [1, 2, 3, 3, 4, 4, 4, 4, 5, 5]
    with AlertState.reading(story.path) as state:
        (waiting,) = state.waiting
    assert (waiting.attempts, waiting.next_attempt) == (5, START + 16 * MINUTE)


def test_what_is_given_up_is_told_on_the_other_channels(tmp_path: Path) -> None:
    """After three days: one notice on the other channel, none about that notice, and it is kept to be seen."""
    chat, pager = Kept("chat"), Kept("pager")
    story = Story(tmp_path / "alerts.db", Policy([Route(chat), Route(pager)]))
    pager.down = True
    for severity in (CRITICAL, OK):
        story.check(severity, minutes=60)
    story.now = START + timedelta(days=3, minutes=30)
    report = story.check(OK, minutes=60)
    assert [(each.channel, each.notice.kind.value) for each in report.given_up] == [("pager", "firing")]
    assert chat.taken[-1].kind.value == "undelivered"
    assert chat.taken[-1].subject == (
        "UNDELIVERED: pager has not taken 1 notice since 2024-01-15 10:00 UTC (pager is down); "
        "given up, the first: FIRING: errors critical"
    )
    pager.down = False
    assert [each.notice.kind.value for each in story.check(OK).sent] == ["resolved"]
    assert chat.told[:2] == [("firing", "critical"), ("resolved", "ok")]
    with AlertState.reading(story.path) as state:
        assert [(each.channel, each.given_up is not None) for each in state.waiting] == [("pager", True)]


def test_a_channel_that_the_checks_no_longer_have_is_given_up_aloud(tmp_path: Path) -> None:
    """It was removed while a notice waited: shown at each check, and after three days told on those that are left."""
    chat, gone = Kept("chat"), Kept("gone")
    gone.down = True
    story = Story(tmp_path / "alerts.db", Policy([Route(chat), Route(gone)]))
    story.check(CRITICAL)
    story.policy = Policy([Route(chat)])
    assert "not among" in story.check(CRITICAL).failed[0].reason
    story.now = START + timedelta(days=4)
    report = story.check(CRITICAL)
    assert report.failed == ()
    assert chat.told[-1] == ("undelivered", "critical")


class Hanging(Kept):
    """A channel that never answers, until the test ends."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.timeout = timedelta(seconds=2)
        self.end = threading.Event()

    def deliver(self, notice: Notice) -> None:
        """Wait for the end."""
        self.end.wait(60)
        super().deliver(notice)


def test_a_channel_that_hangs_delays_no_other(tmp_path: Path) -> None:
    """It gets its own time (2 s) and a second, no more; the other one's notices are taken, and the check ends."""
    hanging, chat = Hanging("hanging"), Kept("chat")
    settings = EngineSettings(channel_budget=timedelta(seconds=0.5))
    story = Story(tmp_path / "alerts.db", Policy([Route(hanging), Route(chat)], settings=settings))
    rules = [named_rule(name) for name in ("a", "b")]
    begun = time.monotonic()
    report = story.check_with(*((rule, [said(rule.name, CRITICAL, story.now)]) for rule in rules))
    assert time.monotonic() - begun < 20
    hanging.end.set()
    assert [each.group for each in chat.taken] == ["a", "b"]
    assert [(each.notice.group, each.attempts, each.reason) for each in report.failed] == [
        ("a", 1, "no answer within 3 s"),
        ("b", 0, "not tried: no time was left, or an earlier notice of this group waits"),
    ]


class Broken(Kept):
    """A channel with a bug."""

    def deliver(self, notice: Notice) -> None:
        """Fail as no channel should."""
        raise KeyError(notice.id)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_channel_that_breaks_down_delays_no_other(tmp_path: Path) -> None:
    """Its notice counts as failed and is tried again; the others are told."""
    chat = Kept("chat")
    story = Story(tmp_path / "alerts.db", Policy([Route(Broken("broken")), Route(chat)]))
    report = story.check(CRITICAL)
    assert [(each.channel, each.reason) for each in report.failed] == [
        ("broken", "the channel broke down; its traceback is on stderr"),
    ]
    assert chat.told == [("firing", "critical")]


def test_one_notice_that_is_refused_does_not_hold_up_other_groups(tmp_path: Path) -> None:
    """A channel that refuses one group's notice takes the other's; the refused group stays in order."""

    class Picky(Kept):
        def deliver(self, notice: Notice) -> None:
            self.down = notice.group == "a"
            super().deliver(notice)

    picky = Picky("picky")
    story = Story(tmp_path / "alerts.db", Policy([Route(picky)]))
    rules = [named_rule(name) for name in ("a", "b")]
    for severity in (CRITICAL, OK):
        story.check_with(*((rule, [said(rule.name, severity, story.now)]) for rule in rules))
    assert [(each.group, each.kind.value) for each in picky.taken] == [("b", "firing"), ("b", "resolved")]


HOLD = """
import sys, time
from pathlib import Path
from analyzers.alerts import AlertState
with AlertState(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_second_check_waits_and_then_says_who_holds_the_state(tmp_path: Path) -> None:
    """Another process holds it: named by its id; when that ends in time, the check goes on."""
    path = tmp_path / "alerts.db"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(AtalaiaError, match=f"process {other.pid}"), AlertState(path, timedelta(seconds=0.2)):
            pass
        with AlertState.reading(path) as state:
            assert state.alerts == {}
        release = threading.Timer(0.3, lambda: other.communicate("\n"))
        release.start()
        with AlertState(path, timedelta(seconds=60)) as state:
            assert state.waiting == ()
        release.join()


def test_a_receiver_sees_one_id_for_all_attempts_and_channels(tmp_path: Path) -> None:
    """Both channels get the same notice, also the one that takes it at the second attempt."""
    chat, pager = Kept("chat"), Kept("pager")
    pager.down = True
    story = Story(tmp_path / "alerts.db", Policy([Route(chat), Route(pager)]))
    story.check(CRITICAL)
    pager.down = False
    story.check(CRITICAL)
    assert [each.id for each in chat.taken] == [each.id for each in pager.taken]
    assert replace(chat.taken[0]) == pager.taken[0]
