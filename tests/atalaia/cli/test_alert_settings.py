"""The settings of the alert engine in ``alerts.toml``: each changes what a person is told, or when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

import pytest

from analyzers.store.open import open_store
from atalaia.cli.main import main
from atalaia.cli.runtime import Runtime
from tests.analyzers.alerts.receiver import Receiver, receiving
from tests.analyzers.events import at, requests

TEN = at("2024-01-15T10:00:00Z")
RULES = """
[[rule]]
name = "errors"
kind = "threshold"
measure = "error_rate"

[[channel]]
type = "webhook"
name = "hook"
url = "{url}"

[[channel]]
type = "console"
"""
Check: TypeAlias = Callable[[timedelta], int]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A server that takes notices."""
    with receiving() as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose store has an hour of requests; half fail for ten minutes from 10:20 and 10:40 on."""
    monkeypatch.chdir(tmp_path)
    with open_store("atalaia-data", writable=True) as store:
        for minute in range(60):
            bad = 10 if minute // 10 in {2, 4} else 0
            store.append(requests(TEN + timedelta(minutes=minute), 20 - bad, bad))
    return tmp_path


def checking(folder: Path, receiver: Receiver, settings: str, *more: str) -> Check:
    """Write the rules with some settings, and return what checks so long after ten."""
    (folder / "alerts.toml").write_text(settings + RULES.format(url=receiver.url), encoding="utf-8")
    runtime = Runtime(clock=lambda: TEN + timedelta(days=30))
    return lambda after: main(["alerts", "check", "--at", (TEN + after).isoformat(), *more], runtime)


@pytest.mark.parametrize(
    ("settings", "third"),
    [
        ("", "firing"),
        ("[flapping]\nlimit = 1\n", "flapping"),
        ('[flapping]\nlimit = 1\nwindow = "15m"\n', "firing"),
    ],
)
def test_when_an_alert_flaps(folder: Path, receiver: Receiver, settings: str, third: str) -> None:
    """It fires at 10:30, is over at 10:40 and fires at 10:50: twice within an hour, once within a quarter of one."""
    check = checking(folder, receiver, settings)
    for minutes in (30, 40, 50):
        check(timedelta(minutes=minutes))
    assert [kind for kind, _ in receiver.kinds] == ["firing", "resolved", third]


@pytest.mark.parametrize(
    ("settings", "attempts"),
    [
        ("", [1, 2, 3, 3]),
        ('[delivery]\nretry_first = "10m"\n', [1, 1, 1, 1]),
        ('[delivery]\nretry_most = "30s"\n', [1, 2, 3, 4]),
    ],
)
def test_how_long_between_attempts(folder: Path, receiver: Receiver, settings: str, attempts: list[int]) -> None:
    """Checks at 0, 61, 122 and 153 seconds: waits of up to 30, 60 and 120 s, of ten minutes, of never more than 30 s.

    Each wait may be shorter by up to half.
    """
    receiver.status = 503
    check, made = checking(folder, receiver, settings), []
    for seconds in (0, 61, 122, 153):
        check(timedelta(minutes=30, seconds=seconds))
        made.append(len(receiver.received))
    assert made == attempts


@pytest.mark.parametrize(("settings", "given_up"), [("", False), ('[delivery]\ngive_up_after = "10m"\n', True)])
def test_when_a_notice_is_given_up(
    folder: Path, receiver: Receiver, capsys: pytest.CaptureFixture[str], settings: str, *, given_up: bool
) -> None:
    """What a channel has not taken for eleven minutes: the console is told, or it is tried again."""
    receiver.status = 503
    check = checking(folder, receiver, settings)
    for minutes in (30, 41):
        check(timedelta(minutes=minutes))
    told = capsys.readouterr().err
    assert ("given up for hook" in told, "UNDELIVERED" in told) == (given_up, given_up)


@pytest.mark.parametrize(
    ("settings", "more", "told"),
    [
        ("", (), []),
        ('[unmeasured]\nafter = "1h"\n', (), ["unmeasured"]),
        ("[unmeasured]\nafter = false\n", ("--unmeasured-after", "1h"), ["unmeasured"]),
        ('[unmeasured]\nafter = "1h"\n', ("--unmeasured-after", "never"), []),
    ],
)
def test_when_what_is_unmeasured_is_told(
    folder: Path, receiver: Receiver, settings: str, more: tuple[str, ...], told: list[str]
) -> None:
    """From 11:05 on there are no requests, for two hours; the command line goes before the file."""
    check = checking(folder, receiver, settings, *more)
    for hours in (2, 3, 4):
        assert check(timedelta(hours=hours)) == 2
    assert [kind for kind, _ in receiver.kinds] == told


def test_never_is_never(folder: Path, receiver: Receiver) -> None:
    """With false, three days without a measurement are not told; by default they are."""
    for settings, told in (("[unmeasured]\nafter = false\n", []), ("", ["unmeasured"])):
        check = checking(folder, receiver, settings)
        for days in (1, 4):
            check(timedelta(days=days))
        assert [kind for kind, _ in receiver.kinds] == told


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ("[flapping]\nlimits = 3\n", "flapping.limits: unknown key (did you mean 'limit'?)"),
        ("[flapping]\nlimit = 0\n", "flapping.limit"),
        ('[delivery]\nretry_first = "2h"\n', "'retry_first' is longer than 'retry_most'"),
        ("[delivery]\ngive_up_after = 3\n", "write text such as '5m'"),
        ("[unmeasured]\nafter = true\n", "unmeasured.after"),
    ],
)
def test_mistakes_are_told(
    folder: Path, receiver: Receiver, capsys: pytest.CaptureFixture[str], settings: str, complaint: str
) -> None:
    """An unknown key, and values that cannot be meant."""
    assert checking(folder, receiver, settings)(timedelta(minutes=30)) == 2
    assert complaint in " ".join(capsys.readouterr().err.split())
