"""The table in the documents is what the detectors find: a part of it is made again, the whole by ``benchmarks``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from analyzers.anomalies.episodes import Episode
from analyzers.anomalies.finding import Direction, Finding, Kind
from analyzers.store.query import Window
from analyzers.thresholds import Severity
from benchmarks.anomalies.incidents import Incident, Planted, planted
from benchmarks.anomalies.scoring import START, compared, trial
from benchmarks.anomalies.table import DAYS, REPORTED, TUNED_ON, document, said_of, spoken
from tests.benchmarks.tables import section

TABLE = "anomalies-table.md"
PART = 18
"""Days that are judged again."""


def test_the_first_weeks_of_a_history_are_as_the_table_says() -> None:
    """Judged again: the same incidents found after the same time by the same detectors, the same false alarms."""
    seed = REPORTED[0]
    again = trial(seed, DAYS, judged=PART)
    assert again.outcomes
    end = f"{START + timedelta(days=PART):%Y-%m-%d}"
    told = [line for line in section(TABLE, seed) if line.startswith("- ") and line.split(" at ")[1] < end]
    assert [line for line in said_of(again) if line.startswith("- ")] == told
    assert set(said_of(again)) <= set(section(TABLE, seed))


def test_the_table_is_of_histories_that_were_not_looked_at() -> None:
    """Five or more seeds, none of those the detectors were made by, and each with all incidents."""
    assert len(REPORTED) >= 5
    assert not set(REPORTED) & set(TUNED_ON)
    for seed in REPORTED:
        rows = [
            line
            for line in section(TABLE, seed)
            if line.startswith("| ") and not line.startswith(("| incident", "| ---"))
        ]
        assert [line.split(" | ")[0].removeprefix("| ") for line in rows] == [
            str(each.incident) for each in planted(START, DAYS, seed)
        ]


def test_incidents_are_apart_and_within_the_history() -> None:
    """At least three days lie between two of them, and the last one ends before the history does."""
    for seed in (*TUNED_ON, *REPORTED):
        found = planted(START, DAYS, seed)
        assert {each.incident for each in found} == set(Incident)
        assert all(after.window.start - before.window.end > timedelta(days=2) for before, after in pairwise(found))
        assert found[-1].window.end < START + timedelta(days=DAYS)


def episode(kind: Kind, minutes: int) -> Episode:
    """Return an episode that was found so many minutes after the outage began."""
    at = START + timedelta(minutes=minutes)
    finding = Finding(
        kind, {}, Severity.WARNING, Window(START, at), None, None, 1.0, 0, Direction.ABOVE, f"{kind} after {minutes}"
    )
    return Episode(at, at, finding)


def test_what_belongs_to_no_incident_is_a_false_alarm() -> None:
    """Errors in an outage are found after ten minutes; a scan then, and errors a day later, are false alarms."""
    outage = Planted(Incident.OUTAGE, Window(START, START + timedelta(minutes=40)))
    swarm = Planted(Incident.SWARM, Window(START + timedelta(days=5), START + timedelta(days=5, minutes=30)))
    found = (episode(Kind.ERRORS, 10), episode(Kind.SCAN, 20), episode(Kind.ERRORS, 1500))
    one = compared(1, 7, (outage, swarm), (outage, swarm), found)
    assert [(each.found_by, each.delay) for each in one.outcomes] == [(("errors",), timedelta(minutes=10)), ((), None)]
    assert [each.worst.sentence for each in one.false_alarms] == ["scan after 20", "errors after 1500"]
    text = document([one])
    assert "| outage | 2025-02-03 03:00 | 10 min | errors |" in text
    assert "| distributed flood | 2025-02-08 03:00 | **not found** | — |" in text
    assert "| together | 2 | 2.00 |" in text
    assert "Together 1 of 2." in text


def test_lengths_of_time_in_words() -> None:
    """Days, hours and minutes, without the parts that are zero."""
    assert spoken(timedelta(0)) == "0 min"
    assert spoken(timedelta(hours=1, minutes=35)) == "1 h 35 min"
    assert spoken(timedelta(days=7)) == "7 d"
    assert datetime(2025, 2, 3, 3, tzinfo=UTC) == START
