"""What the tests of followed files share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from atalaia.pipeline.settings import SettingValue
from tests.atalaia.pipeline.inputs.files.driving import Driver, Receiver


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """Return a directory for log files."""
    path = tmp_path / "logs"
    path.mkdir()
    return path


@pytest.fixture
def follow(logs: Path) -> Iterator[Callable[..., Driver]]:
    """Return what starts an input on that directory; it is ended with the test."""
    started: list[Driver] = []

    def start(*, at_once: bool = True, store: bool = False, **options: SettingValue) -> Driver:
        driver = Driver(logs, Receiver(at_once=at_once), store=store, clock=None, **options)
        started.append(driver)
        return driver

    yield start
    for driver in started:
        driver.watch.close()
