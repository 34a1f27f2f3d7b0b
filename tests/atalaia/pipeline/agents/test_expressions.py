"""The built-in list is Logstash's, and other files are read or refused."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from atalaia.pipeline.agents.expressions import BUILT_IN, built_in, read_expressions
from atalaia.pipeline.agents.hints import NO_HINT, hints
from atalaia.pipeline.agents.syntax import compile_java
from tests.atalaia.pipeline.agents.convert import converted, plugin_text

ALL = [expression for entries in built_in() for expression in entries]


def test_the_built_in_list_is_made_from_the_original() -> None:
    """The shipped file is what the converter makes of uap-core's, whose SHA-1 the plugin's build names."""
    assert BUILT_IN.read_bytes() == converted(), "run: make agents"


def test_the_built_in_list_is_whole() -> None:
    """Every expression of the three lists is there, in its order, and compiles."""
    original = yaml.load(plugin_text(), yaml.CSafeLoader)
    assert [each.text for each in ALL] == [entry["regex"] for entries in original.values() for entry in entries]
    assert len([compile_java(each.text, ignore_case=each.ignore_case) for each in ALL]) == 336 + 174 + 619


@settings(deadline=None)
@given(st.data())
def test_hints_hide_no_match(data: st.DataObject) -> None:
    """Whatever an expression matches contains one of its hints."""
    expression = data.draw(st.sampled_from(ALL))
    pattern = compile_java(expression.text, ignore_case=expression.ignore_case)
    agent = data.draw(st.from_regex(pattern)).lower()
    assert any(hint in agent for hint in expression.hints)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (r"Argus/(\d+)", ("argus/",)),
        (r"(Foo|Barbaz) v", ("barbaz", "foo")),
        (r"a\.bc?d", ("a.b",)),
        (r"abcd{2}ef", ("abcd",)),
        (r"abc(?:def)?", ("abc",)),
        (r"abc(?:defg)+", ("defg",)),
        (r"[Ss]crape", ("scrape",)),
        (r"Mozilla.*GSA", ("gsa",)),
        (r"\x41\x42\x43", NO_HINT),
        (r"abc|\d", NO_HINT),
        (r"(?=abcd)\w", NO_HINT),
        (r"(?!abcd)\w", NO_HINT),
        (r"(?x)a b c d", NO_HINT),
        (r"[abc]{3}", NO_HINT),
    ],
)
def test_hints(expression: str, expected: tuple[str, ...]) -> None:
    """Of what must occur, the texts that fewest agents contain are chosen; what may be absent is none of them."""
    assert hints(expression) == expected


@pytest.mark.parametrize(
    "text",
    [
        "user_agent_parsers: []",
        "user_agent_parsers: [{family_replacement: a}]\nos_parsers: []\ndevice_parsers: []",
        "user_agent_parsers: [{regex: '(a'}]\nos_parsers: []\ndevice_parsers: []",
        "user_agent_parsers: []\nos_parsers: [{regex: a, os_v1_replacement: 1}]\ndevice_parsers: []",
        "user_agent_parsers: [{regex: '\\p{L}'}]\nos_parsers: []\ndevice_parsers: []",
        "- a",
    ],
)
def test_what_is_not_of_the_format_is_refused(text: str) -> None:
    """A missing list, a missing or malformed expression, a number for a text: nothing is passed over."""
    with pytest.raises(ValueError, match=r"regex|expression|valid"):
        read_expressions(text)
