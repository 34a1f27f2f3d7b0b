"""The state of the version before this one, as that version wrote it, goes on where it stood."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from analyzers.alerts import AlertState, Policy, Route
from analyzers.alerts.records import LastCheck
from logging_lib.errors import AtalaiaError
from tests.analyzers.alerts.stories import CRITICAL, OK, START, Kept, Story, named_rule, said
from tests.analyzers.events import at

OLD = Path(__file__).parent / "data" / "state-version-1.sqlite"
"""Written by version 1: at 10:30 error rate and response time fired, at 10:35 the latter resolved; the console was told
of all three, the webhook of none."""
WEBHOOK = "webhook hooks.example #1"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A copy of the old file."""
    return Path(shutil.copy(OLD, tmp_path / "alerts.sqlite"))


def notices_of_the_old(path: Path) -> list[tuple[str, str]]:
    """Return id and channel of what was not delivered, read by hand."""
    with closing(sqlite3.connect(path)) as base:
        return base.execute("SELECT id, channel FROM delivery WHERE delivered IS NULL ORDER BY sequence").fetchall()


def test_what_fires_still_fires_and_is_not_told_again(old: Path) -> None:
    """Five minutes later it is as bad as before: the console hears nothing, the webhook what it had not taken."""
    waiting = notices_of_the_old(old)
    console, webhook = Kept("console"), Kept(WEBHOOK)
    story = Story(old, Policy([Route(console), Route(webhook)]), named_rule("error_rate"), at("2024-01-15T10:40:00Z"))
    (firing,) = story.check(CRITICAL).firing
    assert firing.since == at("2024-01-15T10:30:00Z")
    assert console.told == []
    assert [(each.id, WEBHOOK) for each in webhook.taken] == waiting
    assert [(each.kind.value, each.group) for each in webhook.taken] == [
        ("firing", "error_rate"),
        ("firing", "response_time"),
        ("resolved", "response_time"),
    ]
    payload = webhook.taken[0].payload
    assert (payload["value"], payload["critical"], payload["events"]) == (20.0, 10.0, 100)
    story.check(OK)
    assert console.told == [("resolved", "ok")]
    assert webhook.told[3:] == [("resolved", "ok")]


def test_the_old_state_can_be_looked_at(old: Path) -> None:
    """The list shows what fires and what waits, before any check of this version."""
    with AlertState.reading(old) as state:
        assert [(each.rule, each.announced) for each in state.alerts.values()] == [("error_rate", CRITICAL)]
        assert [each.channel for each in state.waiting] == [WEBHOOK] * 3
        assert all(each.created.date() == at("2024-01-15T00:00:00Z").date() for each in state.waiting)


def test_who_was_told_long_ago_hears_of_the_end(old: Path) -> None:
    """Version 1 forgot deliveries after 30 days: then the end goes to every channel."""
    with closing(sqlite3.connect(old)) as base, base:
        base.execute("DELETE FROM delivery")
    console = Kept("console")
    story = Story(old, Policy([Route(console)]), named_rule("error_rate"), at("2024-01-16T10:40:00Z"))
    story.check(CRITICAL)
    assert console.told == []
    story.check(OK)
    assert console.told == [("resolved", "ok")]


def test_the_file_of_a_later_version_is_refused(tmp_path: Path) -> None:
    """Its tables may mean something else."""
    path = tmp_path / "alerts.sqlite"
    with AlertState(path):
        pass
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("PRAGMA user_version = 99")
    with pytest.raises(AtalaiaError, match="later version"), AlertState(path):
        pass


def test_a_killed_migration_is_made_again(old: Path) -> None:
    """It is one transaction: an error in the midst leaves the old file as it was."""
    with closing(sqlite3.connect(old)) as base, base:
        base.execute("CREATE TABLE silence (id TEXT)")
    with pytest.raises(AtalaiaError, match="cannot open"), AlertState(old):
        pass
    with closing(sqlite3.connect(old)) as base, base:
        base.execute("DROP TABLE silence")
    assert len(notices_of_the_old(old)) == 3
    story = Story(old, Policy(), named_rule("error_rate"))
    assert story.check_with((story.rule, [said("error_rate", CRITICAL, story.now)])).firing


def test_a_file_without_the_last_check_gets_it_and_keeps_its_alerts(tmp_path: Path) -> None:
    """Version 2 did not note when the last check was: nothing of it is lost, and it says so from the next check on."""
    chat = Kept("chat")
    story = Story(tmp_path / "alerts.sqlite", Policy([Route(chat)]))
    story.check(CRITICAL)
    with closing(sqlite3.connect(story.path)) as base, base:
        base.execute("DROP TABLE last_check")
        base.execute("PRAGMA user_version = 2")
    with AlertState.reading(story.path) as state:
        assert [alert.firing for alert in state.alerts.values()] == [True]
        assert state.last_check is None
    story.check(CRITICAL)
    assert chat.told == [("firing", "critical")]
    with AlertState.reading(story.path) as state:
        assert state.last_check == LastCheck(START + timedelta(minutes=5), judged=True)
