"""Where alerts stand over time, and what is told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from analyzers.alerts import Alert, AlertState, EngineSettings, Phase, Policy, Route
from analyzers.alerts.alert import Ack
from analyzers.alerts.mutes import Silence
from logging_lib.errors import AtalaiaError
from tests.analyzers.alerts.stories import (
    CRITICAL,
    OK,
    START,
    UNMEASURED,
    WARNING,
    Kept,
    Story,
    named_rule,
    said,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def channel() -> Kept:
    """A channel that is told everything."""
    return Kept("chat")


@pytest.fixture
def story(tmp_path: Path, channel: Kept) -> Story:
    """Checks every five minutes, told to the channel."""
    return Story(tmp_path / "alerts.db", Policy([Route(channel)]))


def alert_of(story: Story) -> Alert:
    """Return the only alert that is remembered."""
    with AlertState.reading(story.path) as state:
        (alert,) = state.alerts.values()
        return alert


def acknowledge(story: Story) -> None:
    """Acknowledge the only alert, as the command does."""
    with AlertState(story.path) as state:
        (alert,) = state.alerts.values()
        state.put([replace(alert, ack=Ack(story.now, "ana", "", alert.severity))])


def test_a_breach_fires_when_it_has_lasted(story: Story, channel: Kept) -> None:
    """With pending = 10 minutes: nothing at 0 and 5 minutes, firing at 10; a pause of health begins the time anew."""
    story.rule = replace(story.rule, pending=10 * MINUTE)
    for severity in (CRITICAL, CRITICAL, OK, CRITICAL, CRITICAL):
        story.check(severity)
    assert channel.told == []
    assert alert_of(story).phase is Phase.PENDING
    story.check(CRITICAL)
    assert channel.told == [("firing", "critical")]
    assert channel.taken[0].alerts[0].since == START + 15 * MINUTE


def test_unmeasured_keeps_a_pending_alert_pending(story: Story, channel: Kept) -> None:
    """What could not be measured does not take back a breach: with pending = 10 minutes it fires at the third check."""
    story.rule = replace(story.rule, pending=10 * MINUTE)
    for severity in (WARNING, UNMEASURED, WARNING):
        story.check(severity)
    assert channel.told == [("firing", "warning")]


def test_an_alert_resolves_when_all_has_been_well_long_enough(story: Story, channel: Kept) -> None:
    """With keep_firing = 10 minutes: well at 5, unmeasured at 10 (the time begins anew), well at 15, 20 and 25."""
    story.rule = replace(story.rule, keep_firing=10 * MINUTE)
    for severity in (CRITICAL, OK, UNMEASURED, OK, OK):
        assert story.check(severity).firing
    assert not story.check(OK).firing
    assert channel.told == [("firing", "critical"), ("resolved", "ok")]


def test_unmeasured_never_resolves_and_is_told_once(story: Story, channel: Kept) -> None:
    """Two days without data: one notice after the settable time, and the alert still fires."""
    story.policy = replace(story.policy, settings=EngineSettings(unmeasured_after=60 * MINUTE))
    story.check(WARNING)
    for _ in range(48):
        assert story.check(UNMEASURED, minutes=60).firing
    assert channel.told == [("firing", "warning"), ("unmeasured", "unmeasured")]
    told = channel.taken[1].subject
    assert told == (
        "UNMEASURED: errors unmeasured since 2024-01-15 10:05 UTC: errors unmeasured; "
        "it fires since 2024-01-15 10:00 UTC"
    )
    assert alert_of(story).unmeasured_since == START + 5 * MINUTE
    story.check(OK)
    story.check(UNMEASURED, minutes=60)
    story.check(UNMEASURED)
    assert channel.told[2:] == [("resolved", "ok"), ("unmeasured", "unmeasured")]


def test_what_was_never_measured_is_told(story: Story, channel: Kept) -> None:
    """A rule that never measured anything is no healthy one: it is told after the default day."""
    for _ in range(25):
        story.check(UNMEASURED, minutes=60)
    assert channel.told == [("unmeasured", "unmeasured")]


def test_a_standing_alert_that_its_rule_no_longer_names_is_unmeasured_and_ends_after_a_week(
    story: Story, channel: Kept
) -> None:
    """Neither silence nor health: unmeasured after a day, over after a week, and both are told."""
    story.check({"10.0.0.1": CRITICAL})
    for _ in range(6):
        assert story.check({}, minutes=24 * 60).firing
    assert channel.told == [("firing", "critical"), ("unmeasured", "unmeasured")]
    story.check({}, minutes=24 * 60)
    story.check({}, minutes=24 * 60)
    assert channel.told[2:] == [("resolved", "unmeasured")]
    assert "no longer checked since 2024-01-15 10:00 UTC" in channel.taken[2].subject


def test_escalation_of_severity_is_told_once(story: Story, channel: Kept) -> None:
    """Warning, critical, warning, critical: two notices."""
    for severity in (WARNING, CRITICAL, WARNING, CRITICAL):
        story.check(severity)
    assert channel.told == [("firing", "warning"), ("escalated", "critical")]


def test_two_hundred_clients_are_one_message(story: Story, channel: Kept) -> None:
    """All in one notice, with counts; ten are written out; the payload has them all."""
    story.check({f"10.0.0.{number}": CRITICAL if number < 150 else WARNING for number in range(200)})
    (notice,) = channel.taken
    assert notice.subject == "FIRING: errors: 200 alerts (150 critical, 50 warning)"
    lines = notice.text.splitlines()
    assert lines[1] == "- errors (client.ip=10.0.0.0): errors critical"
    assert lines[11] == "- and 190 more"
    rows = notice.payload["alerts"]
    assert isinstance(rows, list)
    assert len(rows) == 200
    story.check({f"10.0.0.{number}": CRITICAL for number in range(200)})
    assert [(each.kind.value, len(each.alerts)) for each in channel.taken[1:]] == [("escalated", 50)]


def test_a_group_of_two_rules_is_told_in_one_message(story: Story, channel: Kept) -> None:
    """Two rules of one group that fire in one check are one message, a third rule has its own."""
    rules = [replace(named_rule(name), group=group) for name, group in (("a", "web"), ("b", "web"), ("c", None))]
    story.check_with(*((rule, [said(rule.name, WARNING, story.now)]) for rule in rules))
    assert [(each.group, [alert.rule for alert in each.alerts]) for each in channel.taken] == [
        ("web", ["a", "b"]),
        ("c", ["c"]),
    ]


def test_channels_of_a_group_get_what_they_take(tmp_path: Path) -> None:
    """A channel for critical ones gets those of the group, the other all; the end goes where the beginning went."""
    chat, pager = Kept("chat"), Kept("pager")
    story = Story(tmp_path / "alerts.db", Policy([Route(chat), Route(pager, frozenset({CRITICAL}))]))
    story.check({"10.0.0.1": WARNING, "10.0.0.2": CRITICAL})
    story.check({"10.0.0.1": OK, "10.0.0.2": OK})
    assert [(each.kind.value, len(each.alerts)) for each in chat.taken] == [("firing", 2), ("resolved", 2)]
    assert [(each.kind.value, len(each.alerts)) for each in pager.taken] == [("firing", 1), ("resolved", 1)]
    assert pager.taken[1].alerts[0].labels == {"client.ip": "10.0.0.2"}


def test_flapping_is_told_once_and_then_when_it_settles(story: Story, channel: Kept) -> None:
    """Four times up and down are told; the fifth within the hour is flapping; calm for an hour it has resolved."""
    for severity in (CRITICAL, OK) * 8:
        story.check(severity)
    assert channel.told == [("firing", "critical"), ("resolved", "ok")] * 4 + [("flapping", "critical")]
    for _ in range(11):
        story.check(OK)
    assert len(channel.told) == 9
    story.check(OK)
    assert channel.told[9:] == [("resolved", "ok")]


def test_flapping_that_settles_as_firing_is_told(story: Story, channel: Kept) -> None:
    """After an hour of firing without a pause it is told as firing again; then a resolve is told as always."""
    for severity in (WARNING, OK) * 4 + (WARNING,) * 12:
        story.check(severity)
    assert channel.told[8:] == [("flapping", "warning")]
    story.check(WARNING)
    story.check(OK)
    assert channel.told[9:] == [("firing", "warning"), ("resolved", "ok")]


def test_flapping_that_gets_worse_is_told(story: Story, channel: Kept) -> None:
    """What was told as a warning and is critical is told, flapping or not."""
    for severity in (*(WARNING, OK) * 5, CRITICAL, OK, CRITICAL):
        story.check(severity)
    assert channel.told[8:] == [("flapping", "warning"), ("escalated", "critical")]


def silence(story: Story, minutes: float, **matchers: str) -> None:
    """Mute what matches from now on, as the command does."""
    until = story.now + timedelta(minutes=minutes)
    with AlertState(story.path) as state:
        state.silence(Silence("s1", matchers, story.now, until, "disk is replaced", "ana"))


def test_a_muted_alert_is_tracked_and_told_when_the_mute_ends(story: Story, channel: Kept) -> None:
    """Fifteen minutes of silence: shown as muted, told at the check after it, with the time when it began."""
    silence(story, 15, rule="errors")
    for _ in range(3):
        (firing,) = story.check(CRITICAL).firing
        assert firing.muted == "disk is replaced"
    assert channel.told == []
    assert story.check(CRITICAL).firing[0].muted is None
    assert channel.told == [("firing", "critical")]
    assert channel.taken[0].alerts[0].since == START


def test_what_began_and_ended_in_silence_is_not_told(story: Story, channel: Kept) -> None:
    """Nobody heard of it, so nobody hears of its end."""
    silence(story, 15, rule="errors")
    for severity in (CRITICAL, CRITICAL, OK, OK, OK):
        story.check(severity)
    assert channel.told == []


def test_the_end_of_what_was_told_waits_for_the_end_of_the_silence(story: Story, channel: Kept) -> None:
    """It was told before the silence: its end is told after it, once."""
    story.check(CRITICAL)
    silence(story, 10, rule="errors")
    for severity in (OK, OK, OK, OK):
        story.check(severity)
    assert channel.told == [("firing", "critical"), ("resolved", "ok")]


def test_a_silence_is_about_what_matches(story: Story, channel: Kept) -> None:
    """Of two clients one is muted; all matchers must hold."""
    silence(story, 60, **{"rule": "errors", "client.ip": "10.0.0.1"})
    story.check({"10.0.0.1": CRITICAL, "10.0.0.2": CRITICAL})
    assert [each.labels["client.ip"] for each in channel.taken[0].alerts] == ["10.0.0.2"]


def test_repetitions_stop_with_an_acknowledgement_until_it_gets_worse(story: Story, channel: Kept) -> None:
    """Every ten minutes, until somebody looks after it; a critical one needs a new acknowledgement."""
    story.rule = replace(story.rule, repeat=10 * MINUTE)
    for _ in range(5):
        story.check(WARNING)
    assert channel.told == [("firing", "warning"), ("repeated", "warning"), ("repeated", "warning")]
    acknowledge(story)
    for _ in range(5):
        story.check(WARNING)
    assert len(channel.told) == 3
    for _ in range(3):
        story.check(CRITICAL)
    assert channel.told[3:] == [("escalated", "critical"), ("repeated", "critical")]


def test_an_acknowledgement_ends_with_the_alert(story: Story) -> None:
    """The next time it fires nobody has acknowledged it yet."""
    story.check(WARNING)
    acknowledge(story)
    story.check(OK)
    story.check(WARNING)
    assert alert_of(story).ack is None


@pytest.mark.parametrize("acknowledged", [False, True])
def test_what_nobody_acknowledges_goes_to_the_channels_of_escalation(tmp_path: Path, acknowledged: bool) -> None:  # noqa: FBT001
    """After 15 minutes, once; they hear of the end too. With an acknowledgement they hear nothing."""
    chat, boss = Kept("chat"), Kept("boss")
    story = Story(tmp_path / "alerts.db", Policy([Route(chat), Route(boss, escalation=True)]))
    story.rule = replace(story.rule, escalate=15 * MINUTE)
    story.check(CRITICAL)
    if acknowledged:
        acknowledge(story)
    for severity in (CRITICAL, CRITICAL):
        story.check(severity)
    assert boss.told == []
    for severity in (CRITICAL, CRITICAL, CRITICAL, OK):
        story.check(severity)
    assert boss.told == ([] if acknowledged else [("unacknowledged", "critical"), ("resolved", "ok")])
    assert chat.told == [("firing", "critical"), ("resolved", "ok")]


def test_nobody_to_tell_is_not_told(tmp_path: Path) -> None:
    """A warning that no channel takes is told as firing when it is critical."""
    pager = Kept("pager")
    story = Story(tmp_path / "alerts.db", Policy([Route(pager, frozenset({CRITICAL}))]))
    for severity in (WARNING, OK, WARNING, CRITICAL):
        story.check(severity)
    assert pager.told == [("firing", "critical")]


def test_two_rules_of_one_name_are_refused(story: Story) -> None:
    """Their alerts could not be told apart."""
    with pytest.raises(AtalaiaError, match="same name"):
        story.check_with((named_rule("a"), []), (named_rule("a"), []))


def test_the_worse_of_two_signals_about_one_thing_counts(story: Story, channel: Kept) -> None:
    """A rule that says two things about one alert is believed in the worse one, in whatever order."""
    both = [said("errors", severity, story.now) for severity in (OK, CRITICAL, WARNING)]
    story.check_with((story.rule, both))
    assert channel.told == [("firing", "critical")]


def test_what_is_over_is_forgotten(story: Story) -> None:
    """After an hour of health nothing is remembered."""
    story.check(CRITICAL)
    for _ in range(13):
        story.check(OK)
    with AlertState.reading(story.path) as state:
        assert state.alerts == {}
