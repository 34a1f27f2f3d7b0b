"""No configuration makes the checks fail."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from tests.atalaia.pipeline.check.checking import findings
from tests.atalaia.pipeline.generated_configurations import Generated, configurations, real_filters


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(configurations(real_filters()) | configurations())
def test_any_configuration_can_be_looked_over(generated: Generated) -> None:
    """Every finding has a place in the text; a configuration that is read has no fault of syntax."""
    lines = generated.text.split("\n")
    for finding in findings(generated.text):
        position = finding.found.position
        assert finding.code != "syntax"
        assert 1 <= position.line <= len(lines)
        assert 1 <= position.column <= len(lines[position.line - 1]) + 1
