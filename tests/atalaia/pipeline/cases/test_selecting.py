"""What ``-k`` chooses."""

from __future__ import annotations

import pytest

from atalaia.pipeline.cases.selecting import choosing
from atalaia.pipeline.errors import PipelineError

NAMES = ("request.yaml: an offset", "request.yaml: no time at all", "access.yaml: garbage", "access.yaml: android")


@pytest.mark.parametrize(
    ("expression", "chosen"),
    [
        ("request", [0, 1]),
        ("OFFSET", [0]),
        ("request and not offset", [1]),
        ("garbage or offset", [0, 2]),
        ("access and garbage or offset", [0, 2]),
        ("access and (garbage or offset)", [2]),
        ("not not garbage", [2]),
        ("not (request or garbage)", [3]),
        ("'no time'", [1]),
        ('"an offset" or "time at"', [0, 1]),
        ("android", [3]),
        ("NOT request AND NOT garbage", [3]),
        ("nothing", []),
    ],
)
def test_expressions(expression: str, chosen: list[int]) -> None:
    """Words hold when they are part of the name; ``and`` binds more than ``or``, ``not`` the most."""
    holds = choosing(expression)
    assert [number for number, name in enumerate(NAMES) if holds(name)] == chosen


@pytest.mark.parametrize("expression", ["", "and", "a and", "(a", "a b", "not"])
def test_a_broken_expression_is_refused(expression: str) -> None:
    """What is no expression chooses nothing silently."""
    with pytest.raises(PipelineError, match="chooses no cases"):
        choosing(expression)
