"""``atalaia sla explain`` on the store of five requests, one of which failed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.atalaia.cli.conftest import Run


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a directory without a contract."""
    monkeypatch.chdir(tmp_path)
    for name in ("ATALAIA_SLA", "ATALAIA_LEDGER"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_what_is_missed_is_explained(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Three objectives are missed; each says when, that one event is too little to say by what, and what to do next."""
    assert run("sla", "explain") == 1
    out = capsys.readouterr().out
    assert out.count("missed, ") >= 3
    assert "bad requests by time: Mon 2024-01-15 1 (100.00 %)" in out
    assert "on Mon 2024-01-15 by the hour: 08:00 1 (100.00 %)" in out
    assert "failed requests: 1, too few to explain, which takes 10" in out
    assert "atalaia errors --since 2024-01-01T00:00:00Z --until 2024-01-15T12:00:00Z --every day" in out
    assert "atalaia latency --since" in out


def test_as_json(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """One object with the objectives that were asked for."""
    assert run("sla", "explain", "--objective", "availability", "--format", "json") == 1
    found = json.loads(capsys.readouterr().out)
    (objective,) = found["objectives"]
    assert (objective["objective"], objective["state"], objective["expired"]) == ("availability", "missed", 0)
    assert (objective["slots"][0]["bad"], objective["slots"][0]["total"]) == (1, 5)
    assert objective["events"]["bad"] == 1


def test_nothing_missed_is_said(run: Run, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A contract of 75 % is kept by four of five: there is nothing to explain, unless it is named."""
    (here / "sla.toml").write_text(
        'service = "*"\nzone = "UTC"\ncoverage = 0\n[[objective]]\nname = "availability"\nkind = "availability"\n'
        'target = 75\nperiods = ["day"]\n',
        encoding="utf-8",
    )
    assert run("sla", "explain") == 0
    assert "nothing is missed; name one with --objective" in capsys.readouterr().out
    assert run("sla", "explain", "--objective", "availability") == 0
    assert "too few to explain" in capsys.readouterr().out
