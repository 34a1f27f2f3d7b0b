"""The configuration language: what is read, what is refused, and how a refusal reads."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.config.build_settings import build_settings
from atalaia.pipeline.config.conditions import compile_condition
from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.config.tree import Branch, Plugin
from atalaia.pipeline.config.variables import Variables
from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.event import Event
from atalaia.pipeline.settings import Settings, SettingValue
from atalaia.pipeline.values import Value


def plugin(body: str, variables: dict[str, str] | None = None) -> Settings:
    """Return the settings of a filter with these options."""
    (statement,) = parse_configuration(f"filter {{ x {{ {body} }} }}", "f.conf").statements("filter")
    assert isinstance(statement, Plugin)
    return build_settings(statement, Variables(variables or {}))


def value(text: str, variables: dict[str, str] | None = None) -> SettingValue:
    """Return one option's value."""
    return plugin(f"opt => {text}", variables).values["opt"]


def holds(condition: str, **fields: Value) -> bool:
    """Tell whether a condition holds for an event with these fields."""
    (branch,) = parse_configuration(f"filter {{ if {condition} {{ }} }}", "f.conf").statements("filter")
    assert isinstance(branch, Branch)
    assert branch.arms[0].condition is not None
    return compile_condition(branch.arms[0].condition, Variables({}))(Event(dict(fields)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("word", "word"),
        ("true", "true"),
        ("007", 7),
        ("-7.5", -7.5),
        ("5.", 5.0),
        (r'"a\"b"', r"a\"b"),
        (r"'a\'b'", r"a\'b"),
        (r'"\\" => x"', r'\\" => x'),
        ('"# no comment"', "# no comment"),
        ("[]", []),
        ('[ 1, "a", [ word ], { "k" => 2 } ]', [1, "a", ["word"], {"k": 2}]),
        ('{ one => 1 2 => "two" "3" => [3] }', {"one": 1, "2": "two", "3": [3]}),
        ("[ include_me, orders ]", ["include_me", "orders"]),
    ],
)
def test_values(text: str, expected: SettingValue) -> None:
    """Each kind of value is read with its type; a backslash before a quote keeps the text open and stays in it."""
    assert value(text) == expected


@given(st.text(st.characters(exclude_characters='"\\$', exclude_categories=["Cs"])))
def test_any_text_between_quotes_is_itself(text: str) -> None:
    """Line ends, tabs, braces and comments signs in quotes are text."""
    assert value(f'"{text}"') == text


def test_codecs_have_options_of_their_own() -> None:
    """A value with braces is a codec."""
    codec = value('json { target => "[doc]" }')
    assert isinstance(codec, Settings)
    assert (codec.plugin, codec.values) == ("json", {"target": "[doc]"})


def test_options_given_twice_are_joined() -> None:
    """Hashes merge, arrays grow, two different texts become an array."""
    settings = plugin('h => { "a" => 1 } h => { "b" => 2 } l => [1] l => [2, 3] l => 4 t => "x" t => "y" s => 1 s => 1')
    assert settings.values == {"h": {"a": 1, "b": 2}, "l": [1, 2, 3, 4], "t": ["x", "y"], "s": 1}


def test_variables() -> None:
    """A variable, a default, an empty default; what is no placeholder stays."""
    text = '"${A} ${B:b c} ${C:}${1} $D {D}"'
    assert value(text, {"A": "1"}) == "1 b c ${1} $D {D}"


