"""The receivers in the document on shipping load as they stand."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.pipeline import compile_pipeline
from tests.atalaia.pipeline.inputs.certificates import make_certificates

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "ship.md"
EXAMPLES = re.findall(r"^```logstash\n(.*?)^```$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_receivers_load(example: str, tmp_path: Path) -> None:
    """Each configuration in the document is taken, its certificates put in their places."""
    make_certificates(tmp_path)
    (tmp_path / "receiver.pem").write_bytes((tmp_path / "server.pem").read_bytes())
    (tmp_path / "receiver.key").write_bytes((tmp_path / "plain.key").read_bytes())
    placed = example.replace("/etc/atalaia", str(tmp_path))
    context = PipelineContext("docs", EcsCompatibility.V8, lambda: datetime.now(tz=UTC), Path("/"))
    pipeline = compile_pipeline(parse_configuration(placed, "example.conf"), context, {})
    assert all(source.run is not None for source in pipeline.inputs)


def test_there_are_receivers() -> None:
    """One over HTTP and one over TCP."""
    assert len(EXAMPLES) == 2
