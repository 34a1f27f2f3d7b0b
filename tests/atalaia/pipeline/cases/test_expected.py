"""What passes as expected, and how a difference reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.store.document import JsonValue
from atalaia.pipeline.cases.compiling import compile_value, merged
from atalaia.pipeline.cases.expected import Got, Missing, shown

MISSING = Missing.MISSING
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=2), inner, max_size=3)
    ),
    max_leaves=10,
)


def differences(expected: JsonValue, got: Got, *, exact: bool = False) -> list[tuple[str, str, str]]:
    """Return the places where a value is not as expected."""
    found = compile_value(expected, (), exact=exact).differences(got, "")
    return [(each.at, each.expected, each.got) for each in found]


@pytest.mark.parametrize(
    ("expected", "passing", "failing"),
    [
        ("a", ["a"], ["b", None, MISSING, 1, ["a"]]),
        (1, [1, 1.0], [True, "1", 2, MISSING]),
        (True, [True], [1, False, "true"]),
        (None, [None, MISSING], [0, "", False, {}, []]),
        ({}, [{}, {"a": 1}], [[], "", None, MISSING]),
        ({"a": 1}, [{"a": 1}, {"a": 1, "b": 2}], [{}, {"a": 2}, {"b": 1}, 1, MISSING]),
        ({"a": None}, [{}, {"a": None}, {"b": 1}, MISSING], [{"a": 1}, 5]),
        ([], [[]], [[1], {}, None, MISSING]),
        ([1, {"a": 1}], [[1, {"a": 1, "b": 2}]], [[1], [1, {}], [{"a": 1}, 1], [1, {"a": 1}, 2]]),
        ({"$any": True}, ["", 0, False, [], {}], [None, MISSING]),
        ({"$regex": "^a+$"}, ["a", "aa", "b\n".replace("b", "a")], ["ab", "", 1, None, MISSING, ["a"]]),
        ({"$regex": "b"}, ["abc"], ["ac"]),
        ({"$type": "string"}, ["", "a"], [1, None, MISSING, []]),
        ({"$type": "number"}, [1, 1.5], [True, "1", None]),
        ({"$type": "integer"}, [1], [1.0, True, "1"]),
        ({"$type": "float"}, [1.0], [1, "1.0"]),
        ({"$type": "boolean"}, [True, False], [0, 1, "true"]),
        ({"$type": "timestamp"}, ["2024-01-15T10:30:00.000Z", "2024-01-15T10:30:00+03:00"], ["2024-01-15", "today", 0]),
        ({"$type": "array"}, [[], [1]], [{}, "a"]),
        ({"$type": "object"}, [{}, {"a": 1}], [[], "a"]),
        ({"$type": None}, [None], [MISSING, 0, ""]),
        ({"$type": ["string", "null"]}, ["a", None], [1, MISSING]),
        ({"$near": 0.5, "$within": 0.1}, [0.5, 0.45, 0.55], [0.7, 0.3, "0.5", None, True]),
        ({"$gt": 1}, [2, 1.5], [1, 0, "2", True, None, MISSING]),
        ({"$gte": 1}, [1, 2], [0.5, "1"]),
        ({"$lt": 1}, [0, -1, 0.5], [1, 2, False]),
        ({"$lte": 1}, [1, 0], [1.5]),
        ({"$gte": 0, "$lt": 10}, [0, 9], [10, -1]),
        ({"$instant": "2024-01-15T07:30:00-03:00"}, ["2024-01-15T10:30:00.000Z"], ["2024-01-15T10:30:01Z", "x", 5]),
        ({"$contains": "b"}, ["abc", ["a", "b"]], ["ac", ["a"], {"b": 1}, None, ["abc"]]),
        ({"$contains": {"a": 1}}, [[{"a": 1, "b": 2}]], [[{"a": 2}], "a"]),
        ({"$unordered": [1, 2, 2]}, [[2, 1, 2]], [[1, 2], [1, 1, 2], {}, "122"]),
        ({"$unordered": [{"$any": True}, 1]}, [[1, 2], [2, 1]], [[2, 3]]),
        ({"$length": 2}, ["ab", [1, 2], {"a": 1, "b": 2}], ["a", [], 2]),
        ({"$one_of": ["a", {"$gt": 5}]}, ["a", 6], ["b", 5, None]),
        ({"$not": "a"}, ["b", None, MISSING], ["a"]),
        ({"$not": {"$contains": "secret"}}, ["open", MISSING], ["a secret"]),
        ({"$equals": {"a": {"$any": 1}}}, [{"a": {"$any": 1}}], [{"a": 1}, {"a": {"$any": 1}, "b": 2}]),
        ({"$equals": [1, 2.0]}, [[1.0, 2]], [[1], [1, 2, 3], [True, 2]]),
        ({"$equals": True}, [True], [1]),
    ],
)
def test_what_passes(expected: JsonValue, passing: list[Got], failing: list[Got]) -> None:
    """Each kind of expectation takes what it should and nothing else."""
    assert [got for got in passing if differences(expected, got)] == []
    assert [got for got in failing if not differences(expected, got)] == []


@given(_JSON)
def test_a_value_is_as_itself(value: JsonValue) -> None:
    """Whatever came out passes when it is written down as expected, in part and as a whole."""
    assert differences(value, value) == []
    assert differences(value, value, exact=True) == []


@given(_JSON, _JSON)
def test_nothing_else_is_exactly_equal(value: JsonValue, other: JsonValue) -> None:
    """``$equals`` tells two values apart just when their JSON differs (numbers that are equal aside)."""
    assert (differences({"$equals": value}, other) == []) == (differences({"$equals": other}, value) == [])
    if shown(value) == shown(other):
        assert differences({"$equals": value}, other) == []


def test_differences_name_their_fields() -> None:
    """A difference says where, what was expected and what came out, down to the innermost field."""
    expected: JsonValue = {"a": {"b": [1, {"c": "x"}], "d": None, "e": 1}, "f": [1]}
    got: JsonValue = {"a": {"b": [1, {"c": "y"}], "d": 0}, "f": [1, 2]}
    assert differences(expected, got) == [
        ("[a][b][1][c]", '"x"', '"y"'),
        ("[a][d]", "(absent)", "0"),
        ("[a][e]", "1", "(absent)"),
        ("[f]", "[1] (1 item)", "[1, 2] (2 items)"),
    ]


def test_a_missing_object_is_told_field_by_field() -> None:
    """Nothing where an object is expected: each of its fields is absent; something else there is shown as it is."""
    assert differences({"a": {"b": 1, "c": None}}, {}) == [("[a][b]", "1", "(absent)")]
    assert differences({"a": {"b": 1}}, {"a": "text"}) == [("[a]", '{"b": 1}', '"text"')]


def test_exact_tells_every_other_field() -> None:
    """With ``exact`` a field that is not listed is a difference, also within objects and lists."""
    got: JsonValue = {"a": {"b": 1, "x": 2}, "l": [{"y": 3}], "z": None}
    assert differences({"a": {"b": 1}, "l": [{}]}, got, exact=True) == [
        ("[a][x]", "(absent)", "2"),
        ("[l][0][y]", "(absent)", "3"),
        ("[z]", "(absent)", "null"),
    ]


def test_a_matcher_is_shown_as_written() -> None:
    """What did not match is shown beside the matcher itself."""
    assert differences({"a": {"$regex": "^b"}}, {"a": "c"}) == [("[a]", '{"$regex": "^b"}', '"c"')]


def test_long_objects_are_cut_and_long_texts_are_not() -> None:
    """An object of many fields is cut off with its length; a text is shown whole, so that the difference is seen."""
    assert shown({"a": "x" * 500}) == '{"a": "' + "x" * 393 + "… (509 characters)"
    assert shown("x" * 500) == '"' + "x" * 500 + '"'


def test_defaults_give_way() -> None:
    """Objects merge deeply, the second counts; a matcher is one thing and replaces what is there."""
    assert merged({"a": {"b": 1, "c": 2}, "d": 1}, {"a": {"c": 3}, "d": {"e": 1}}) == {
        "a": {"b": 1, "c": 3},
        "d": {"e": 1},
    }
    assert merged({"a": {"b": 1}}, {"a": {"$any": True}}) == {"a": {"$any": True}}
    assert merged({"a": {"$any": True}}, {"a": {"b": 1}}) == {"a": {"b": 1}}
