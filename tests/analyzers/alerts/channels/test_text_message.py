"""The length of text messages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.alerts.channels.text_message import fit, fits, places


@pytest.mark.parametrize(
    ("text", "taken"),
    [("abc", 3), ("[5 €]", 8), ("ж", 1), ("📟", 2), ("a" * 159 + "é", 160), ("ção", 3)],
)
def test_places(text: str, taken: int) -> None:
    """By 3GPP TS 23.038: ``[``, ``]`` and the euro take two; ã is not in the alphabet, so UTF-16 counts."""
    assert places(text) == taken


@pytest.mark.parametrize(
    ("text", "segments", "fitting"),
    [
        ("a" * 160, 1, True),
        ("a" * 161, 1, False),
        ("a" * 306, 2, True),
        ("a" * 307, 2, False),
        ("ж" * 70, 1, True),
        ("ж" * 71, 1, False),
        ("ж" * 134, 2, True),
        ("ж" * 135, 2, False),
    ],
)
def test_what_fits(text: str, segments: int, fitting: bool) -> None:  # noqa: FBT001  # a case
    """160 and 70 alone, 153 and 67 in each of several."""
    assert fits(text, segments) is fitting


def test_typographic_signs_do_not_halve_the_room() -> None:
    """An ellipsis or a dash alone would make it a UTF-16 message of 70."""
    assert fit("a" * 100 + "… “quoted” \N{EN DASH} 2", 1) == "a" * 100 + '... "quoted" - 2'


PLAIN = st.text(st.characters(exclude_characters="…“”\u2018\u2019\u2013\u2014\u00a0"), max_size=2000)


@given(PLAIN, st.integers(1, 10))
def test_every_text_fits_and_says_what_is_missing(text: str, segments: int) -> None:
    """A cut text is the beginning of the whole, and its end counts exactly what is missing."""
    fitted = fit(text, segments)
    assert fits(fitted, segments)
    if fitted != text:
        cut = re.search(r"\.\.\. \(\+(\d+) chars\)$", fitted)
        assert cut is not None
        assert fitted[: cut.start()] == text[: -int(cut[1])].rstrip()
