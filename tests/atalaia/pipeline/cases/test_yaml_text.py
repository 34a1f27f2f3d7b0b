"""YAML with places: the values of YAML 1.2, keys told apart, anchors, and where everything stands."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.store.document import JsonValue
from atalaia.pipeline.cases.errors import CaseError
from atalaia.pipeline.cases.yaml_text import YamlText

_PRINTABLE = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x2FFF, exclude_categories=("C", "Z")) | st.just(" ")
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _PRINTABLE,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(_PRINTABLE.filter(lambda key: key != "<<"), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(_JSON)
def test_json_is_yaml(value: JsonValue) -> None:
    """Any JSON text reads as what the JSON parser says it is."""
    assert YamlText(json.dumps(value, ensure_ascii=False), "f").value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-01-15T10:30:00Z", "2024-01-15T10:30:00Z"),
        ("2024-01-15", "2024-01-15"),
        ("yes", "yes"),
        ("off", "off"),
        ("10:30", "10:30"),
        ("010.1.1.1", "010.1.1.1"),
        ("1e-05", 0.00001),
        ("0x1F", 31),
        ("0o17", 15),
        (".5", 0.5),
        ("~", None),
        ("", None),
        ("'5'", "5"),
        ("True", True),
        ("9" * 500, "9" * 500),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, value: JsonValue) -> None:
    """Dates and the words of YAML 1.1 stay text; numbers are numbers also with an exponent."""
    read = YamlText(f"a: {text}", "f").value
    assert read == {"a": value}
    assert isinstance(read, dict)
    assert type(read["a"]) is type(value)


def test_anchors_and_merges() -> None:
    """An alias is what it names; ``<<`` brings in keys, the own ones come first, and of several maps the first."""
    text = "base: &b {a: 1, b: 2}\nother: &o {b: 3, c: 4}\nx: {<<: *b, b: 5}\ny: {<<: [*b, *o]}\nz: *b\nq: {'<<': 1}\n"
    value = YamlText(text, "f").value
    assert isinstance(value, dict)
    assert value["x"] == {"a": 1, "b": 5}
    assert value["y"] == {"a": 1, "b": 2, "c": 4}
    assert value["z"] == {"a": 1, "b": 2}
    assert value["q"] == {"<<": 1}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: 1\nb: 2\na: 3\n", "f:3:1: the key 'a' stands twice; remove one of them"),
        (
            "a: !!set {x}\n",
            "f:1:4: the tag tag:yaml.org,2002:set is not supported; write text, a number, a list or a map",
        ),
        ("a: &x [*x]\n", "f:1:4: this holds itself; write it out"),
        ("[1]: 2\n", "f:1:1: a key must be text; put it in quotes"),
        ("a: {<<: 5}\n", "f:1:9: << takes a map, or a list of maps; name an anchor of a map"),
        ("a: [1,\n", "f:2:1: this is no YAML: did not find expected node content"),
        ("a: 1\n--- \nb: 1\n", "f:2:1: this is no YAML: but found another document"),
    ],
)
def test_what_is_refused(text: str, fault: str) -> None:
    """A fault is named with its place."""
    with pytest.raises(CaseError) as caught:
        YamlText(text, "f")
    assert caught.value.faults == (fault,)


def test_places() -> None:
    """A path leads to a value or its key; beyond what is written it leads to the nearest value."""
    text = YamlText("a:\n  - x: 1\n  - y: {z: 2}\n", "f")
    assert str(text.place(("a", 1, "y", "z"))) == "f:3:12"
    assert str(text.place(("a", 1, "y", "z"), of_key=True)) == "f:3:9"
    assert str(text.place(("a", 1, "nothing", "more"))) == "f:3:5"
    assert str(text.place(("a", 7))) == "f:2:3"
    assert str(YamlText("", "f").place(("a",))) == "f:1:1"
