"""Whatever rules say and channels refuse: every transition is told once to whom it concerns, and none is lost."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.alerts import AlertState, EngineSettings, Policy, Route
from analyzers.alerts.mutes import Silence
from analyzers.thresholds import Severity
from tests.analyzers.alerts.stories import CRITICAL, OK, UNMEASURED, WARNING, Kept, Story, named_rule

MINUTE = timedelta(minutes=1)
CALM = EngineSettings(unmeasured_after=None, flap_limit=1_000, give_up_after=timedelta(days=1_000))


@dataclass(frozen=True)
class Moment:
    """One check: what the rule says, whether channels are down, whether it is muted, and how long until the next."""

    severity: Severity
    chat_down: bool
    pager_down: bool
    muted: bool
    minutes: int


MOMENTS = st.lists(
    st.builds(
        Moment,
        severity=st.sampled_from([OK, WARNING, CRITICAL, UNMEASURED]),
        chat_down=st.booleans(),
        pager_down=st.booleans(),
        muted=st.integers(0, 4).map(lambda number: number == 0),
        minutes=st.integers(1, 12),
    ),
    min_size=1,
    max_size=25,
)


class Model:
    """What ought to be told, written from the description and not from the code: one alert, a chat, and a pager.

    The chat hears everything, the pager of critical ones only, and of the end of what it heard.
    """

    def __init__(self, pending: timedelta, keep_firing: timedelta) -> None:
        self.pending, self.keep_firing = pending, keep_firing
        self.begun: datetime | None = None
        self.well: datetime | None = None
        self.fires = False
        self.level = OK
        self.heard = OK
        self.pager_heard = False
        self.chat: list[tuple[str, str]] = []
        self.pager: list[tuple[str, str]] = []

    def live(self, severity: Severity, now: datetime, *, muted: bool) -> None:
        """Live through one check."""
        if severity is UNMEASURED:
            self.well = None
        elif severity is OK:
            self._health(now)
        else:
            self.level, self.well = severity, None
            self.begun = self.begun or now
            self.fires = self.fires or now - self.begun >= self.pending
        if not muted:
            self._tell()

    def _health(self, now: datetime) -> None:
        if not self.fires:
            self.begun = None
            return
        self.well = self.well or now
        if now - self.well >= self.keep_firing:
            self.fires, self.begun, self.well = False, None, None

    def _tell(self) -> None:
        if not self.fires:
            if self.begun is None and self.heard is not OK:
                self._say("resolved", OK, pager=self.pager_heard)
                self.pager_heard = False
        elif self.heard is OK:
            self._say("firing", self.level, pager=self.level is CRITICAL)
        elif self.heard is WARNING and self.level is CRITICAL:
            self._say("escalated", CRITICAL, pager=True)

    def _say(self, kind: str, severity: Severity, *, pager: bool) -> None:
        self.chat.append((kind, severity.value))
        if pager:
            self.pager.append((kind, severity.value))
            self.pager_heard = True
        self.heard = severity


@settings(max_examples=60, deadline=None)
@given(moments=MOMENTS, pending=st.sampled_from([0, 10]), keep_firing=st.sampled_from([0, 10]))
def test_each_transition_is_told_once_and_none_is_lost(
    moments: Sequence[Moment], pending: int, keep_firing: int
) -> None:
    """The two channels, each down at times, end up with what the model says, in order, and no id twice.

    Every check opens the state anew, as after a restart. In the end the channels are up, so all must have arrived.
    """
    chat, pager = Kept("chat"), Kept("pager")
    routes = [Route(chat), Route(pager, frozenset({CRITICAL}))]
    rule = replace(named_rule("errors"), pending=pending * MINUTE, keep_firing=keep_firing * MINUTE)
    model = Model(rule.pending, rule.keep_firing)
    with tempfile.TemporaryDirectory() as folder:
        story = Story(Path(folder) / "alerts.db", Policy(routes, settings=CALM), rule)
        for moment in moments:
            mutes = [Silence("s", {"rule": "errors"}, story.now, story.now + MINUTE, "", "")] if moment.muted else []
            story.policy = replace(story.policy, mutes=mutes)
            chat.down, pager.down = moment.chat_down, moment.pager_down
            model.live(moment.severity, story.now, muted=moment.muted)
            report = story.check(moment.severity, moment.minutes)
            assert bool(report.firing) == model.fires
        chat.down = pager.down = False
        story.policy = replace(story.policy, mutes=())
        for _ in range(2):
            story.now += timedelta(hours=2)
            model.live(UNMEASURED, story.now, muted=False)
            story.check(UNMEASURED)
        with AlertState.reading(story.path) as state:
            assert state.waiting == ()
    assert chat.told == model.chat
    assert pager.told == model.pager
    for channel in (chat, pager):
        ids = [each.id for each in channel.taken]
        assert len(ids) == len(set(ids))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([OK, CRITICAL]), st.integers(1, 20)), min_size=1, max_size=60))
def test_flap_control_bounds_what_is_told(moments: Sequence[tuple[Severity, int]]) -> None:
    """However wild it gets: never more than the limit of firing notices within a window, firing and end alternate.

    An hour after the last change whoever was told that it fires knows where it stands.
    """
    chat = Kept("chat")
    with tempfile.TemporaryDirectory() as folder:
        story = Story(Path(folder) / "alerts.db", Policy([Route(chat)], settings=EngineSettings(flap_limit=2)))
        for severity, minutes in moments:
            story.check(severity, minutes)
        last = moments[-1][0]
        for _ in range(3):
            story.now += timedelta(minutes=40)
            story.check(last)
    times = [each.at for each in chat.taken if each.kind.value == "firing"]
    assert all(later - earlier >= timedelta(hours=1) for earlier, later in zip(times, times[2:], strict=False))
    kinds = [kind for kind, _ in chat.told]
    assert kinds[-1:] in ([], ["firing"] if last is CRITICAL else ["resolved"])
    assert all(one != other for one, other in pairwise(kinds))
