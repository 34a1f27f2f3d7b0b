"""``atalaia alerts``: what a person types, reads and gets back."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import pytest

from analyzers.alerts import Policy, Route, Rule, Signal
from analyzers.alerts.signal import Standing
from analyzers.store.interface import Store
from analyzers.store.memory.store import MemoryStore
from analyzers.store.open import open_store
from analyzers.store.query import Window
from atalaia.cli.alert_options import Plan
from atalaia.cli.alert_replaying import Task, run_replay
from atalaia.cli.main import main
from atalaia.cli.render.alert_replay import print_replay
from atalaia.cli.runtime import Runtime
from atalaia.signals import Ending
from tests.analyzers.alerts.receiver import receiving
from tests.analyzers.alerts.stories import CRITICAL, Kept, said
from tests.analyzers.events import at, requests

NOW = at("2024-01-15T10:30:00Z")
Run: TypeAlias = Callable[..., int]

RULES = """
[[rule]]
name = "errors"
kind = "threshold"
measure = "error_rate"
confidence = false
group = "web"

[[channel]]
type = "webhook"
name = "hook"
url = "{url}"
"""


@pytest.fixture
def clock() -> list[datetime]:
    """The present instant, to be moved."""
    return [NOW]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: list[datetime]) -> Run:
    """Run the command in a folder of its own, whose store has an outage from 10:20 to 10:30."""
    monkeypatch.chdir(tmp_path)
    with open_store("atalaia-data", writable=True) as store:
        for minute in range(60):
            bad = 10 if 20 <= minute < 30 else 0
            store.append(requests(at("2024-01-15T10:00:00Z") + timedelta(minutes=minute), 20 - bad, bad))
    return lambda *words: main(list(words), Runtime(clock=lambda: clock[0]))


def alert_id(capsys: pytest.CaptureFixture[str], run: Run) -> str:
    """Return the id of the only firing alert, as the list shows it."""
    capsys.readouterr()
    run("alerts", "list", "--format", "json")
    (alert,) = [each for each in json.loads(capsys.readouterr().out)["alerts"] if each["state"] == "firing"]
    return str(alert["alert"])


def test_a_check_by_a_file_tells_its_channels(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """The webhook of the file gets the notice; the list exits with 1 while it fires, and with 0 when all is well."""
    with receiving() as receiver:
        Path("alerts.toml").write_text(RULES.format(url=receiver.url), encoding="utf-8")
        assert run("alerts", "check") == 1
        assert "told hook: firing web" in capsys.readouterr().out
        assert receiver.kinds == [("firing", "errors")]
        assert run("alerts", "list") == 1
        assert "1 firing" in capsys.readouterr().out
        assert run("alerts", "check", "--at", "2024-01-15T10:45:00Z") == 0
        assert receiver.kinds[1:] == [("resolved", "errors")]
        assert run("alerts", "list") == 0


def test_options_of_the_documented_thresholds_are_refused_beside_a_file(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """They would say nothing: the file has windows of its own."""
    Path("alerts.toml").write_text(RULES.format(url="http://127.0.0.1:9/"), encoding="utf-8")
    assert run("alerts", "check", "--window", "1h") == 2
    assert "--window is for the documented thresholds" in capsys.readouterr().err


def test_an_undelivered_notice_is_shown(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """At the check and in the list: which channel, how often, why, and when it is tried again."""
    with receiving() as receiver:
        receiver.status = 503
        Path("alerts.toml").write_text(RULES.format(url=receiver.url), encoding="utf-8")
        assert run("alerts", "check") == 2, "an alert that nobody heard of is an error for who runs the check"
    assert "not delivered to hook (1 attempts)" in capsys.readouterr().err
    run("alerts", "list")
    listed = " ".join(capsys.readouterr().out.split())
    assert "not delivered: firing web to hook, 1 attempts" in listed
    assert "503" in listed
    assert "again from 2024-01-15T10:30:" in listed


def test_what_waits_is_delivered_while_the_store_is_away(
    run: Run, clock: list[datetime], capsys: pytest.CaptureFixture[str]
) -> None:
    """The receiver is back and the store is gone: the earlier notice arrives, and the check is an error."""
    with receiving() as receiver:
        receiver.status = 503
        Path("alerts.toml").write_text(RULES.format(url=receiver.url), encoding="utf-8")
        run("alerts", "check")
        receiver.status = 200
        clock[0] += timedelta(minutes=1)
        capsys.readouterr()
        assert run("alerts", "check", "--store", "nowhere") == 2
        assert receiver.kinds[-1] == ("firing", "errors")
        assert "there is no store at nowhere" in capsys.readouterr().err


def test_what_was_never_measured_is_not_shown_as_well(
    run: Run, clock: list[datetime], capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither the mark nor the word of health: of a rule without events, of a check of nothing, of a check long ago."""
    Path("alerts.toml").write_text(RULES.format(url="http://127.0.0.1:9/"), encoding="utf-8")
    assert run("alerts", "check", "--at", "2024-01-15T08:00:00Z") == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "nothing to judge: error rate unmeasured" in said
    assert "is anything ingested? 'atalaia store info'" in said
    assert run("alerts", "list") == 0
    told = capsys.readouterr().out
    assert "? nothing is known to fire: nothing could be judged, as of the check at 2024-01-15T08:00:00Z" in told
    assert "? errors unmeasured since 2024-01-15T08:00:00Z" in told
    assert "✔" not in told
    assert " ok" not in told
    assert run("alerts", "check", "--at", "2024-01-15T10:19:00Z") == 0
    capsys.readouterr()
    run("alerts", "list")
    assert "✔ nothing fires, as of the check at 2024-01-15T10:19:00Z" in capsys.readouterr().out
    clock[0] += timedelta(hours=3)
    run("alerts", "list")
    assert "? nothing is known to fire, as of the check at 2024-01-15T10:19:00Z, 3 hours ago" in capsys.readouterr().out


