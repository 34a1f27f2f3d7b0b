"""A browser for the module, and the report in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from analyzers.language import Language, language_of
from tests.analyzers.reports.rendering.report_data import ZONE


@pytest.fixture(scope="session")
def english() -> Language:
    """English, on São Paulo's clock."""
    return language_of("en", ZONE)


@pytest.fixture(scope="session")
def portuguese() -> Language:
    """Portuguese, on São Paulo's clock."""
    return language_of("pt_BR", ZONE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield started
        started.close()
