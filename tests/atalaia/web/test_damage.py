"""The overview of a store that the disk has damaged."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from atalaia.web.app import create_app
from atalaia.web.site import site_at
from tests.atalaia.cli.stores import START, fill, flip, request, run, segments

NOW = START + timedelta(minutes=6)


def test_damage_is_a_clear_state_and_ends_by_itself(tmp_path: Path) -> None:
    """While a segment of the window is damaged the page is told which and what to do; then what was lost."""
    fill(tmp_path, [request(number) for number in range(5)])
    flip(segments(tmp_path)[0], 9)
    client = create_app(site_at(str(tmp_path), ZoneInfo("UTC"), clock=lambda: NOW)).test_client()
    answer = client.get("/api/live")
    assert answer.status_code == 503
    error = answer.get_json()["error"]
    assert f"{segments(tmp_path)[0]} is damaged" in error
    assert "atalaia store verify" in error
    page = client.get("/")
    assert page.status_code == 503
    assert f"{segments(tmp_path)[0]} is damaged" in page.text
    assert run("store", "verify", str(tmp_path), "--set-aside", now=datetime(2024, 1, 15, 1, tzinfo=UTC)) == 1
    lost = "5 events were lost of 2024-01-15 (UTC) to disk damage and not counted."
    assert client.get("/api/live").get_json()["notes"] == [lost]
    deadline = time.monotonic() + 60
    while (page := client.get("/")).status_code == 503 and time.monotonic() < deadline:
        pass  # the agreement is judged anew beside the requests
    assert "5 events were lost of January 15, 2024 (UTC)" in page.text