def test_silences_before_the_first_check_are_listed_as_such(
    run: Run, clock: list[datetime], capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing was checked, which is said with what checks; a silence's end is whole in 80 columns."""
    clock[0] += timedelta(microseconds=123456)
    assert run("alerts", "silence", "rule=errors", "--for", "2h", "--reason", "release 4.2 is rolled back") == 0
    capsys.readouterr()
    assert run("alerts", "list") == 0
    told = capsys.readouterr().out
    assert "? nothing is known to fire: nothing was checked; 'atalaia alerts check' does" in told
    assert "2024-01-15T12:30:00Z" in told


def test_a_silence_mutes_and_ends(run: Run, clock: list[datetime], capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody is told while it lasts; ended by its id, the next check tells."""
    with receiving() as receiver:
        Path("alerts.toml").write_text(RULES.format(url=receiver.url), encoding="utf-8")
        words = ("--for", "2h", "--reason", "disk is replaced", "--by", "ana")
        assert run("alerts", "silence", "rule=errors", *words) == 0
        assert run("alerts", "check") == 1
        assert receiver.kinds == []
        capsys.readouterr()
        assert run("alerts", "silence", "--list", "--format", "json") == 0
        (silence,) = json.loads(capsys.readouterr().out)["silences"]
        assert (silence["matchers"], silence["by"]) == ({"rule": "errors"}, "ana")
        assert silence["until"] == "2024-01-15T12:30:00Z"
        assert run("alerts", "list") == 1
        assert "muted (disk is replaced)" in " ".join(capsys.readouterr().out.split())
        assert run("alerts", "silence", "--end", silence["silence"]) == 0
        assert run("alerts", "silence", "--end", silence["silence"]) == 2
        clock[0] += timedelta(seconds=30)
        assert run("alerts", "check") == 1
        assert receiver.kinds == [("firing", "errors")]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("rule=errors", "--for", "2h"), "needs a reason"),
        (("rule=errors", "--reason", "x"), "needs its end"),
        (("rule=errors", "--reason", "x", "--for", "2h", "--until", "now"), "needs its end"),
        (("errors", "--reason", "x", "--for", "2h"), "rule=NAME"),
        (("--reason", "x", "--for", "2h"), "what to silence"),
        (("rule=a", "rule=b", "--reason", "x", "--for", "2h"), "twice"),
        (("rule=errors", "--reason", "x", "--until", "yesterday"), "before it begins"),
    ],
)
def test_half_a_silence_is_refused(
    run: Run, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], complaint: str
) -> None:
    """What, how long and why must all be said."""
    assert run("alerts", "silence", *words) == 2
    assert complaint in capsys.readouterr().err


def test_an_alert_is_acknowledged_by_its_id(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """The list says who looks after it; what does not fire cannot be acknowledged."""
    run("alerts", "check", "--min-events", "5", "--at", "2024-01-15T10:30:00Z")
    assert run("alerts", "ack", alert_id(capsys, run), "--by", "ana", "--comment", "rolling back") == 0
    assert "is acknowledged by ana" in capsys.readouterr().err
    run("alerts", "list", "--format", "json")
    (alert,) = [each for each in json.loads(capsys.readouterr().out)["alerts"] if each["rule"] == "error_rate"]
    assert (alert["acknowledged_by"], alert["acknowledged_comment"]) == ("ana", "rolling back")
    assert run("alerts", "ack", "cpu") == 2
    assert "error_rate" in capsys.readouterr().err


def test_a_test_notice_goes_through_every_channel(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """It says which took it; one that did not makes the exit status 2; --channel tries one alone."""
    with receiving() as receiver:
        assert run("alerts", "test", "--webhook", receiver.url) == 0
        assert receiver.received[0]["kind"] == "test"
        lines = sorted(capsys.readouterr().out.splitlines())
        assert lines[0] == "console: took it"
        assert lines[1].startswith("webhook 127.0.0.1")
        receiver.status = 500
        assert run("alerts", "test", "--webhook", receiver.url) == 2
        assert "500" in capsys.readouterr().out
        assert run("alerts", "test", "--webhook", receiver.url, "--channel", "console") == 0
        assert run("alerts", "test", "--channel", "pager") == 2


def test_the_list_of_nothing_is_an_error(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a check there is no state: that is not 'nothing fires'."""
    assert run("alerts", "list") == 2
    assert "no alert state" in capsys.readouterr().err


def test_a_replay_says_what_would_have_been_told(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """The outage by five minutes: told at 10:25, over at 10:35; as JSON and in words; nothing is remembered."""
    words = ("alerts", "replay", "--since", "2024-01-15T10:00:00Z", "--until", "2024-01-15T11:00:00Z")
    assert run(*words, "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [(each["at"], each["kind"], each["channels"]) for each in found["rows"]] == [
        ("2024-01-15T10:25:00Z", "firing", ["console"]),
        ("2024-01-15T10:35:00Z", "resolved", ["console"]),
    ]
    assert found["query"]["evaluations"] == 12
    (errors,) = [each for each in found["totals"] if each["rule"] == "error_rate"]
    assert (errors["fired"], errors["short"], errors["longest_seconds"]) == (1, 1, 600.0)
    assert run(*words) == 0
    table = " ".join(capsys.readouterr().out.split())
    assert "2 notices in 12 evaluations" in table
    assert "error_rate: 1 of 1 alert ended within 0:15:00, likely false alarms" in table
    assert not Path("atalaia-alerts.sqlite").exists()


def test_a_replay_needs_no_secret(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """It sends nothing: each recipient is named, though the password is in a variable that is not set here."""
    Path("alerts.toml").write_text(
        '[[rule]]\nname = "errors"\nkind = "threshold"\nmeasure = "error_rate"\nwindow = "5m"\n'
        '[[channel]]\ntype = "email"\nrecipients = ["a@example.org", "b@example.org"]\nsender = "c@example.org"\n'
        'host = "smtp.example.org"\nusername = "c"\npassword = { env = "ATALAIA_NOT_SET" }\n',
        encoding="utf-8",
    )
    words = ("--since", "2024-01-15T10:00:00Z", "--until", "2024-01-15T11:00:00Z", "--format", "json")
    assert run("alerts", "replay", *words) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert {tuple(each["channels"]) for each in rows} == {("email: a@example.org", "email: b@example.org")}


def test_a_replay_of_nothing_is_an_error(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """A year without events was not a good one."""
    assert run("alerts", "replay", "--since", "2023-01-01", "--until", "2023-01-02", "--every", "1h") == 2
    assert "no rule measured anything" in capsys.readouterr().err


@pytest.mark.parametrize(("after", "told"), [("1h", ["unmeasured"]), ("never", [])])
def test_when_what_is_unmeasured_is_told_can_be_set(
    run: Run, capsys: pytest.CaptureFixture[str], after: str, told: list[str]
) -> None:
    """From 11:05 on there are no requests: after an hour of that it is told, or never."""
    with receiving() as receiver:
        Path("alerts.toml").write_text(RULES.format(url=receiver.url), encoding="utf-8")
        for hour in (12, 13, 14):
            words = ("--at", f"2024-01-15T{hour}:10:00Z", "--unmeasured-after", after)
            assert run("alerts", "check", *words) == 2
            assert "nothing to judge" in capsys.readouterr().err
        assert [kind for kind, _ in receiver.kinds] == told


def test_ctrl_c_ends_a_replay_and_shows_what_was_found(capsys: pytest.CaptureFixture[str]) -> None:
    """The wish to end comes in the third evaluation of twelve: it is the last one, and what it found is shown."""
    ending, asked = Ending(), list[datetime]()

    def evaluate(_store: Store, instant: datetime, _standing: Standing) -> tuple[Signal, ...]:
        asked.append(instant)
        if len(asked) == 3:
            ending.stop.set()
        return (said("errors", CRITICAL, instant),)

    plan = Plan((Rule("errors", evaluate),), Policy([Route(Kept("chat"))]), None)
    task = Task(Window(NOW - timedelta(hours=1), NOW), timedelta(minutes=5), timedelta(minutes=15), 12)
    replayed = run_replay(MemoryStore(), plan, task, ending)
    assert (replayed.done, len(asked)) == (3, 3)
    print_replay(replayed, sys.stdout)
    shown = " ".join(capsys.readouterr().out.split())
    assert "1 notice in 3 evaluations" in shown
    assert "firing critical: errors, to chat" in shown
