"""The configuration language: what is read, what is refused, and how a refusal reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.config.build_settings import build_settings
from atalaia.pipeline.config.conditions import compile_condition
from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.config.tree import Branch, Plugin
from atalaia.pipeline.config.variables import Variables
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.event import Event
from atalaia.pipeline.pipeline import load_pipeline
from atalaia.pipeline.settings import Flag, Number, PluginOptions, Settings, SettingValue
from atalaia.pipeline.values import Value
from logging_lib.clock import system_clock


def plugin(body: str, variables: dict[str, str] | None = None) -> Settings:
    """Return the settings of a filter with these options."""
    (statement,) = parse_configuration(f"filter {{ x {{ {body} }} }}", "f.conf").statements("filter")
    assert isinstance(statement, Plugin)
    return build_settings(statement, Variables(variables or {}))


class FlagAndNumber(PluginOptions):
    """Options of every kind that a variable's text can be."""

    flag: Flag = False
    number: Number = 0


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
        ("0640", 416),
        ("-010", -8),
        ("010.5", 10.5),
        ("-7.5", -7.5),
        ("5.", 5.0),
        (r'"a\"b"', r"a\"b"),
        (r"'a\'b'", r"a\'b"),
        (r'"\\" => x"', r'\\" => x'),
        ('"# no comment"', "# no comment"),
        ("[]", []),
        ('[ 1, "a", [ word ], { "k" => 2 } ]', [1, "a", ["word"], {"k": 2}]),
        ('{ one => 1 2 => "two" "3" => [3] }', {"one": 1, "2": "two", "3": [3]}),
        ("""{ 'a' => "x""b" => 1'c'=>2 }""", {"a": "x", "b": 1, "c": 2}),
        ("""{ "kk" => 1 kk => 2 'kk' => 3 }""", {"kk": 3}),
        ('{ "a" => "x" # one\r\n "b" => 2 # two\n }', {"a": "x", "b": 2}),
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


def test_hashes_given_twice_merge_deeply() -> None:
    """Values of a name that both have become one array without duplicates, as ``hash_merge`` of Logstash does."""
    first = 'h => { "a" => 1 "b" => [1, 2] "c" => { "x" => 1 } "d" => 5 }'
    second = 'h => { "a" => 2 "b" => [2, 3] "c" => { "y" => 2 } "d" => 5 }'
    settings = plugin(f"{first} {second}")
    assert settings.values == {"h": {"a": [1, 2], "b": [1, 2, 3], "c": {"x": 1, "y": 2}, "d": 5}}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r'"a\"b"', 'a"b'),
        (r"'it\'s'", "it's"),
        (r'"\n\r\t\0"', "\n\r\t\0"),
        (r'"C:\\new"', r"C:\new"),
        (r'"\d+ \x41"', r"\d+ \x41"),
        ('"a\\\nb"', "a\\\nb"),
    ],
)
def test_escapes(written: str, meant: str) -> None:
    """With ``config.support_escapes`` the known escapes are what they say and others stay; without it all stay."""
    text = f"filter {{ x {{ opt => {written} }} }}"
    for escapes, expected in ((True, meant), (False, written[1:-1])):
        (statement,) = parse_configuration(text, "f.conf", escapes=escapes).statements("filter")
        assert isinstance(statement, Plugin)
        assert build_settings(statement, Variables({})).values["opt"] == expected


def test_escapes_hold_in_keys_conditions_and_patterns_in_quotes() -> None:
    """Every quoted text is unescaped but the name of an option; an expression between slashes keeps its backslashes."""
    text = r"""filter { if [a] == "\t" and [b] =~ "\t" and [c] =~ /\t/ { x { "o\t" => { "k\t" => 1 } } } }"""
    (branch,) = parse_configuration(text, "f.conf", escapes=True).statements("filter")
    assert isinstance(branch, Branch)
    (inner,) = branch.arms[0].body
    assert isinstance(inner, Plugin)
    assert build_settings(inner, Variables({})).values == {r"o\t": {"k\t": 1}}
    assert branch.arms[0].condition is not None
    holding = compile_condition(branch.arms[0].condition, Variables({}))
    assert holding(Event({"a": "\t", "b": "x\ty", "c": "x\ty"}))


