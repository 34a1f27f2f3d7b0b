"""What the library's tests share: a configuration into the test's own directory, gone after it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import logging_lib
from logging_lib.settings import LoggingSettings
from tests.logging_lib.support import Lines, read_lines


@pytest.fixture(autouse=True)
def unconfigured_afterwards() -> Iterator[None]:
    """Leave no configuration behind for the next test."""
    yield
    logging_lib.shutdown()


@pytest.fixture
def configured(tmp_path: Path) -> LoggingSettings:
    """Configure logging into the test's own directory."""
    return logging_lib.configure(service="ti-osn", environment="test", directory=tmp_path / "logs", level="DEBUG")


@pytest.fixture
def lines(configured: LoggingSettings) -> Lines:
    """Return a reader of everything written so far."""
    return lambda: read_lines(configured.directory)
