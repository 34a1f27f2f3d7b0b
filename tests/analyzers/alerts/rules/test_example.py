"""The example of a file of alert rules, and what a file may leave out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from analyzers.alerts.channels.models import channel_name
from analyzers.alerts.rules.loading import load_rules
from tests.analyzers.alerts.rules.written import NOW, written

EXAMPLE = Path(__file__).parents[4] / "examples" / "alerts.toml"
CONTRACT = """
service = "ti-osn"
environment = "production"
zone = "America/Sao_Paulo"
[[objective]]
name = "availability"
kind = "availability"
target = 99.9
[[exclusion]]
from = 2026-10-03T22:00:00
to = 2026-10-03T23:00:00
reason = "upgrade"
approved_by = "Ana"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the example and a contract."""
    (tmp_path / "sla.toml").write_text(CONTRACT, encoding="utf-8")
    (tmp_path / "alerts.toml").write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def test_the_example_is_right(folder: Path) -> None:
    """It has every kind of rule, and every rule says in words what it watches."""
    text = EXAMPLE.read_text(encoding="utf-8")
    kinds = ("threshold", "burn_rate", "sla", "anomaly", "flood", "scan", "silence")
    assert all(f'kind = "{kind}"' in text for kind in kinds)
    found = load_rules(folder / "alerts.toml")
    assert len(found.rules) == text.count("[[rule]]") == len(found.words)
    assert [channel_name(each) for each in found.channels] == ["console", "email", "slack", "on call"]
    assert [mute.kind.value for mute in found.mutes] == ["silence", "maintenance", "maintenance"]


def test_a_rule_goes_by_the_defaults_where_it_says_nothing(folder: Path) -> None:
    """Durations, runbook and group come from the tables that are for many rules; a rule's own word goes first."""
    rules = {rule.name: rule for rule in load_rules(folder / "alerts.toml").rules}
    plain, own = rules["error_rate"], rules["availability-budget"]
    assert (plain.pending, plain.keep_firing) == (timedelta(minutes=2), timedelta(minutes=5))
    assert (plain.repeat, plain.escalate, plain.group) == (timedelta(hours=4), timedelta(minutes=30), None)
    assert plain.runbook == "https://wiki.example.org/runbooks/error_rate"
    assert own.pending == timedelta(0)
    assert rules["contract"].repeat == timedelta(days=1)
    assert (rules["redis-memory"].group, rules["redis-memory"].labels) == ("database", {"team": "database"})
    assert (rules["cpu"].group, rules["cpu"].pending) == ("machine", timedelta(minutes=10))


def test_words_tell_what_is_watched(folder: Path) -> None:
    """One of them in full."""
    words = load_rules(folder / "alerts.toml").words["login-failures"]
    assert words == (
        "share of status_code in (401, 403) over 15 minutes of logs-web.request-production "
        "where service.name = ti-osn and http.route = /login: warning at or above 30 %, critical at or above 60 %; "
        "from 20 requests on; only where at least half of that is sure to 95 %; told after 2 minutes; "
        "over after calm of 5 minutes; told again every 4 hours; escalated after 30 minutes"
    )


def test_a_silence_is_read_in_the_files_zone(folder: Path) -> None:
    """18:00 in São Paulo is 21:00 in UTC; maintenance of Sundays from 3 is from 6."""
    silence, sundays, excluded = load_rules(folder / "alerts.toml").mutes
    assert silence.covers("silence", {}, NOW.replace(year=2026, month=12, day=24, hour=21, minute=0))
    assert not silence.covers("silence", {}, NOW.replace(year=2026, month=12, day=24, hour=20, minute=59))
    assert sundays.covers("cpu", {}, NOW.replace(year=2026, month=10, day=4, hour=6, minute=0))
    assert not sundays.covers("memory", {}, NOW.replace(year=2026, month=10, day=4, hour=6, minute=0))
    assert excluded.covers("anything", {}, NOW.replace(year=2026, month=10, day=4, hour=1, minute=0))


def test_little_is_needed(tmp_path: Path) -> None:
    """One rule of three lines is a file; nothing is told again, escalated or muted unasked."""
    found = written(tmp_path, '[[rule]]\nname = "errors"\nkind = "threshold"\nmeasure = "error_rate"\n')
    [rule] = found.rules
    assert (rule.pending, rule.repeat, rule.escalate) == (timedelta(0), None, None)
    assert rule.runbook == "atalaia runbook errors"
    assert (found.zone, found.environment, found.mutes, found.channels) == ("UTC", "*", (), ())


def test_false_is_never(tmp_path: Path) -> None:
    """A rule can take back what the defaults say."""
    text = '[defaults]\nrepeat = "1h"\nescalate = "1h"\n[[rule]]\nname = "e"\nkind = "threshold"\n'
    [rule] = written(tmp_path, f'{text}measure = "error_rate"\nrepeat = false\nescalate = false\n').rules
    assert (rule.repeat, rule.escalate) == (None, None)
