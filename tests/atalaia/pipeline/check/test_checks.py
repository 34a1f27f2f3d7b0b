"""Every check finds its fault at its place, and nothing in what is nearly the same."""

from __future__ import annotations

import pytest

from atalaia.pipeline.check.registry import CHECKS
from tests.atalaia.pipeline.check.checking import codes, findings
from tests.atalaia.pipeline.check.examples import Example, read_examples

EXAMPLES = read_examples()


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_the_fault_is_found(example: Example) -> None:
    """At its line and column, with words, and nothing else is found beside it."""
    found = findings(example.text, ecs=example.ecs)
    assert codes(found) == [example.code]
    position = found[0].found.position
    assert (position.line, position.column) == example.place
    assert found[0].found.problem
    assert found[0].severity is CHECKS[example.code].severity


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_the_near_miss_is_clean(example: Example) -> None:
    """Nothing at all is found in it."""
    assert findings(example.near, ecs=example.ecs) == []


def test_every_check_has_an_example() -> None:
    """No check goes untested."""
    assert {example.code for example in EXAMPLES} == set(map(str, CHECKS))
