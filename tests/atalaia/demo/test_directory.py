"""The demonstration's directory."""

from __future__ import annotations

from pathlib import Path

import pytest

from atalaia.demo.directory import prepare
from logging_lib.errors import AtalaiaError


def test_an_earlier_demonstration_is_thrown_away(tmp_path: Path) -> None:
    """What an earlier run left is gone, and the new directory is ready to use."""
    first = prepare(tmp_path / "demo")
    (first.logs / "old.ndjson").write_text("{}", encoding="utf-8")
    second = prepare(tmp_path / "demo")
    assert list(second.logs.iterdir()) == []


def test_an_empty_directory_is_taken(tmp_path: Path) -> None:
    """A directory the person made for it is as good as none."""
    assert prepare(tmp_path).logs.is_dir()


def test_somebody_elses_directory_is_left_alone(tmp_path: Path) -> None:
    """Files that no demonstration made are neither deleted nor mixed with."""
    precious = tmp_path / "thesis.txt"
    precious.write_text("years of work", encoding="utf-8")
    with pytest.raises(AtalaiaError, match="no demonstration made"):
        prepare(tmp_path)
    assert precious.read_text(encoding="utf-8") == "years of work"


def test_a_file_is_refused(tmp_path: Path) -> None:
    """A file where a directory is wanted is said to be one."""
    file = tmp_path / "demo"
    file.touch()
    with pytest.raises(AtalaiaError, match="is a file"):
        prepare(file)
