"""What goes wrong around the alerts: clocks, disks, stores that do not answer, channels under another name."""

from __future__ import annotations

import resource
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analyzers.alerts import AlertState, Policy, Route, Signal, check_alerts
from analyzers.alerts.signal import Standing
from analyzers.store.interface import Store, StoreError
from analyzers.store.memory.store import MemoryStore
from logging_lib.errors import AtalaiaError
from tests.analyzers.alerts.stories import CRITICAL, OK, START, UNMEASURED, Kept, Story, named_rule, said, saying_rule

MINUTE = timedelta(minutes=1)


def test_a_clock_that_is_set_back_keeps_no_notice_waiting(tmp_path: Path) -> None:
    """Refused in 2099, then the clock is right: it is tried at once, not in 2099."""
    chat = Kept("chat")
    story = Story(tmp_path / "alerts.db", Policy([Route(chat)]), now=START.replace(year=2099))
    chat.down = True
    story.check(CRITICAL)
    chat.down = False
    story.now = START
    story.check(CRITICAL)
    assert chat.told == [("firing", "critical")]


def test_a_clock_that_is_set_back_keeps_no_alert_waiting(tmp_path: Path) -> None:
    """Pending since 2099: when the clock is right, ten minutes are ten minutes from then on."""
    chat = Kept("chat")
    story = Story(tmp_path / "alerts.db", Policy([Route(chat)]), now=START.replace(year=2099))
    story.rule = replace(story.rule, pending=10 * MINUTE)
    story.check(CRITICAL)
    story.now = START
    for _ in range(3):
        story.check(CRITICAL)
    assert [each.at for each in chat.taken] == [START + 10 * MINUTE]


@pytest.mark.parametrize("first", [True, False])
def test_a_rule_that_the_store_does_not_answer_holds_up_no_other(tmp_path: Path, first: bool) -> None:  # noqa: FBT001
    """Its alert is unmeasured and goes on, the other rule fires, and what waited is delivered."""
    chat = Kept("chat")
    story = Story(tmp_path / "alerts.db", Policy([Route(chat)]))
    chat.down = True
    story.check(CRITICAL)
    chat.down = False
    other = saying_rule(named_rule("other"), [said("other", CRITICAL, story.now)])
    rules = (replace(story.rule, evaluate=_broken), other)[:: 1 if first else -1]
    with AlertState(story.path) as state:
        report = check_alerts(MemoryStore(), rules, state, story.policy, lambda: story.now, lambda: 0.0)
    assert [(each.rule, each.reason) for each in report.refused] == [("errors", "the store is away; wait")]
    assert sorted(each.group for each in chat.taken) == ["errors", "other"]
    (kept,) = (each for each in report.alerts if each.rule == "errors")
    assert kept.firing
    assert kept.unmeasured_why == "errors unmeasured: the store is away; wait"


def test_repetitions_do_not_pile_up_before_a_channel_that_is_down(tmp_path: Path) -> None:
    """Down for five hours at a repetition each five minutes: one notice waits, not sixty; then they go on."""
    chat = Kept("chat")
    story = Story(tmp_path / "alerts.db", Policy([Route(chat)]))
    story.rule = replace(story.rule, repeat=5 * MINUTE)
    chat.down = True
    for _ in range(60):
        report = story.check(CRITICAL)
    assert [each.notice.kind.value for each in report.failed] == ["firing"]
    chat.down = False
    story.now += timedelta(hours=1)
    for _ in range(3):
        story.check(CRITICAL)
    assert chat.told == [("firing", "critical"), ("repeated", "critical"), ("repeated", "critical")]


def test_the_end_reaches_somebody_when_the_channel_was_renamed(tmp_path: Path) -> None:
    """Told to "ops", which is "operations" when it ends: that one hears of it; an unrelated name does not matter."""
    ops, operations = Kept("ops"), Kept("operations")
    story = Story(tmp_path / "alerts.db", Policy([Route(ops)]))
    story.check(CRITICAL)
    story.policy = Policy([Route(operations)])
    story.check(OK)
    assert operations.told == [("resolved", "ok")]


def test_the_end_is_told_to_those_who_heard_of_the_beginning_alone(tmp_path: Path) -> None:
    """A channel that came later is not told of an end whose beginning it never heard."""
    ops, late = Kept("ops"), Kept("late")
    story = Story(tmp_path / "alerts.db", Policy([Route(ops)]))
    story.check(CRITICAL)
    story.policy = Policy([Route(ops), Route(late)])
    story.check(OK)
    assert (ops.told[-1], late.told) == (("resolved", "ok"), [])


def test_a_full_disk_says_what_nobody_has_been_told(tmp_path: Path) -> None:
    """Nothing is sent that is not written; the error names the file, the notice and the remedy. Then it is told."""
    chat = Kept("chat")
    story = Story(tmp_path / "alerts.db", Policy([Route(chat)]))
    story.check(OK)
    with _full(story.path), pytest.raises(AtalaiaError) as caught:
        story.check({f"192.0.2.{number}": CRITICAL for number in range(200)})
    assert "alerts.db: disk I/O error; nobody has been told: FIRING: errors: 200 alerts" in str(caught.value)
    assert "name another file with --state" in str(caught.value)
    assert chat.told == []
    story.check(CRITICAL)
    assert chat.told == [("firing", "critical")]


def test_a_damaged_record_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    """Not a defect to be reported: the file, and what to do."""
    story = Story(tmp_path / "alerts.db", Policy([Route(Kept("chat"))]))
    story.check(CRITICAL)
    with closing(sqlite3.connect(story.path)) as base, base:
        base.execute("UPDATE alert SET record = '{}'")
    with pytest.raises(AtalaiaError, match=r"the alert state is damaged.*remove this one to start afresh"):
        story.check(CRITICAL)
    page = bytearray(story.path.read_bytes())
    page[4096:] = b"\xff" * (len(page) - 4096)
    story.path.write_bytes(page)
    with pytest.raises(AtalaiaError, match=r"cannot use the alert state .*name another file"):
        story.check(CRITICAL)


def test_the_last_check_is_known(tmp_path: Path) -> None:
    """When it was, and that it measured nothing: without that nobody could say that nothing fires."""
    story = Story(tmp_path / "alerts.db", Policy([Route(Kept("chat"))]))
    story.check(OK)
    story.check(UNMEASURED)
    with AlertState.reading(story.path) as state:
        assert state.last_check is not None
        assert (state.last_check.at, state.last_check.judged) == (START + 5 * MINUTE, False)


def _broken(_store: Store, _instant: datetime, _standing: Standing) -> tuple[Signal, ...]:
    raise StoreError("the store is away", "wait")


@contextmanager
def _full(path: Path) -> Iterator[None]:
    """Let no file of this process grow beyond the state's present size, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
