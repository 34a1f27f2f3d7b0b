"""The demonstration's follower."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from atalaia.demo.follow import Follower
from logging_lib.errors import AtalaiaError


def test_it_looks_again_and_a_last_time_on_leaving(tmp_path: Path) -> None:
    """Files that appear while it runs are seen, and so is what was written just before it is left."""
    seen: list[list[str]] = []
    looked = Event()

    def ingest(files: list[Path]) -> None:
        seen.append([file.name for file in files])
        looked.set()

    with Follower(tmp_path, ingest, interval=0.01):
        (tmp_path / "a.ndjson").touch()
        assert looked.wait(timeout=60)
        (tmp_path / "b.ndjson").touch()
    assert seen[0] == ["a.ndjson"]
    assert seen[-1] == ["a.ndjson", "b.ndjson"]


def test_a_failure_is_not_swallowed(tmp_path: Path) -> None:
    """When a look fails, leaving says so."""
    (tmp_path / "a.ndjson").touch()

    def ingest(_files: list[Path]) -> None:
        raise AtalaiaError("the disk is full")

    with pytest.raises(AtalaiaError, match="the disk is full"), Follower(tmp_path, ingest, interval=0.01):
        pass
