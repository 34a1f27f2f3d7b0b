"""``atalaia sla seal`` on a small store: five requests of a morning, one of which failed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.open import open_store
from atalaia.cli.main import main
from atalaia.cli.recovering import recoveries
from atalaia.cli.runtime import Runtime
from tests.atalaia.cli.conftest import NOW, Run, document


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a directory with a contract about every service."""
    monkeypatch.chdir(tmp_path)
    for name in ("ATALAIA_SLA", "ATALAIA_LEDGER"):
        monkeypatch.delenv(name, raising=False)
    objective = '[[objective]]\nname = "a"\nkind = "availability"\ntarget = 99\n'
    head = 'service = "*"\nzone = "America/Sao_Paulo"\ncoverage = 0\n'
    (tmp_path / "sla.toml").write_text(head + objective, encoding="utf-8")
    return tmp_path


def test_what_is_sealed_is_said(run: Run, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From 08:00 to noon less an hour of lateness: five slices of requests, five minutes of presence."""
    assert run("sla", "seal") == 0
    out, err = capsys.readouterr()
    first = "production: sealed 180 minutes up to 2024-01-15 11:00Z, 10 slices written\n"
    assert (out, err) == (first, "")
    assert (here / "data-ledger").is_dir()
    assert run("sla", "seal") == 0
    assert capsys.readouterr().out == "production: sealed 0 minutes up to 2024-01-15 11:00Z, 0 slices written\n"


def test_late_events_are_said(run: Run, store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A request that comes too late is a revision of its minute."""
    assert run("sla", "seal") == 0
    with open_store(str(store), writable=True) as opened:
        opened.append([document(99, ("2024-01-15T08:00:30Z", "/api/chamados", 500, 0.2))])
    capsys.readouterr()
    assert run("sla", "seal") == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "  late events restate 1 minute:",
        "    2024-01-15 08:00Z  revision 2: +1 request, 1 failed",
    ]
    assert run("sla", "show", "--format", "json") == 1
    restated = json.loads(capsys.readouterr().out)
    assert "2024-01-15T08:00:00" in json.dumps(restated)


def test_a_ledger_that_lost_slices_says_so_until_they_are_sealed_again(
    run: Run, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its numbers are too small, and every command that shows them warns; sealed again, all five requests are there."""
    assert run("sla", "seal") == 0
    slices = max((here / "data-ledger").rglob("*.parquet"), key=lambda each: each.stat().st_size)
    whole = slices.read_bytes()
    slices.write_bytes(bytes(len(whole) // 2) + whole[len(whole) // 2 :])
    main(["store", "verify", "data-ledger", "--set-aside"])
    advice = capsys.readouterr().err
    assert "atalaia sla seal --ledger data-ledger; then 'atalaia store verify data-ledger --restored'" in advice
    assert "ingest" not in advice
    for command in ("show", "budget", "explain"):
        run("sla", command)
        said = capsys.readouterr().err
        assert "the ledger was damaged, so every number may be too small: 10 events were lost" in said
    assert main(["store", "copy", "data-ledger", "elsewhere"]) == 0
    copied = capsys.readouterr().err
    assert "10 events were lost" in copied
    assert ("--ledger TO" in copied, "ingest" in copied) == (True, False)
    assert run("sla", "seal", "--ledger", "data-ledger") == 0
    assert main(["store", "verify", "data-ledger", "--restored"]) == 0
    capsys.readouterr()
    run("sla", "show", "--format", "json")
    out, err = capsys.readouterr()
    assert (json.loads(out)["judgements"][0]["measured"]["total"], err) == (5, "")


def test_both_ways_are_told_of_a_store_with_both() -> None:
    """Events of logs are read again, slices are sealed again."""
    streams = ["metrics-sla.slice-production", "logs-web.request-production"]
    read, sealed = recoveries(streams, "both")
    assert "atalaia ingest FILE --pipeline CONF --from-start" in read
    assert sealed.endswith("atalaia sla seal --ledger both")
    assert list(recoveries(streams[1:], "both")) == [read]


def test_a_directory_that_is_no_ledger(run: Run, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is named, with what writes one."""
    (here / "notes").mkdir()
    assert run("sla", "show", "--ledger", "notes") == 2
    assert "there is no ledger at notes; seal first: atalaia sla seal" in capsys.readouterr().err
    (here / "notes" / "mine.txt").touch()
    assert run("sla", "show", "--ledger", "notes") == 2
    assert "notes is not an Atalaia store" in (told := capsys.readouterr().err)
    assert "of a ledger, that of 'atalaia sla seal'" in told


def test_json_has_everything(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """A dry run says the same as the run that follows, and writes nothing; a date is one of the contract's zone."""
    words = ("sla", "seal", "--format", "json", "--since", "2024-01-15T06:00")
    assert run(*words, "--dry-run") == 0
    would = json.loads(capsys.readouterr().out)
    assert not Path("data-ledger").exists()
    assert run(*words) == 0
    assert json.loads(capsys.readouterr().out) == would
    assert would == {
        "service": "*",
        "seal": "2024-01-15T12:00:00Z",
        "horizon": "2024-01-15T11:00:00Z",
        "environments": [
            {
                "environment": "production",
                "sealed": [{"from": "2024-01-15T09:00:00Z", "to": "2024-01-15T11:00:00Z"}],
                "minutes": 120,
                "slices": 4,
                "restated": [],
                "shortfalls": [],
                "uncompared": None,
                "lost": 0,
            }
        ],
    }


def test_another_place(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger is where it is said to be, by option or environment."""
    assert run("sla", "seal", "--ledger", str(here / "one")) == 0
    monkeypatch.setenv("ATALAIA_LEDGER", str(here / "two"))
    assert run("sla", "seal") == 0
    assert sorted(each.name for each in here.iterdir()) == ["data", "one", "sla.toml", "two"]


def test_no_events_are_an_error(run: Run, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A run that evaluated nothing is no success: the service may be misspelt."""
    text = (here / "sla.toml").read_text(encoding="utf-8").replace('service = "*"', 'service = "ti-onn"')
    (here / "sla.toml").write_text(text, encoding="utf-8")
    assert run("sla", "seal") == 2
    out, err = capsys.readouterr()
    said = "atalaia: nothing to seal: there are no events of the service 'ti-onn' in any environment\n"
    assert (out, err) == ("", said)


def test_one_sealer_at_a_time(run: Run, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second sealer of an embedded ledger is told who is sealing, while ingesting goes on."""
    with EmbeddedStore(here / "data-ledger", writable=True), EmbeddedStore(here / "data", writable=True):
        assert run("sla", "seal") == 2
        assert f"another process (pid {os.getpid()}) is writing to" in capsys.readouterr().err
    assert main(["sla", "seal", "--store", str(here / "data")], Runtime(clock=lambda: NOW)) == 0
