"""Silence is told as soon as it is improbable, and no sooner."""

from __future__ import annotations

from datetime import datetime, timedelta

from analyzers.anomalies import Finding, Scope, SilenceSettings
from analyzers.anomalies.silence import find_silence
from analyzers.anomalies.source import StoreSource
from analyzers.store.document import Document
from analyzers.store.memory.store import MemoryStore
from analyzers.thresholds import Severity
from tests.analyzers.anomalies.traffic import local, spread

HOUR = timedelta(hours=1)
SCOPE = Scope(zone="Europe/Lisbon")
MORNING = local("2025-03-12T08:00")
"""A Wednesday; every working day has requests from eight to two."""


def office(until: datetime, an_hour: int = 60, weeks: int = 4) -> list[Document]:
    """Return the working hours of some weeks up to an instant; a tenth of it on Saturdays and Sundays."""
    found: list[Document] = []
    for back in range(7 * weeks, -1, -1):
        morning = MORNING - timedelta(days=back)
        number = an_hour // 10 if morning.weekday() >= 5 else an_hour
        for hour in range(6):
            if morning + hour * HOUR < until:
                found += spread(morning + hour * HOUR, HOUR, number)
    return found


def judged(documents: list[Document], instant: datetime) -> Finding:
    """Return what is said of silence at an instant."""
    return find_silence(StoreSource(MemoryStore(documents), SCOPE), SilenceSettings(scope=SCOPE), instant)


def test_silence_in_office_hours_is_found_within_minutes() -> None:
    """Sixty an hour, and nothing since eleven: the last quarter alone lacks 15, which is exp(-15)."""
    eleven = MORNING + 3 * HOUR
    found = judged(office(eleven), eleven + HOUR / 2)
    assert found.severity is Severity.CRITICAL
    assert found.sentence.startswith("silence: 0 requests, 15 or more expected (Poisson probability 3e-7)")
    assert judged(office(eleven), eleven + HOUR / 12).severity is Severity.OK


def test_a_quiet_night_is_no_silence() -> None:
    """Nobody comes at three in the morning; the day before is what can be judged then."""
    assert judged(office(MORNING - 17 * HOUR), MORNING - 5 * HOUR).severity is Severity.OK


def test_a_holiday_is_no_silence_and_an_outage_since_the_morning_is() -> None:
    """As few as on a Sunday are none; not one request where a Sunday has six an hour is told in the third hour."""
    holiday = [
        *office(MORNING - HOUR),
        *(each for hour in range(3) for each in spread(MORNING + hour * HOUR, HOUR, 6)),
    ]
    assert judged(holiday, MORNING + 3 * HOUR).severity is Severity.OK
    assert judged(office(MORNING - HOUR), MORNING + HOUR).severity is not Severity.CRITICAL
    assert judged(office(MORNING - HOUR), MORNING + 4 * HOUR).severity is Severity.CRITICAL


def test_other_streams_are_named() -> None:
    """Whether all is silent or only the requests: the streams that have events are listed with their numbers."""
    eleven = MORNING + 3 * HOUR
    others = spread(eleven, HOUR, 7, stream="logs-app.event-production")
    found = judged([*office(eleven), *others], eleven + HOUR)
    assert found.explanation == ("other streams have events: logs-app.event-production (1)",)
    alone = judged([*office(eleven), *spread(MORNING, HOUR, 7, stream="logs-app.event-production")], eleven + HOUR)
    assert alone.explanation == ("the 1 other stream of the store have none either: look at what ships the events",)


def test_thin_streams_are_unmeasured() -> None:
    """Ten requests a day never make a silence of a day improbable; nor do two weeks make a baseline."""
    assert judged(office(MORNING, an_hour=1), MORNING + 12 * HOUR).severity is Severity.UNMEASURED
    assert judged(office(MORNING, weeks=2), MORNING + 3 * HOUR).severity is Severity.UNMEASURED
    assert judged([], MORNING).severity is Severity.UNMEASURED
