"""The examples of docs/sla.md are what the commands really print."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from atalaia.cli.main import main
from atalaia.cli.runtime import Runtime
from tests.atalaia.cli.help_desk_october import LAST, write_history

CHECKOUT = Path(__file__).parents[3]


def test_the_document_shows_what_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The contract in words, a month's judgements, and its budget: each stands in the document as it is printed."""
    document = (CHECKOUT / "docs" / "sla.md").read_text(encoding="utf-8")
    shutil.copy(CHECKOUT / "examples" / "sla.toml", tmp_path)
    write_history(tmp_path / "atalaia-data")
    monkeypatch.chdir(tmp_path)
    for name in ("ATALAIA_SLA", "ATALAIA_LEDGER", "ATALAIA_STORE"):
        monkeypatch.delenv(name, raising=False)
    for words in (
        ("sla", "check", "--contract", "sla.toml"),
        ("sla", "show", "--as-of", "2024-10-20T12:00"),
        ("sla", "budget", "--as-of", "2024-10-20T12:00", "--objective", "availability"),
    ):
        main(words, Runtime(clock=lambda: LAST))
        printed = capsys.readouterr().out
        assert f"```text\n{printed}```" in document, printed
