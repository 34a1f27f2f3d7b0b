"""The truncate filter. Expected texts are counted by hand from the bytes of UTF-8."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.rejection import PluginError
from atalaia.pipeline.values import Value
from tests.atalaia.pipeline.corpus import Json
from tests.atalaia.pipeline.filters.running import run_filter

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS, st.integers(0, 20))
def test_the_longest_start_that_fits_is_left(text: str, length: int) -> None:
    """It is a start of the text, fits, and one more character would not."""
    cut = run_filter(f'truncate {{ fields => ["a"] length_bytes => {length} }}', {"a": text})["a"]
    assert isinstance(cut, str)
    assert text.startswith(cut)
    assert len(cut.encode()) <= length
    assert cut == text or len(text[: len(cut) + 1].encode()) > length


CUT: list[tuple[str, dict[str, Value], dict[str, Json]]] = [
    (
        'fields => "[o]" length_bytes => 1',
        {"o": {"a": {"b": "xy"}, "n": 12}},
        {"o": {"a": {"b": "x"}, "n": 12}, "tags": ["cut"]},
    ),
    (
        'fields => "a" length_bytes => 1',
        {"a": [["xy"], {"k": "xy"}, "xy"]},
        {"a": [["xy"], {"k": "xy"}, "x"], "tags": ["cut"]},
    ),
    ('fields => ["a", "b"] length_bytes => 2', {"a": "xyz", "b": "xy"}, {"a": "xy", "b": "xy", "tags": ["cut"]}),
    ('fields => ["b", "a"] length_bytes => 2', {"a": "xyz", "b": "xyz"}, {"a": "xy", "b": "xy", "tags": ["cut"]}),
    ('fields => "a" length_bytes => 3', {"a": "xyz", "b": "xyz1"}, {"a": "xyz", "b": "xyz1"}),
    ('fields => "a" length_bytes => 0', {"a": "xyz"}, {"a": "", "tags": ["cut"]}),
    ('fields => "a" length_bytes => 1', {"a": "é"}, {"a": "", "tags": ["cut"]}),
    ('fields => "a" length_bytes => "-1"', {"a": ["", 5]}, {"a": [None, 5], "tags": ["cut"]}),
    ('fields => "a" length_bytes => 2.9', {"a": "xyz"}, {"a": "xy", "tags": ["cut"]}),
    ("fields => [] length_bytes => 1", {"a": "xyz"}, {"a": "xyz"}),
    (
        "length_bytes => 2",
        {"a": "xyz", "o": {"p": {"q": "xyz"}}},
        {"a": "xy", "o": {"p": {"q": "xy"}}, "tags": ["cut"]},
    ),
    ("length_bytes => 9", {"a": "xyz", "t": True}, {"a": "xyz", "t": True}),
]


@pytest.mark.parametrize(("options", "fields", "expected"), CUT)
def test_what_is_cut(options: str, fields: dict[str, Value], expected: dict[str, Json]) -> None:
    """Texts in objects and right in arrays, nothing deeper in arrays; the common options follow a cut only."""
    assert run_filter(f'truncate {{ {options} add_tag => "cut" }}', fields) == expected


def test_metadata_is_cut_only_when_it_is_named() -> None:
    """Without ``fields`` it stays."""
    shown = 'mutate { add_field => { "m" => "%{[@metadata][k]}" } }'
    fields: dict[str, Value] = {"@metadata": {"k": "xyz"}}
    assert run_filter(f"truncate {{ length_bytes => 1 }} {shown}", dict(fields))["m"] == "xyz"
    section = f'truncate {{ fields => "[@metadata]" length_bytes => 1 }} {shown}'
    assert run_filter(section, dict(fields))["m"] == "x"


def test_an_object_needs_brackets_around_its_name() -> None:
    """Its members are found by ``name[member]``, which is no reference: Logstash stops there, we reject the event."""
    section = 'truncate { fields => "o" length_bytes => 1 }'
    assert run_filter(section, {"o": {}}) == {"o": {}}
    with pytest.raises(PluginError, match=r"o\[k\]"):
        run_filter(section, {"o": {"k": "xy"}})


def test_the_length_is_needed() -> None:
    """There is no default."""
    with pytest.raises(ConfigurationError, match="truncate needs the option 'length_bytes'"):
        run_filter("truncate { }", {})
