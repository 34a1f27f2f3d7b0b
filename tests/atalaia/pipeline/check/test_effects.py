"""Every plugin says what it does to an event."""

from __future__ import annotations

from atalaia.pipeline.check.effects import inputs, registry
from atalaia.pipeline.filters.registry import FILTERS
from atalaia.pipeline.inputs.registry import INPUTS
from tests.atalaia.pipeline.check.checking import in_filter


def test_every_filter_is_declared() -> None:
    """A filter without a declaration would end all knowledge of an event."""
    assert FILTERS.keys() <= registry.FILTERS.keys()


def test_every_input_is_declared() -> None:
    """So would an input."""
    assert INPUTS.keys() <= inputs.INPUTS.keys()


def test_a_filter_without_options_is_survived() -> None:
    """Whatever is missing in it, declarations and checks go on: only what is missing is told."""
    for name in FILTERS:
        found = [finding.code for finding in in_filter(f"{name} {{ }}")]
        assert set(map(str, found)) <= {"missing-option", "bad-value", "unreachable-statement", "plugin-warning"}, name
