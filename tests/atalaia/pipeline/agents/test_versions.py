"""Versions are put together as Logstash's plugin does; expected values by hand from its documented cases."""

from __future__ import annotations

import pytest

from atalaia.pipeline.agents.tell import Parts
from atalaia.pipeline.agents.versions import browser_version, system_version


@pytest.mark.parametrize(
    ("agent", "parts", "expected"),
    [
        ("A/1.2.3.4", (None, "2", "3", None), None),
        ("A/1.2.3.4 b", ("1", None, "3", None), "1"),
        ("A/1.2.3.4 b", ("1", "2", None, None), "1.2"),
        ("A/1.2.3.4 b", ("1", "2", "3", "4"), "1.2.3.4"),
        ("MacOutlook/16.24.0.190414 (Intelx64)", ("16", "24", "0", None), "16.24.0.190414"),
        ("A/1.2.3.4", ("1", "2", "3", None), "1.2.3"),  # no space follows
        ("A/1.2.3.04 b", ("1", "2", "3", None), "1.2.3"),  # not as a number is written
        ("A/1.2.3.4b c", ("1", "2", "3", None), "1.2.3"),
        ("A/1.2.3-4 b", ("1", "2", "3", None), "1.2.3"),
        ("A/1_2_3.4 b", ("1", "2", "3", None), "1.2.3"),  # the version is not written with points
    ],
)
def test_browsers(agent: str, parts: Parts, expected: str | None) -> None:
    """Parts count up to the first missing one; a fourth one is looked for in the agent."""
    assert browser_version(agent, parts) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((None, "1", None, None), None),
        (("Vista", None, None, None), "Vista"),
        (("10", "15", "7", None), "10.15.7"),
        (("10", "15", "7", "1"), "10.15.7.1"),
        (("NT", "4", "0", None), "NT 4.0"),
        (("08", "1", None, None), "08 1"),
        (("10", None, "7", None), "10"),
    ],
)
def test_systems(parts: Parts, expected: str | None) -> None:
    """A point stands after a major version that is a number, a space after any other."""
    assert system_version(parts) == expected
