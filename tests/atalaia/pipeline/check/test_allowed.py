"""Comments that allow a finding."""

from __future__ import annotations

import pytest

from tests.atalaia.pipeline.check.checking import codes, in_filter

FAULT = "if [level] { drop { } }"


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        (f"{FAULT} # check: allow unset-field: it comes from elsewhere\n", []),
        (f"\n# check: allow unset-field\n{FAULT}\n", []),
        (f"\n  # check: allow unset-field: because\n  # of this\n\n  {FAULT}\n", []),
        (f"\n# check:allow  hash-order , unset-field\n{FAULT}\n", ["useless-allow"]),
        (f"\n# check: allow unset-feld\n{FAULT}\n", ["useless-allow", "unset-field"]),
        (f"\n# check: allow unset-field\n{FAULT}\n{FAULT}\n", ["unset-field"]),
        (f"\n# checked: unset-field is allowed\n{FAULT}\n", ["unset-field"]),
        (f"\n# check: allow unset-field\nmutate {{ }}\n{FAULT}\n", ["useless-allow", "unset-field"]),
    ],
)
def test_a_comment_allows_its_line(section: str, expected: list[str]) -> None:
    """Its own, or the next that is no comment; and only what is found there."""
    assert codes(in_filter(section)) == expected


def test_a_code_that_does_not_exist_is_corrected() -> None:
    """The nearest one is asked for."""
    found = in_filter("# check: allow unset-feild\n")
    assert [each.found.remedy for each in found] == ["did you mean unset-field?"]
