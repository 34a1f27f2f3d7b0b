"""The report's languages."""

from __future__ import annotations

import pytest

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
