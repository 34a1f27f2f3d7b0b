"""What many instants found, put together: episodes, and how much could be judged at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from analyzers.anomalies.finding import Finding, Kind
from analyzers.thresholds import Severity

GAP: Final = timedelta(minutes=30)
"""Findings no further apart than this are one episode."""

Judged: TypeAlias = tuple[datetime, tuple[Finding, ...]]
"""An instant, and what was found at it."""


@dataclass(frozen=True, slots=True)
class Episode:
    """Findings of one kind about one thing at instants that follow each other.

    Attributes:
        found: The instant of the first; from then on it was known.
        last: The instant of the last.
        worst: The most severe one, and of these the one with the greatest score.
    """

    found: datetime
    last: datetime
    worst: Finding


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a detector could judge.

    Attributes:
        judged: At how many instants.
        unmeasured: At how many it could not.
        reason: What it said the last time it could not; empty where it always could.
    """

    judged: int = 0
    unmeasured: int = 0
    reason: str = ""

    def after(self, finding: Finding) -> Tally:
        """Return the tally with one finding more."""
        if finding.severity is Severity.UNMEASURED:
            return Tally(self.judged, self.unmeasured + 1, finding.sentence)
        return Tally(self.judged + 1, self.unmeasured, self.reason)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a span of instants found.

    Attributes:
        episodes: In the order in which they were found.
        tallies: By detector.
    """

    episodes: tuple[Episode, ...]
    tallies: Mapping[Kind, Tally]


def summarize(judged: Iterable[Judged], gap: timedelta = GAP) -> Summary:
    """Put together what was found at instants, which come in order.

    Args:
        judged: The instants.
        gap: Findings no further apart than this are one episode.
    """
    found: dict[tuple[Kind, tuple[tuple[str, str], ...]], list[Episode]] = {}
    tallies: dict[Kind, Tally] = {}
    for instant, findings in judged:
        for finding in findings:
            tallies[finding.kind] = tallies.get(finding.kind, Tally()).after(finding)
            if finding.severity.breached:
                _add(found.setdefault((finding.kind, _about(finding)), []), finding, instant, gap)
    every = (episode for of_it in found.values() for episode in of_it)
    return Summary(tuple(sorted(every, key=_place)), tallies)


def _add(of_it: list[Episode], finding: Finding, instant: datetime, gap: timedelta) -> None:
    if of_it and instant - of_it[-1].last <= gap:
        before = of_it.pop()
        of_it.append(Episode(before.found, instant, max(before.worst, finding, key=_badness)))
    else:
        of_it.append(Episode(instant, instant, finding))


def _badness(finding: Finding) -> tuple[bool, float]:
    return finding.severity is Severity.CRITICAL, finding.score


def _place(episode: Episode) -> tuple[datetime, str, tuple[tuple[str, str], ...]]:
    return episode.found, episode.worst.kind, _about(episode.worst)


def _about(finding: Finding) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(finding.labels.items()))
