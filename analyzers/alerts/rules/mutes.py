"""When nobody is to be told: silences and maintenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.language import Message, english, message
from analyzers.language.parts import listed
from analyzers.store.query import Window

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""As the file says them; Monday is 0, as in :meth:`datetime.date.weekday`."""

MINUTES_OF_DAY: Final = 24 * 60
_DAYS: Final = (
    message("mon"),
    message("tue"),
    message("wed"),
    message("thu"),
    message("fri"),
    message("sat"),
    message("sun"),
)


class MuteKind(StrEnum):
    """Why nobody is told. The rules are evaluated all the same, and the alerts shown."""

    SILENCE = "silence"
    """Somebody knows already."""
    MAINTENANCE = "maintenance"
    """It is meant to be so."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Some hours of some days of every week, by the clocks on the wall of a zone.

    Attributes:
        weekdays: On which days it begins; 0 is Monday.
        start: Minutes after midnight, from 0 to 1439.
        end: Minutes after midnight, from 0 to 1440, exclusive; not after ``start`` when it lies on the next day.
        zone: The zone's IANA name.
    """

    weekdays: frozenset[int]
    start: int
    end: int
    zone: str

    def holds(self, instant: datetime) -> bool:
        """Tell whether an instant lies in it."""
        local = instant.astimezone(ZoneInfo(self.zone))
        minute, today = 60 * local.hour + local.minute, local.weekday()
        if self.start < self.end:
            return today in self.weekdays and self.start <= minute < self.end
        yesterday = (local.date() - timedelta(days=1)).weekday()
        return (today in self.weekdays and minute >= self.start) or (yesterday in self.weekdays and minute < self.end)

    @property
    def said(self) -> Message:
        """For people: ``every sun from 03:00 to 05:00 (Europe/Lisbon)``."""
        days = listed(*(name for number, name in enumerate(_DAYS) if number in self.weekdays))
        start, end = _clock(self.start), _clock(self.end)
        return message("every {days} from {start} to {end} ({zone})", days=days, start=start, end=end, zone=self.zone)


@dataclass(frozen=True, slots=True)
class Mute:
    """Keeps alerts from being told for some time.

    Attributes:
        kind: Whether it is a silence or maintenance.
        when: A span of time, or hours of every week.
        reason: Why.
        by: Who says so.
        rules: The names of the rules it is about, with ``*`` and ``?`` as in file names; empty for all.
        labels: What the alert must be about, by label: one of these texts, with ``*`` and ``?``. All labels must match.
    """

    kind: MuteKind
    when: Window | Recurrence
    reason: str
    by: str
    rules: tuple[str, ...] = ()
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def covers(self, rule: str, labels: Mapping[str, str], instant: datetime) -> bool:
        """Tell whether an alert is not to be told at an instant.

        Args:
            rule: The rule's name.
            labels: The rule's labels and the signal's.
            instant: Aware.
        """
        return self.matches(rule, labels) and self.holds(instant)

    def matches(self, rule: str, labels: Mapping[str, str]) -> bool:
        """Tell whether it is about an alert, whenever that is."""
        return (not self.rules or _any(rule, self.rules)) and all(
            name in labels and _any(labels[name], texts) for name, texts in self.labels.items()
        )

    def holds(self, instant: datetime) -> bool:
        """Tell whether an instant lies in its time."""
        if isinstance(self.when, Window):
            return self.when.start <= instant < self.when.end
        return self.when.holds(instant)

    @property
    def words(self) -> str:
        """For people: when, about what, why and by whom."""
        rules = f"rules {', '.join(self.rules)}" if self.rules else "all rules"
        labels = "".join(f", {name} {' or '.join(texts)}" for name, texts in self.labels.items())
        return f"{self.kind} {_span(self.when)}: {rules}{labels}; {self.reason} ({self.by})"


def _span(when: Window | Recurrence) -> str:
    if isinstance(when, Recurrence):
        return english(when.said)
    return f"from {when.start:%Y-%m-%d %H:%M:%S} to {when.end:%Y-%m-%d %H:%M:%S} UTC"


def _any(text: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(text, pattern) for pattern in patterns)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