def test_the_setting_reaches_a_pipeline_from_its_context(tmp_path: Path) -> None:
    """A pipeline's file is read with or without escapes as its context says."""
    file = tmp_path / "f.conf"
    file.write_text(r'filter { mutate { split => { "m" => "\n" } } }', encoding="utf-8")
    for escapes, expected in ((True, ["a", "b"]), (False, ["a\nb"])):
        context = PipelineContext("main", EcsCompatibility.DISABLED, system_clock, tmp_path, support_escapes=escapes)
        (event,) = load_pipeline(file, context, {}).filter([Event({"m": "a\nb"})])
        assert event.data["m"] == expected


@pytest.mark.parametrize("text", ["", "# nothing", "\r\n\t", "input { } filter { } output { }", "filter{}filter{#\n}#"])
def test_sections_may_be_empty_or_absent(text: str) -> None:
    """A file of comments is a configuration, and one that ends in a comment without a line end."""
    configuration = parse_configuration(text, "f.conf")
    assert [*configuration.statements("filter"), *configuration.statements("input")] == []


@pytest.mark.parametrize(
    "text", ["if [a] { } elseif [b] { x { } }", "if[a]{}else if[b]{x{}}", "if [a] { } else#\nif [b] { x { } }"]
)
def test_else_if_needs_no_blank(text: str) -> None:
    """``elseif`` is two words without a blank, as anywhere in this language."""
    (branch,) = parse_configuration(f"filter {{ {text} }}", "f.conf").statements("filter")
    assert isinstance(branch, Branch)
    assert [arm.condition is not None for arm in branch.arms] == [True, True]


@pytest.mark.parametrize("name", ["ifx", "if-x", "elsewhere", "input_x", "5"])
def test_names_that_begin_like_keywords(name: str) -> None:
    """They are plugins."""
    (statement,) = parse_configuration(f"filter {{ {name} {{ }} }}", "f.conf").statements("filter")
    assert isinstance(statement, Plugin)
    assert statement.name == name


def test_variables() -> None:
    """A variable, a default, an empty default; what is no placeholder stays."""
    text = '"${A} ${B:b c} ${C:}${1} $D {D}"'
    assert value(text, {"A": "1"}) == "1 b c ${1} $D {D}"


def test_a_variable_in_a_regular_expression_is_as_written() -> None:
    """Logstash replaces variables in the texts of a condition, not in its expressions."""
    assert holds("[a] =~ /x{2}${HOME}|y/", a="xy")
    assert not holds("[a] =~ /^${UNSET_AND_WITHOUT_DEFAULT}$/", a="")


def test_variables_make_numbers_and_booleans() -> None:
    """Options that are a number or a boolean take the text of a variable."""
    model = FlagAndNumber.model_validate(dict(plugin('flag => "${F}" number => "${N:3.5}"', {"F": "true"}).values))
    assert (model.flag, model.number) == (True, 3.5)


@pytest.mark.parametrize("text", ["007", "1.50", "5.", "1e3", "", " 1", "0x1"])
def test_a_text_is_a_number_only_when_printing_gives_it_back(text: str) -> None:
    """The rule of Logstash's validation of numbers in quotes."""
    with pytest.raises(ValueError, match="expected a number"):
        FlagAndNumber.model_validate({"number": text})


def test_a_missing_variable_is_refused_with_a_remedy() -> None:
    """The message names it and says what to do."""
    with pytest.raises(ConfigurationError, match=r"PATH_TO_LOGS is not set"):
        value('"${PATH_TO_LOGS}"')


@pytest.mark.parametrize(
    ("condition", "fields", "expected"),
    [
        ("[a]", {"a": 0}, True),
        ("[a]", {"a": "false"}, False),
        ("[a] == 1 or [b] == 1 and [c] == 1", {"a": 1}, True),
        ("([a] == 1 or [b] == 1) and [c] == 1", {"a": 1}, False),
        ("[a] and [b] and [c] or [d]", {"d": 1}, False),
        ("[a] and [b] or [d]", {"d": 1}, True),
        ("[d] or [a] and [b] and [c] or [e]", {"e": 1}, False),
        ("[a] and [b] or [c] and [d] or [e]", {"e": 1}, True),
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
