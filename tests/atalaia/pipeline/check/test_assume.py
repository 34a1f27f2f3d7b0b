"""What a condition tells of the events for which it was decided."""

from __future__ import annotations

import pytest

from tests.atalaia.pipeline.check.checking import codes, in_filter

DOC = 'json { source => "message" target => "j" }'
"""Below ``[j]`` anything may be."""


@pytest.mark.parametrize(
    ("condition", "safe"),
    [
        ("[j][n] and [j][n] > 5", True),
        ("[j][n] > 5 and [j][n]", False),
        ("![j][n] or [j][n] > 5", True),
        ("[j][n] or [j][n] > 5", False),
        ("!([j][n] and [j][m]) or [j][n] > 5", True),
        ("([j][n] or [j][m]) and [j][n] > 5", False),
        ("([j][n] == 1 or [j][n] == 2) and [j][n] > 1", True),
        ("[j][n] != 1 and [j][n] > 5", False),
        ("!([j][n] != 1) and [j][n] > 5", True),
        ("[j][n] =~ /x/ and [j][n] > 'a'", True),
        ("[j][n] !~ /x/ and [j][n] > 'a'", False),
        ("[j][n] in ['a', 'b'] and [j][n] > 'a'", True),
        ("[j][n] not in ['a', 'b'] and [j][n] > 'a'", False),
        ("'x' in [j][n] and [j][n] > 'a'", True),
        ("[j][n] nand [j][n] > 5", True),
        ("[j][n] xor [j][n] > 5", False),
    ],
)
def test_what_stands_before_tells_of_what_comes_after(condition: str, safe: bool) -> None:  # noqa: FBT001 - a case
    """An order is safe where the field is known to be there when it is decided."""
    found = in_filter(f"{DOC} if {condition} {{ mutate {{ }} }}")
    assert codes(found) == ([] if safe else ["unordered-comparison"])


@pytest.mark.parametrize(
    ("filters", "safe"),
    [
        ("if [j][n] { if [j][n] > 5 { mutate { } } }", True),
        ("if ![j][n] { mutate { } } else if [j][n] > 5 { mutate { } }", True),
        ("if [j][n] { mutate { } } else if [j][n] > 5 { mutate { } }", False),
        ("if ![j][n] { drop { } } if [j][n] > 5 { mutate { } }", True),
        ("if ![j][n] { mutate { } } if [j][n] > 5 { mutate { } }", False),
        ("if [j][n] { mutate { remove_field => '[j][n]' } } else { drop { } } if [j][m] { mutate { } }", True),
    ],
)
def test_arms_tell_of_what_comes_after(filters: str, safe: bool) -> None:  # noqa: FBT001 - a case
    """Within them, in the arms that follow, and after the branch when the other events were dropped."""
    assert codes(in_filter(f"{DOC} {filters}")) == ([] if safe else ["unordered-comparison"])


def test_a_thing_is_told_once() -> None:
    """Where a field or tag was found to be, it may be: within the arm nothing is said of it again."""
    assert codes(in_filter('if [level] { if [level] == "x" { drop { id => "%{level}" } } }')) == ["unset-field"]
    assert codes(in_filter("if 'x' in [tags] { if 'x' in [tags] { mutate { } } }")) == ["unset-tag"]
