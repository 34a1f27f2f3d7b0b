"""Onigmo expressions mean the same after translation."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.grok.onigmo import compile_expression, translate
from atalaia.pipeline.grok.onigmo_sets import ExpressionError

MATCHES = [
    # expression, text, all that matches; worked out by Onigmo's documentation
    (r"\w+", "aé_1", ["a", "_1"]),
    (r"\d", "٣5", ["5"]),
    (r"\s", "a\u00a0b c", [" "]),
    (r"\h+", "xyzBEEF0", ["BEEF0"]),
    (r"[[:alpha:]]+", "aé1", ["aé"]),
    (r"[[:^alpha:]]", "a1", ["1"]),
    (r"[[[:alnum:]]_]+", "é_1-", ["é_1"]),
    (r"[a-z&&[^aeiou]]+", "hello", ["h", "ll"]),
    (r"\p{^L}", "a1", ["1"]),
    (r"^b", "a\nb", ["b"]),
    (r"^", "a\n", [""]),
    (r"a$", "a\nba", ["a", "a"]),
    (r"\Ab", "a\nb", []),
    (r"a\Z", "a\n", ["a"]),
    (r"a\z", "a\n", []),
    (r"a(?i)b|c", "aB aC C", ["aB", "aC"]),
    (r"(?m:a.b)", "a\nb", ["a\nb"]),
    (r"a.b", "a\nb", []),
    (r"(?x) a b # note", "ab", ["ab"]),
    (r"a{,2}b", "aaab", ["aab"]),
    (r"a{2}?b", "aab b", ["aab", "b"]),
    (r"(?>a+)ab", "aaab", []),
    (r"a++ab", "aaab", []),
    (r"x{y}", "x{y}", ["x{y}"]),
    (r"[]a]+", "]a", ["]a"]),
    (r"[a-]+", "a-b", ["a-"]),
    (r"\x41\u0042", "AB", ["AB"]),
    (r"(?:(?i)é)", "É", ["É"]),
    (r"\R", "\r\n\n", ["\r\n", "\n"]),
    (r"(?<=a)b(?!c)", "ab abc", ["b"]),
]


@pytest.mark.parametrize(("expression", "text", "expected"), MATCHES)
def test_matches(expression: str, text: str, expected: list[str]) -> None:
    """The whole matches are those Onigmo finds."""
    assert [match[0] for match in compile_expression(expression).finditer(text)] == expected


def test_dot_all_is_for_grok() -> None:
    """With ``dot_all`` a dot matches a newline, as in grok."""
    assert compile_expression("a.b", dot_all=True).search("a\nb")


def test_names_may_repeat_and_hold_anything() -> None:
    """Groups keep their names and order; a back reference takes any of the groups of its name."""
    translation = translate(r"(?<a:[b][c]:int>x)|(?<a:[b][c]:int>y)(z)\k<a:[b][c]:int>")
    assert [name for name, _ in translation.groups] == ["a:[b][c]:int", "a:[b][c]:int"]
    found = compile_expression(r"(?:(?<n>x)|(?<n>y))\k<n>").search("xy yy")
    assert found is not None
    assert found.group() == "yy"


def test_plain_groups_do_not_capture_beside_named_ones() -> None:
    """As in Ruby, a numbered reference beside named groups is refused; alone it works."""
    assert compile_expression(r"(a)\1").search("aa")
    with pytest.raises(ExpressionError, match="numbered"):
        translate(r"(?<n>a)(b)\1")


@pytest.mark.parametrize(
    "expression", ["(a", "a)", "[a", "*a", "a\\", "(?~a)", r"\g<n>", r"\k<n>", "(?<1>a)", "[[:no:]]"]
)
def test_what_cannot_be_translated_is_refused(expression: str) -> None:
    """Malformed or unsupported expressions are refused, with the place."""
    with pytest.raises(ExpressionError):
        compile_expression(expression)


@given(st.text())
def test_escaped_text_matches_itself(text: str) -> None:
    """Any text, every character of it escaped that is not a letter or digit, matches just itself."""
    expression = "".join(c if c.isalnum() else f"\\{c}" for c in text)
    found = compile_expression(expression).fullmatch(text)
    assert found is not None


ATOMS = st.sampled_from(["a", "b", "[ab]", "[^a]", "(?:ab|a)", ".", "(a)", "(?=a)", r"\."])
TERMS = st.builds(lambda atom, times: atom + times, ATOMS, st.sampled_from(["", "?", "*", "+", "{1,2}", "*?"]))


@given(st.lists(TERMS, min_size=1, max_size=5), st.text("ab.", max_size=8))
def test_what_both_write_alike_means_the_same(terms: list[str], text: str) -> None:
    """Expressions that Python writes as Onigmo does find the same places."""
    expression = "".join(terms).replace("(?=a)?", "(?=a)").replace("(?=a)*", "(?=a)").replace("(?=a)+", "(?=a)")
    expected = re.search(expression, text)
    found = compile_expression(expression).search(text)
    assert (found and found.span()) == (expected and expected.span())
