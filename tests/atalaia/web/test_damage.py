"""The live page of a store that the disk has damaged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from atalaia.web.app import create_app
from atalaia.web.live import LiveSource
from atalaia.web.site import site_at
from tests.atalaia.cli.stores import START, fill, flip, request, run, segments

NOW = START + timedelta(minutes=6)


def test_damage_is_a_clear_state_and_ends_by_itself(tmp_path: Path) -> None:
    """While a segment of the window is damaged the page is told which and what to do; then what was lost."""
    fill(tmp_path, [request(number) for number in range(5)])
    flip(segments(tmp_path)[0], 9)
    with LiveSource(str(tmp_path), clock=lambda: NOW) as source:
        client = create_app(site_at(str(tmp_path), ZoneInfo("UTC")), source=source).test_client()
        answer = client.get("/api/live")
        assert answer.status_code == 503
        assert answer.json is not None
        error = answer.json["error"]
        assert f"{segments(tmp_path)[0]} is damaged" in error
        assert "atalaia store verify" in error
        assert run("store", "verify", str(tmp_path), "--set-aside", now=datetime(2024, 1, 15, 1, tzinfo=UTC)) == 1
        answer = client.get("/api/live")
        assert answer.status_code == 200
        assert answer.json is not None
        assert answer.json["verdict"].endswith(
            "; 5 events were lost of 2024-01-15 (UTC) to disk damage and not counted"
        )
