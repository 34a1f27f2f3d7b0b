"""Rows of comma separated values; expected ones by hand, and by Python's own writer."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.translate.ruby_csv import read_rows

ROWS = [
    ("", []),
    ("a,b", [["a", "b"]]),
    ("a,b\n", [["a", "b"]]),
    ("\n", [[None]]),
    ('a,\n,""\n', [["a", None], [None, ""]]),
    ("a,", [["a", None]]),
    ('"x ""y""",2\r\n\r\nz\r\n', [['x "y"', "2"], [None], ["z"]]),
    ('"two\nlines",b\nc', [["two\nlines", "b"], ["c"]]),
    (" a , b ", [[" a ", " b "]]),
    ("a\rb", [["a"], ["b"]]),
]


@pytest.mark.parametrize(("text", "rows"), ROWS)
def test_rows(text: str, rows: list[list[str | None]]) -> None:
    """An empty field is null, an empty text in quotes is none; blanks belong to the field."""
    assert list(read_rows(text)) == rows


@pytest.mark.parametrize("text", ['a"b,c', '"a"b,c', 'ok\n"open,x', "a\nb\rc", "a\r\nb\nc"])
def test_what_is_malformed(text: str) -> None:
    """A quote out of place, one that is not closed, a line end unlike the first."""
    with pytest.raises(ValueError, match=r"line [12]: a quote"):
        list(read_rows(text))


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8"), max_size=6), min_size=2, max_size=3), max_size=5))
def test_what_python_writes_is_read_back(rows: list[list[str]]) -> None:
    """Every field in quotes comes back as it was."""
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([["first", ""], *rows])
    assert list(read_rows(written.getvalue())) == [["first", ""], *rows]
