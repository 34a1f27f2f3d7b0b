"""What ``atalaia ship`` says of its options."""

from __future__ import annotations

from pathlib import Path

import pytest

from atalaia.cli.main import main

SAID = "every user of this machine can read --password; set ATALAIA_SHIP_PASSWORD instead"


def test_a_password_on_the_command_line_is_warned_of_and_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Other users see command lines; the variable of the same meaning is not warned of."""
    order = ["ship", str(tmp_path), "--once", "--to", "http://127.0.0.1:1", "--user", "ti"]
    order += ["--positions", str(tmp_path / "positions")]
    main([*order, "--password", "open-sesame"])
    said = capsys.readouterr().err
    assert SAID in said
    assert "open-sesame" not in said
    monkeypatch.setenv("ATALAIA_SHIP_PASSWORD", "open-sesame")
    main(order)
    assert SAID not in capsys.readouterr().err
