"""How a capacity plan is printed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest

from analyzers.capacity import CapacityPlan, Kind, Outlook, Planned
from analyzers.capacity.forecast import Forecast
from analyzers.capacity.model import Resource
from analyzers.store.query import Window
from atalaia.cli.render.capacity import print_plan

NOW = datetime(2026, 12, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("earliest", "latest", "said", "never"),
    [(4, 4, "2026-12-11", "2026-12-11 to"), (3, 6, "2026-12-11 (2026-12-10 to 2026-12-13)", "certain")],
)
def test_an_interval_of_one_day_is_one_day(earliest: int, latest: int, said: str, never: str) -> None:
    """Four days after the 7th is the 11th: once where that is the interval, else with its first and last day."""
    disk = Resource(Kind.DISK, ("web-1", "/"), {date(2026, 12, 7): 90.0}, 100.0)
    planned = Planned(disk, None, Forecast(Outlook.RUNS_OUT, 4, earliest, latest))
    out = StringIO()
    print_plan(CapacityPlan(Window(NOW - timedelta(days=30), NOW), "UTC", (planned,)), 30, out)
    table = " ".join(out.getvalue().partition("─")[2].replace("─", " ").split())
    assert said in table
    assert never not in table
