"""Expressions mean what they mean in Java. Source of the expected values: ``java.util.regex.Pattern``, JDK 21."""

from __future__ import annotations

import re

import pytest

from atalaia.pipeline.agents.syntax import compile_java


@pytest.mark.parametrize("terminator", ["\n", "\r", "\x85", "\u2028", "\u2029"])
def test_line_terminators(terminator: str) -> None:
    r"""``.`` matches no line terminator; ``$`` and ``\Z`` stand before the last one, ``\z`` only at the very end."""
    text = f"ab{terminator}"
    assert compile_java("a.+").findall(text) == ["ab"]
    assert [bool(compile_java(f"b{end}").search(text)) for end in ("$", r"\Z", r"\z")] == [True, True, False]
    assert compile_java(r"[.$]").search("a") is None


def test_a_pair_of_terminators_counts_as_one() -> None:
    """``$`` stands before a carriage return with its line feed, but not before two line feeds."""
    assert compile_java("b$").search("ab\r\n") is not None
    assert compile_java("b$").search("ab\n\n") is None


@pytest.mark.parametrize(("expression", "text"), [(r"^\d$", "٣"), (r"^\w$", "é"), (r"^\s$", "\xa0"), (r"a\b", "aé")])
def test_classes_are_ascii(expression: str, text: str) -> None:
    """Digits, word characters and spaces are those of ASCII."""
    assert (compile_java(expression).search(text) is not None) == (expression == r"a\b")


def test_case_is_ascii() -> None:
    """Only ASCII letters have another case: the Kelvin sign is no k."""
    assert compile_java("k", ignore_case=True).findall("kK\u212a") == ["k", "K"]


@pytest.mark.parametrize("expression", ["[a[b]]", "[a-z&&[^b]]", r"\p{L}", "a)", "(?<n>a)"])
def test_what_only_java_has_is_refused(expression: str) -> None:
    """Classes within classes and the like would mean something else, so they are refused."""
    with pytest.raises(re.error):
        compile_java(expression)


def test_escaped_brackets_in_a_class() -> None:
    """An escaped bracket is no class within a class, and an escaped backslash escapes nothing more."""
    assert compile_java(r"[^\[\]]+").findall("a[b]c") == ["a", "b", "c"]
    with pytest.raises(re.error):
        compile_java(r"[\\[a]]")
