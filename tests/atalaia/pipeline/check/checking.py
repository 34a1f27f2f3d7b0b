"""Look a configuration over."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from atalaia.pipeline.check.finding import Finding
from atalaia.pipeline.check.run import check_parts
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
INPUT = "input { generator { count => 1 } }"
"""An input whose events have ``message`` and nothing a filter could not know of."""
OUTPUT = "output { stdout { } }"


def findings(
    text: str,
    *,
    ecs: EcsCompatibility = EcsCompatibility.DISABLED,
    variables: dict[str, str] | None = None,
    escapes: bool = False,
) -> list[Finding]:
    """Return what is found in a whole configuration."""
    context = PipelineContext("main", ecs, lambda: NOW, Path("/"), support_escapes=escapes)
    return check_parts((("f.conf", text),), context, variables or {})


def in_filter(section: str, *, ecs: EcsCompatibility = EcsCompatibility.DISABLED) -> list[Finding]:
    """Return what is found in a filter section, which stands in line 2, between an input and an output."""
    return findings(f"{INPUT}\nfilter {{ {section} }}\n{OUTPUT}\n", ecs=ecs)


def codes(found: list[Finding]) -> list[str]:
    """Return the codes of findings, in their order."""
    return [str(finding.code) for finding in found]
