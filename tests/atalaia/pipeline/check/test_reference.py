"""The list of checks in the documentation."""

from __future__ import annotations

from pathlib import Path

from atalaia.pipeline.check.reference import reference
from atalaia.pipeline.check.registry import CHECKS

DOCUMENT = Path(__file__).parents[4] / "docs" / "pipeline-checks.md"


def test_the_document_is_up_to_date() -> None:
    """It is what the registry gives: ``python -m atalaia.pipeline.check.reference > docs/pipeline-checks.md``."""
    assert DOCUMENT.read_text(encoding="utf-8") == reference()


def test_explanations_are_one_sentence() -> None:
    """Each ends in its only full stop."""
    for check in CHECKS.values():
        assert check.explanation.endswith(".")
        assert ". " not in check.explanation
