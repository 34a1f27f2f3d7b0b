"""Options and texts of kv that the corpus does not show; expected values follow from the documented expressions."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.values import Value
from tests.atalaia.pipeline.corpus import Json
from tests.atalaia.pipeline.filters.running import run_filter


def pairs(options: str, text: Value, **fields: Value) -> dict[str, Json]:
    """Return what kv adds to an event whose ``m`` holds the text."""
    after = run_filter(f'kv {{ source => "m" {options} }}', {"m": text, **fields})
    return {name: value for name, value in after.items() if name != "m" and name not in fields}


KEYS = st.text(string.ascii_letters + string.digits + "_.-", min_size=1, max_size=8)
VALUES = st.text(string.ascii_letters + string.digits + "_.-=é", min_size=1, max_size=8)


@given(st.dictionaries(KEYS, VALUES, max_size=8))
def test_pairs_are_read_back(written: dict[str, str]) -> None:
    """What is joined by blanks and = is taken apart again."""
    text = " ".join(f"{key}={value}" for key, value in written.items())
    assert pairs('target => "t"', text) == ({"t": written} if written else {})


@given(st.dictionaries(KEYS, st.text(st.characters(exclude_characters='"\\', codec="utf-8"), min_size=1), max_size=4))
def test_quoted_values_are_read_back(written: dict[str, str]) -> None:
    """Between quotes stand blanks, separators, brackets and line ends."""
    text = ", ".join(f'{key}="{value}"' for key, value in written.items())
    assert pairs('target => "t" field_split => ", "', text) == ({"t": written} if written else {})


@given(st.lists(st.tuples(KEYS, VALUES), min_size=1, max_size=8))
def test_a_key_that_occurs_again_has_a_list(written: list[tuple[str, str]]) -> None:
    """One value stays a text, several are a list in their order."""
    collected: dict[str, list[str]] = {}
    for key, value in written:
        collected.setdefault(key, []).append(value)
    expected = {key: values[0] if len(values) == 1 else values for key, values in collected.items()}
    assert pairs('target => "t" field_split_pattern => ";;"', ";;".join(f"{k}={v}" for k, v in written)) == {
        "t": expected
    }


TEXTS: list[tuple[str, str, dict[str, Json]]] = [
    # escapes: a backslash takes the next character along, and stays
    ("", r"a=x\ y b=1", {"a": r"x\ y", "b": "1"}),
    ("", r"a\ b=1", {r"a\ b": "1"}),
    ("", r"a\=b=1", {r"a\=b": "1"}),
    ("", r"a='it\'s' b=1", {"a": r"it\'s", "b": "1"}),
    ("", "a=[x\\]y] b=1", {"a": "x\\]y", "b": "1"}),
    # quotes and brackets count only when what they close ends the pair
    ("", 'a="x"y b=1', {"a": '"x"y', "b": "1"}),
    ("", "a=(x y", {"a": "(x"}),
    ("", 'a="" b=1', {"b": "1"}),
    # an expression between pairs may itself begin with a backslash
    (r'field_split_pattern => "\\r\\n"', r"a=1\r\nb=2", {"a": "1", "b": "2"}),
    ('field_split_pattern => "_+" value_split_pattern => ":+"', "a:1_b::2___c:::3", {"a": "1", "b": "2", "c": "3"}),
    ('field_split_pattern => ";;" field_split => ","', "a=1,2;;b=3", {"a": "1,2", "b": "3"}),
    # a group in the separator takes part in the match before the value does, as the documentation warns
    ('value_split_pattern => "(=|:)"', "a=1", {"a": "="}),
    (r'field_split => "\t" value_split => ":"', "a:1 2\tb:3", {"a": "1 2", "b": "3"}),
    # the end of a line ends a pair
    ('field_split => ","', "a=1\nb=2", {"a": "1\nb=2"}),
    ('field_split_pattern => ","', "a=1\nb=2", {"a": "1", "b": "2"}),
    # empty values need strict white space, and to be allowed
    ("whitespace => strict allow_empty_values => true", "a= b='' c=[] d=", {"a": "", "b": "", "c": "", "d": ""}),
    ("whitespace => strict", "a= b=1", {"b": "1"}),
    # duplicates: of a text its parts count, of a list its items
    ("allow_duplicate_values => false", "a=12 a=1 a=3 a=3", {"a": ["12", "3"]}),
    ("allow_duplicate_values => false allow_empty_values => true whitespace => strict", "a=1 a=", {"a": "1"}),
    # trimming is by line; what is trimmed is compared with include_keys, what has the prefix is not
    ('trim_value => "\'"', "a=\"'x'\n'y'\" b=''z''", {"a": "x\ny", "b": "z"}),
    ('trim_key => "-" include_keys => ["a"] prefix => "p_"', "-a-=1 --b=2", {"p_a": "1"}),
    ('remove_char_key => "-" exclude_keys => ["ab"]', "a-b=1 a-c=2", {"ac": "2"}),
    ('transform_key => "lowercase" transform_value => "uppercase"', "ÀB=ß", {"àb": "SS"}),
    ('transform_value => "capitalize"', "a=éCOLE b=ΟΔΟΣ", {"a": "École", "b": "Οδοσ"}),
    # nested pairs
    ("recursive => true", 'a="b=1 c=2" d=e', {"a": {"b": "1", "c": "2"}, "d": "e"}),
    ('recursive => true prefix => "p"', 'a="b=1" a=x', {"pa": [{"pb": "1"}, "x"]}),
    # keys are field references in the root, and names below a target
    ("", "[a][b]=1", {"a": {"b": "1"}}),
    ('target => "t"', "[a][b]=1", {"t": {"[a][b]": "1"}}),
    ('target => "[t][u]"', "a=1", {"t": {"u": {"a": "1"}}}),
    ('target => ""', "a=1", {"a": "1"}),
    # default keys: numbers and lists stay what they are, pairs that are there win
    ('default_keys => { "a" => "x" "n" => 5 "l" => ["u", "v"] }', "a=1", {"a": "1", "n": 5, "l": ["u", "v"]}),
    ('default_keys => ["a", "x"] prefix => "p_"', "a=1", {"a": "x", "p_a": "1"}),
    ('default_keys => { "a" => "%{m}" }', "", {"a": "%{m}"}),
    # the common options are applied when there is a pair, and only then
    ('add_tag => ["%{a}"]', "a=1", {"a": "1", "tags": ["1"]}),
    ('add_tag => ["found"]', "no pair", {}),
    ('default_keys => { "a" => 1 } add_tag => ["found"]', "no pair", {"a": 1, "tags": ["found"]}),
]


@pytest.mark.parametrize(("options", "text", "expected"), TEXTS)
def test_texts(options: str, text: str, expected: dict[str, Json]) -> None:
    """Each option does what its documentation says."""
    assert pairs(options, text) == expected


def test_keys_may_come_from_the_event() -> None:
    """References in include_keys, exclude_keys and prefix are filled in."""
    options = 'include_keys => ["%{k}", "b"] exclude_keys => ["b%{none}", "%{x}"] prefix => "%{k}."'
    assert pairs(options, "a=1 b=2 c=3", k="a", x="b") == {"a.a": "1"}


SOURCES: list[tuple[Value, dict[str, Json]]] = [
    (None, {}),
    ("", {}),
    (5, {}),
    (True, {}),
    ({"a": "b=1"}, {}),
    ([], {}),
    (["a=1", None, "a=2 b=3"], {"a": ["1", "2"], "b": "3"}),
    (["a=1", 5], {"tags": ["_kv_filter_error"]}),
    ([["a=1"]], {"tags": ["_kv_filter_error"]}),
]


@pytest.mark.parametrize(("source", "expected"), SOURCES)
def test_sources(source: Value, expected: dict[str, Json]) -> None:
    """Texts and lists of texts are read; anything else is passed over, or is an error inside a list."""
    assert pairs("", source) == expected


FAILURES: list[tuple[str, str, dict[str, Json]]] = [
    ("", "a=1 b]=2 c=3", {"a": "1", "tags": ["_kv_filter_error"]}),
    ("", "a=1 [a][b]=2", {"a": "1", "tags": ["_kv_filter_error"]}),
    ("", "@timestamp=now", {"tags": ["_kv_filter_error"]}),
    ('tag_on_failure => ["x", "y"] add_tag => ["ok"]', "b]=2", {"tags": ["x", "y"]}),
    ('prefix => "%{[}"', "a=1", {"tags": ["_kv_filter_error"]}),
    ('target => "[m][t]"', "a=1", {"tags": ["_kv_filter_error"]}),
    ('add_field => { "[m][t]" => "x" }', "a=1", {"a": "1", "tags": ["_kv_filter_error"]}),
]


@pytest.mark.parametrize(("options", "text", "expected"), FAILURES)
def test_what_cannot_be_set_tags_the_event(options: str, text: str, expected: dict[str, Json]) -> None:
    """Keys before the one that fails are kept, those after it and the common options are not applied."""
    assert pairs(options, text) == expected


RUNAWAY = "foo==:bar baz" + "=" * 48 + "bingo"


@pytest.mark.parametrize(("option", "tag"), [("", "_kv_filter_timeout"), ('tag_on_timeout => "slow"', "slow")])
def test_a_runaway_expression_is_given_up(option: str, tag: str) -> None:
    """The event keeps what it had and gets the tag, where Onigmo would search for years."""
    options = f'value_split_pattern => "(?:=+=+)+:" timeout_millis => 100 default_keys => {{ "d" => 1 }} {option}'
    assert pairs(options, RUNAWAY) == {"tags": [tag]}


def test_backslashes_without_end_are_given_up() -> None:
    """A quote that is never closed makes every backslash a choice: the time limit holds in the engine itself."""
    assert pairs("timeout_millis => 100", 'a="' + "\\" * 60 + " ") == {"tags": ["_kv_filter_timeout"]}


def test_without_a_limit_or_a_runaway_nothing_is_tagged() -> None:
    """Zero, or less, means no limit; an expression that could run away need not."""
    assert pairs('value_split_pattern => "(?:=+=+)+:" timeout_millis => 0', RUNAWAY) == {"foo": "bar"}
    assert pairs('value_split_pattern => "(?:=+=+)+:" timeout_millis => -1', RUNAWAY) == {"foo": "bar"}
    assert pairs('value_split_pattern => "(?:=+=+)+:" timeout_millis => 5000', "a==:1 b==:2") == {"a": "1", "b": "2"}


@pytest.mark.parametrize("ecs", list(EcsCompatibility))
def test_ecs_changes_nothing(ecs: EcsCompatibility) -> None:
    """With ECS and without it, and with the option of the filter itself, keys go to the root."""
    assert run_filter("kv { }", {"message": "a=1"}, ecs=ecs) == {"message": "a=1", "a": "1"}
    own = 'kv { ecs_compatibility => "v8" enable_metric => false id => "pairs" }'
    assert run_filter(own, {"message": "a=1"}, ecs=ecs) == {"message": "a=1", "a": "1"}


REFUSED = [
    ('value_split => ""', "value_split.*must not be empty"),
    ('value_split_pattern => ""', "value_split_pattern.*must not be empty"),
    ('field_split_pattern => ""', "field_split_pattern.*must not be empty"),
    ('field_split => ""', "field_split'"),
    ('field_split_pattern => "("', "field_split_pattern"),
    ('value_split => "]["', "value_split'"),
    ('trim_value => "b-a"', "trim_value"),
    ('remove_char_key => "["', "remove_char_key"),
    ('transform_key => "title"', "transform_key"),
    ('whitespace => "loose"', "whitespace"),
    ('source => "[m"', "source.*not a field reference"),
    ('target => "t]"', "target.*not a field reference"),
    ('timeout_millis => "soon"', "timeout_millis"),
    ("default_keys => [1]", "default_keys"),
    ('default_keys => { "a" => json { } }', "default_keys"),
    ('trim => "x"', "has no option 'trim'"),
]


@pytest.mark.parametrize(("options", "reason"), REFUSED)
def test_what_cannot_be_honoured_is_refused_at_load(options: str, reason: str) -> None:
    """The refusal names the plugin and the option."""
    with pytest.raises(ConfigurationError, match=rf"kv[\s\S]*{reason}"):
        run_filter(f"kv {{ {options} }}", {})
