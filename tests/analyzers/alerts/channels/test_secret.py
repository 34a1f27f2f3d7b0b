"""Secrets are read from where they are, and a missing one is an error by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.alerts.channels.secret import Secret, Secrets
from logging_lib.errors import AtalaiaError


def test_a_variable_is_read(tmp_path: Path) -> None:
    """The value comes without the line end that a shell leaves."""
    assert Secrets({"TOKEN": "s3cret\n"}, tmp_path, pytest.fail).read(Secret(env="TOKEN"), "it") == "s3cret"


@pytest.mark.parametrize("environment", [{}, {"TOKEN": " "}])
def test_a_missing_variable_is_named(tmp_path: Path, environment: dict[str, str]) -> None:
    """Unset and empty are the same mistake."""
    with pytest.raises(AtalaiaError, match='channel "ops": password: the environment variable TOKEN is not set'):
        Secrets(environment, tmp_path, pytest.fail).read(Secret(env="TOKEN"), 'channel "ops": password')


def test_a_file_is_read_beside_the_one_that_names_it(tmp_path: Path) -> None:
    """A relative path starts at the folder of alerts.toml; a private file is read without a word."""
    (tmp_path / "token").write_text("s3cret\n", encoding="utf-8")
    (tmp_path / "token").chmod(0o600)
    assert Secrets({}, tmp_path, pytest.fail).read(Secret(file=Path("token")), "it") == "s3cret"


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_file_that_others_can_read_is_warned_about(tmp_path: Path, mode: int) -> None:
    """It is used, and the warning says how to protect it."""
    path = tmp_path / "token"
    path.write_text("s3cret", encoding="utf-8")
    path.chmod(mode)
    warnings: list[str] = []
    assert Secrets({}, tmp_path, warnings.append).read(Secret(file=path), "it") == "s3cret"
    assert warnings == [f"it: others can read {path}; run: chmod 600 {path}"]


@pytest.mark.parametrize("content", [None, b" \n", b"\xff"])
def test_a_file_without_a_secret_is_named(tmp_path: Path, content: bytes | None) -> None:
    """Missing, empty and unreadable files are errors."""
    if content is not None:
        (tmp_path / "token").write_bytes(content)
        (tmp_path / "token").chmod(0o600)
    with pytest.raises(AtalaiaError, match="token"):
        Secrets({}, tmp_path, pytest.fail).read(Secret(file=Path("token")), "it")
