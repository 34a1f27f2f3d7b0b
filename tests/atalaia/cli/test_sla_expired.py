"""A period whose raw logs have expired is answered from the ledger, by the byte."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from atalaia.cli.main import main
from atalaia.cli.runtime import Runtime

LATER = datetime(2024, 2, 5, 12, 0, 30, tzinfo=UTC)
KINDS = {
    "availability": "target = 75",
    "latency": 'target = 70\nunder = "2s"',
    "error_rate": "target = 25",
    "uptime": "target = 75",
    "rpo": 'limit = "4h"',
    "rto": 'limit = "4h"',
}
CONTRACT = 'service = "*"\nzone = "UTC"\ncoverage = 0\n' + "".join(
    f'[[objective]]\nname = "{kind}"\nkind = "{kind}"\nperiods = ["day", "month"]\n{keys}\n'
    for kind, keys in KINDS.items()
)


def test_a_report_is_the_same_bytes_after_its_raw_logs_have_expired(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every kind of objective, over a day and its month: shown, expired, shown again, and derived again by verify."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ATALAIA_STORE", str(store))
    for name in ("ATALAIA_SLA", "ATALAIA_LEDGER", "ATALAIA_TZ", "ATALAIA_ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "sla.toml").write_text(CONTRACT, encoding="utf-8")

    def said(*words: str) -> str:
        capsys.readouterr()
        main(words, Runtime(clock=lambda: LATER))
        return capsys.readouterr().out

    assert "10 slices written" in said("sla", "seal")
    periods = ("2024-01-15", "2024-01")
    before = [said("sla", "show", "--period", each, "--format", "json") for each in periods]
    assert '"total": 5' in before[0]
    assert "deleted: 5 events" in said("store", "expire", "--older-than", "2d", "--yes")
    after = [said("sla", "show", "--period", each, "--format", "json") for each in periods]
    assert after == before
    for each in before:
        (tmp_path / "report.json").write_text(each, encoding="utf-8")
        assert "SLA report equal" in said("verify", "report.json")
