"""Burn-rate rules: both windows, few events, silence, excluded time."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analyzers.alerts.signal import Signal
from analyzers.store.document import Document
from analyzers.store.memory.store import MemoryStore
from analyzers.strict_toml import TomlError
from analyzers.thresholds import Severity
from tests.analyzers.alerts.rules.written import NOW, said, written
from tests.analyzers.events import requests

MINUTE = timedelta(minutes=1)
BURN = '[[rule]]\nname = "budget"\nkind = "burn_rate"\ntarget = 99\nperiod = "30d"\n'
CONTRACT = """
service = "ti-osn"
zone = "UTC"
[[objective]]
name = "availability"
kind = "availability"
target = 99.9
[[objective]]
name = "latency"
kind = "latency"
target = 95
under = "2s"
[[objective]]
name = "backups"
kind = "rpo"
limit = "1h"
[[exclusion]]
from = 2024-01-15T10:20:00Z
to = 2024-01-15T10:30:00Z
reason = "upgrade"
approved_by = "Ana"
objectives = ["availability"]
"""


def burn(
    folder: Path, events: list[Document], *standing: dict[str, str], text: str = BURN, instant: datetime = NOW
) -> Signal:
    """Return what one burn-rate rule says."""
    [signal] = said(MemoryStore(events), written(folder, text), *standing, instant=instant)
    return signal


def test_both_windows_must_burn(tmp_path: Path) -> None:
    """A budget of 1 %: 15 % bad of an hour burn 15 times the pace, which is over 14.4, when the last minutes do too.

    200 of 1,000 requests of the last hour failed, 60 of 200 of them in its last 5 minutes: 20 and 30 times. With calm
    last half hour, only the day and its last 2 hours tell, as a warning.
    """
    early = requests(NOW - 30 * MINUTE, 660, 140)
    told = burn(tmp_path, early + requests(NOW - 2 * MINUTE, 140, 60))
    assert told.severity is Severity.CRITICAL
    assert (told.value, told.events, told.limits) == (20.0, 1000, {"critical": 14.4})
    assert told.labels == {"objective": "budget"}
    assert told.message == (
        "burn rate of budget critical: 20 over 1 hour (20.00 %: 200 of 1,000 requests) and 30 over 5 minutes "
        "(60 of 200), at or above 14.4, which spends 2 % of the budget of 1 % for 30 days in 1 hour, "
        "to 2024-01-15 10:30:00 UTC"
    )
    calm = burn(tmp_path, requests(NOW - 31 * MINUTE, 660, 200) + requests(NOW - 2 * MINUTE, 140))
    assert (calm.severity, calm.limits) == (Severity.WARNING, {"warning": 3.0})


@pytest.mark.parametrize(
    ("ago", "bad", "severity", "limit"),
    [
        (2 * MINUTE, 72, Severity.CRITICAL, {"critical": 14.4}),
        (20 * MINUTE, 30, Severity.CRITICAL, {"critical": 6.0}),
        (90 * MINUTE, 15, Severity.WARNING, {"warning": 3.0}),
        (300 * MINUTE, 5, Severity.WARNING, {"warning": 1.0}),
        (300 * MINUTE, 4, Severity.OK, {"warning": 1.0}),
    ],
)
def test_each_pair_has_its_rate(
    ago: timedelta, bad: int, severity: Severity, limit: dict[str, float], tmp_path: Path
) -> None:
    """Of 500 requests exactly 14.4, 6, 3 and 1 % failed: each has reached the rate of the shortest pair it lies in."""
    signal = burn(tmp_path, requests(NOW - ago, 500 - bad, bad), text=f"{BURN}confidence = false\n")
    assert (signal.severity, signal.limits) == (severity, limit)


def test_thin_data_is_no_alarm(tmp_path: Path) -> None:
    """19 requests are unmeasured; one failed of 25 burns 4 times the pace, but may be chance; five of 25 may not."""
    few = burn(tmp_path, requests(NOW - MINUTE, 0, 19))
    assert few.severity is Severity.UNMEASURED
    assert few.message == (
        "burn rate of budget unmeasured: 19 requests in 1 hour, 20 needed, to 2024-01-15 10:30:00 UTC"
    )
    assert burn(tmp_path, requests(NOW - MINUTE, 24, 1)).severity is Severity.OK
    assert burn(tmp_path, requests(NOW - MINUTE, 20, 5)).severity is Severity.CRITICAL


def test_silence_does_not_end_an_alert(tmp_path: Path) -> None:
    """The hour burns, and its last 5 minutes had no request at all: a standing alert is unmeasured, not over."""
    outage = requests(NOW - 20 * MINUTE, 0, 100)
    standing = burn(tmp_path, outage, {"objective": "budget"})
    assert standing.severity is not Severity.OK
    lone = burn(tmp_path, requests(NOW - 55 * MINUTE, 0, 100), {"objective": "budget"})
    assert lone.severity.breached
    quiet = burn(tmp_path, requests(NOW - timedelta(days=2), 90, 10), {"objective": "budget"})
    assert quiet.severity is Severity.UNMEASURED


def test_an_empty_short_window_is_not_calm(tmp_path: Path) -> None:
    """All requests of ten minutes ago failed, none came since; six hours are diluted by many good ones.

    Only the first pair could burn (99.4 % of a budget of 6.9 %), and its five minutes are empty: nothing new is told,
    and what stands is not over.
    """
    text = BURN.replace("target = 99", "target = 93.1\nconfidence = false")
    events = requests(NOW - 10 * MINUTE, 0, 100) + requests(NOW - 300 * MINUTE, 1900)
    assert burn(tmp_path, events, text=text).severity is Severity.OK
    standing = burn(tmp_path, events, {"objective": "budget"}, text=text)
    assert standing.severity is Severity.UNMEASURED
    assert "no request in 5 minutes" in standing.message


def test_a_sample_burns_as_sure_as_it_was_kept(tmp_path: Path) -> None:
    """20 of 200 requests failed, kept as 2 of 20: sure of 1.8 %, which is 3 but not 6 times a budget of 0.5 %."""
    text = BURN.replace("target = 99", "target = 99.5")
    events = [sampled(each) for each in requests(NOW - MINUTE, 18, 2)]
    signal = burn(tmp_path, events, text=text)
    assert (signal.severity, signal.value, signal.events) == (Severity.WARNING, 20.0, 200)
    assert signal.message.endswith("; rests on a sample: 20 of 200 requests kept")
    whole = burn(tmp_path, requests(NOW - MINUTE, 180, 20), text=text)
    assert whole.severity is Severity.CRITICAL


def sampled(line: Document) -> Document:
    """Return a request that stands for ten."""
    return Document(line.stream, line.id, {**line.body, "sample_weight": 10, "_doc_count": 10})


def test_latency_burns_too(tmp_path: Path) -> None:
    """Of 100 requests 30 took 2 s or more, and 50 have no time: 60 % of the timed ones, 60 times the pace."""
    events = requests(NOW - MINUTE, 20, seconds=0.1) + requests(NOW - MINUTE, 30, seconds=2.0)
    signal = burn(tmp_path, events + requests(NOW - MINUTE, 50, seconds=None), text=f'{BURN}under = "2s"\n')
    assert (signal.severity, signal.value, signal.events) == (Severity.CRITICAL, 60.0, 50)


def contract(folder: Path, rules: str) -> str:
    """Write a contract and return rules that go by it."""
    (folder / "sla.toml").write_text(CONTRACT, encoding="utf-8")
    return f'contract = "sla.toml"\n{rules}'


def test_excluded_time_burns_nothing(tmp_path: Path) -> None:
    """All requests of the last ten minutes failed, in maintenance; before them, none did. Untimed ones do not count."""
    text = contract(tmp_path, '[[rule]]\nname = "a"\nkind = "burn_rate"\nobjective = "availability"\n')
    events = requests(NOW - 30 * MINUTE, 100) + requests(NOW - 5 * MINUTE, 0, 100, seconds=9.0)
    signal = burn(tmp_path, events, text=text)
    assert (signal.severity, signal.events, signal.labels) == (Severity.OK, 100, {"objective": "availability"})
    text = contract(tmp_path, '[[rule]]\nname = "l"\nkind = "burn_rate"\nobjective = "latency"\n')
    slow = burn(tmp_path, events + requests(NOW - MINUTE, 50, seconds=None), text=text)
    assert (slow.severity, slow.value, slow.events) == (Severity.CRITICAL, 10.0, 200)


def test_a_months_windows_are_of_that_month(tmp_path: Path) -> None:
    """January has 31 days: the first pair looks over 62 minutes and 310 seconds."""
    text = contract(tmp_path, '[[rule]]\nname = "a"\nkind = "burn_rate"\nobjective = "availability"\n')
    now = NOW + timedelta(days=1)  # maintenance is on the day before
    events = requests(now - 61 * MINUTE, 0, 100) + requests(now - timedelta(seconds=309), 0, 1)
    signal = burn(tmp_path, events, text=text, instant=now)
    assert signal.severity is Severity.CRITICAL
    assert "1,000 over 1 hour 2 minutes (100.00 %: 101 of 101 requests)" in signal.message
    assert "1,000 over 5 minutes 10 seconds (1 of 1)" in signal.message


def test_exclusions_are_maintenance_of_their_objectives(tmp_path: Path) -> None:
    """What is excluded of availability is not told of, while it lasts; alerts about latency are."""
    text = contract(tmp_path, '[[rule]]\nname = "a"\nkind = "burn_rate"\nobjective = "availability"\n')
    [mute] = written(tmp_path, text).mutes
    covered = [mute.covers("a", {"objective": name}, NOW - MINUTE) for name in ("availability", "latency")]
    assert covered == [True, False]
    assert not mute.covers("a", {"objective": "availability"}, NOW)


def test_an_objective_about_time_has_no_rate(tmp_path: Path) -> None:
    """A recovery point does not burn by requests; the message says what to write instead."""
    text = contract(tmp_path, '[[rule]]\nname = "a"\nkind = "burn_rate"\nobjective = "backups"\n')
    with pytest.raises(TomlError, match=r"'backups' is of kind 'rpo'.*watch it with kind = \"sla\""):
        written(tmp_path, text)


def test_an_objective_that_is_not_there_is_suggested(tmp_path: Path) -> None:
    """A misspelt objective is named with the one that looks like it."""
    text = contract(tmp_path, '[[rule]]\nname = "a"\nkind = "burn_rate"\nobjective = "availibility"\n')
    with pytest.raises(TomlError, match="did you mean 'availability'"):
        written(tmp_path, text)
