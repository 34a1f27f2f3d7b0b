"""The examples in the document on network plugins load as they stand."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.pipeline import compile_pipeline

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "pipelines-network.md"
EXAMPLES = re.findall(r"^```logstash\n(.*?)^```$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_load(example: str) -> None:
    """Each configuration in the document is taken."""
    context = PipelineContext("docs", EcsCompatibility.V8, lambda: datetime.now(tz=UTC), Path("/"))
    pipeline = compile_pipeline(parse_configuration(example, "example.conf"), context, {})
    assert all(source.run is not None for source in pipeline.inputs)


def test_there_are_examples() -> None:
    """One for each plugin."""
    assert len(EXAMPLES) == 3