def test_a_missing_variable_is_refused_with_a_remedy() -> None:
    """The message names it and says what to do."""
    with pytest.raises(ConfigurationError, match=r"PATH_TO_LOGS is not set"):
        value('"${PATH_TO_LOGS}"')


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("", "f.conf:1:1", "expected input, filter or output"),
        ("filter { mutate { a => } }", "f.conf:1:24", "found '}'"),
        ('filter { mutate { a => "x }', "f.conf:1:24", "found '\"'"),
        ("filter { if [a] == true { } }", "f.conf:1:20", "expected [, a [field], a number or a quoted text"),
        ("filter {\n\tif [a] {\n\t\tmutate { }\n", "f.conf:3:13", "found the end of the file"),
        ("filter { mutate { a => 1b } }", "f.conf:1:24", "'1b' is no value"),
        ('filter { mutate { a => "1"b => 2 } }', "f.conf:1:27", "white space between two options"),
        ("filter { mutate { a => b } }", "f.conf:1:24", "'b' is no value"),
        ("filter { mutate { a => { b => 1 } } }", "f.conf:1:26", "'b' is no value"),
        ("filter { mutate { a => 9223372036854775808 } }", "f.conf:1:24", "64 bits"),
        ('filter { mutate { a => { "k" => 1 "k" => 2 } } }', "f.conf:1:35", "'k' stands twice"),
        ("filter { if [a] xor [b] and [c] { } }", "f.conf:1:17", "no precedence"),
        ("filter { if ![a] in [b] { } }", "f.conf:1:18", "found 'in'"),
    ],
)
def test_refusals(text: str, place: str, expected: str) -> None:
    """Each names file, line and column, shows the line with a caret, and says what was expected."""
    with pytest.raises(ConfigurationError) as caught:
        parse_configuration(text, "f.conf")
    message = str(caught.value)
    assert message.startswith(f"{place}: ")
    assert expected in message
    assert message.splitlines()[-1].strip() == "^" or message.splitlines()[-2].strip() == "^"


def test_the_caret_stands_below_the_fault() -> None:
    """Tabs before it are kept, so that it lines up in any editor."""
    with pytest.raises(ConfigurationError) as caught:
        parse_configuration("filter {\n\tmutate { ! }\n}", "f.conf")
    assert str(caught.value).splitlines()[1:] == ["  \tmutate { ! }", "  \t         ^"]


@pytest.mark.parametrize(
    ("condition", "fields", "expected"),
    [
        ("[a]", {"a": 0}, True),
        ("[a]", {"a": "false"}, False),
        ("[a] == 1 or [b] == 1 and [c] == 1", {"a": 1}, True),
        ("([a] == 1 or [b] == 1) and [c] == 1", {"a": 1}, False),
        ("[a]and[b]", {"a": 1, "b": 1}, True),
        ("[a] nand [b]", {"a": 1, "b": 1}, False),
        ("[a] xor [b]", {"a": 1}, True),
        ("5 == [a]", {"a": 5}, True),
        ("5 == [a]", {"a": True}, False),
        ("1 == [a]", {"a": True}, False),
        ("5 < [a]", {"a": 5.5}, True),
        ("[a] >= [b]", {"a": "b", "b": "a"}, True),
        ('[a] not in ["x", "y"]', {"a": "z"}, True),
        ('[a] not   in ["x", "y"]', {"a": "x"}, False),
        ('"b" in [a]', {"a": "abc"}, True),
        ('[a] in "abc"', {"a": "b"}, True),
        ("2 in [a]", {"a": [1, 2]}, True),
        ("2 in [a]", {"a": [2.0]}, False),
        (r"[a] =~ /a\/b/", {"a": "xa/bx"}, True),
        ('[a] !~ "^b"', {"a": "ab"}, True),
        ('!("x" in [tags]) and ![d]', {"tags": ["y"]}, True),
        ("[x in y] == 1", {"x in y": 1}, True),
    ],
)
def test_conditions(condition: str, fields: dict[str, Value], expected: bool) -> None:  # noqa: FBT001 - the expected value
    """Conditions hold as the notes on Logstash say."""
    assert holds(condition, **fields) is expected


@given(
    left=st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.0, 1.0, 2.5, "", "1", "a"]),
    right=st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.0, 1.0, 2.5, "", "1", "a"]),
)
def test_equality_never_converts(left: Value, right: Value) -> None:
    """Two fields are equal only when type and value are."""
    assert holds("[a] == [b]", a=left, b=right) is (type(left) is type(right) and left == right)
    assert holds("[a] != [b]", a=left, b=right) is not holds("[a] == [b]", a=left, b=right)


WORDS = st.sampled_from(
    [
        "filter",
        "input",
        "{",
        "}",
        "if",
        "else",
        "[a]",
        "==",
        "=>",
        '"x"',
        "1",
        "in",
        "not in",
        "and",
        "(",
        ")",
        "!",
        ",",
    ]
)


@given(st.lists(WORDS | st.text(max_size=3), max_size=25))
def test_any_text_is_read_or_refused_with_a_place(parts: list[str]) -> None:
    """No text makes the reader fail in any other way."""
    try:
        parse_configuration(" ".join(parts), "f.conf")
    except ConfigurationError as error:
        found = re.match(r"f\.conf:(\d+):(\d+): ", str(error))
        assert found
