"""Any valid configuration is read as what it says, in whatever layout it is written."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from atalaia.pipeline.config.parse import parse_configuration
from tests.atalaia.pipeline.generated_configurations import Generated, configurations, shape


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(configurations())
def test_what_is_written_is_read(generated: Generated) -> None:
    """Sections, plugins, branches, values and conditions come back with every name, type and grouping."""
    assert shape(parse_configuration(generated.text, "f.conf")) == shape(generated.tree)
