"""The table in the documents is what the rules would have sent: a part of it is replayed again here."""

from __future__ import annotations

from datetime import timedelta

import pytest

from benchmarks.alerts.__main__ import TUNED_ON
from benchmarks.alerts.replaying import sent
from benchmarks.alerts.scoring import scored
from benchmarks.alerts.table import said_of
from benchmarks.anomalies.incidents import planted
from benchmarks.anomalies.scoring import START
from benchmarks.anomalies.table import DAYS, REPORTED
from tests.benchmarks.tables import section

TABLE = "alerts-table.md"
PART = 3
"""Days that are replayed again."""


@pytest.mark.slow
def test_the_first_days_of_a_history_are_as_the_table_says() -> None:
    """Replayed again: the same incident told by the same rules in as many notices, and the same alert about nothing."""
    seed, end = REPORTED[-1], START + timedelta(days=PART)
    again = scored(sent(seed, DAYS, judged=PART), until=end)
    assert [each.told_by for each in again.outcomes] == [("unusual rate",)]
    told = [
        line
        for line in section(TABLE, seed)
        if line.startswith("- ") and line.split(" at ")[1] < f"{end:%Y-%m-%d %H:%M}"
    ]
    assert [line for line in said_of(again) if line.startswith("- ")] == told
    assert told
    assert set(said_of(again)) <= set(section(TABLE, seed))


def test_the_table_has_every_incident_of_histories_that_were_not_looked_at() -> None:
    """The seeds of the detectors' table; none of them is one by which the rules were written."""
    assert not set(REPORTED) & set(TUNED_ON)
    for seed in REPORTED:
        rows = [line.split(" | ")[:2] for line in section(TABLE, seed) if line.startswith("| ")][2:]
        assert rows == [
            [f"| {each.incident}", f"{each.window.start:%Y-%m-%d %H:%M}"] for each in planted(START, DAYS, seed)
        ]
