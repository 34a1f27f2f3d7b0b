"""The codecs that only write: rubydebug and dots. Expected layouts are worked by hand from amazing_print's rules."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.event import Event
from atalaia.pipeline.pipeline import compile_pipeline
from atalaia.pipeline.values import Value
from tests.atalaia.pipeline.codecs.coding import NOW, codec

NESTED = """{
             "a" => {
        "long" => [
            [0] 1,
            [1] "x"
        ],
           "e" => {},
           "l" => []
    },
             "n" => nil,
             "t" => true,
             "f" => 1.0e+20,
             "s" => "\\"q\\"\\n\\#{x} é\\u007F",
    "@timestamp" => 2026-03-14T09:26:53.589Z
}
"""


def test_rubydebug_lays_out_like_amazing_print() -> None:
    """Names aligned at their right, lists numbered, instants bare, texts and floats as Ruby inspects them."""
    inner: Value = {"long": [1, "x"], "e": {}, "l": []}
    event = Event({"a": inner, "n": None, "t": True, "f": 1e20, "s": '"q"\n#{x} é\x7f', "@timestamp": NOW})
    assert codec("rubydebug").encode(event) == NESTED


def test_rubydebug_aligns_the_numbers_of_long_lists() -> None:
    """Ten items and more have numbers of two digits; objects and lists in lists are indented by four."""
    items: list[Value] = [{"k": 1}, ["v"], *range(2, 10), 10.5]
    numbered = "".join(f"        [{number:>2}] {number},\n" for number in range(2, 10))
    expected = f"""{{
    "l" => [
        [ 0] {{
            "k" => 1
        }},
        [ 1] [
            [0] "v"
        ],
{numbered}        [10] 10.5
    ]
}}
"""
    assert codec("rubydebug").encode(Event({"l": items})) == expected


def test_rubydebug_shows_metadata_when_asked_and_when_there_is_any() -> None:
    """It comes last, and an empty one is not shown."""
    shown = codec("rubydebug { metadata => true }").encode
    assert (
        shown(Event({"a": 1}, {"k": 1}))
        == '{\n            "a" => 1,\n    "@metadata" => {\n        "k" => 1\n    }\n}\n'
    )
    assert shown(Event({"a": 1})) == '{\n    "a" => 1\n}\n'
    assert codec("rubydebug").encode(Event({"a": 1}, {"k": 1})) == '{\n    "a" => 1\n}\n'
    assert shown(Event({})) == "{}\n"


@given(st.dictionaries(st.text("abé", min_size=1, max_size=4), st.integers(), min_size=1))
def test_rubydebug_aligns_every_name(fields: dict[str, Value]) -> None:
    """The arrows of one object stand in one column, four after the longest name's start."""
    lines = codec("rubydebug").encode(Event(fields)).splitlines()[1:-1]
    assert len(lines) == len(fields)
    assert {line.index(" => ") for line in lines} == {4 + 2 + max(map(len, fields))}


def test_dots_writes_a_dot() -> None:
    """For every event, and no line end."""
    assert codec("dots").encode(Event({"a": 1})) == "."


@pytest.mark.parametrize("name", ["rubydebug", "dots"])
def test_an_input_refuses_them(name: str) -> None:
    """Logstash raises at the first line; the refusal comes at load and has its place."""
    context = PipelineContext("main", EcsCompatibility.V8, lambda: datetime.now(UTC), Path("/"))
    with pytest.raises(ConfigurationError, match=rf"t.conf:1:17: stdin: option 'codec': {name} only writes events"):
        compile_pipeline(parse_configuration(f"input {{ stdin {{ codec => {name} }} }}", "t.conf"), context, {})


@pytest.mark.parametrize("name", ["rubydebug", "dots"])
def test_they_have_no_charset(name: str) -> None:
    """Nor any other option of codecs that read."""
    with pytest.raises(ConfigurationError, match=f"{name} has no option 'charset'"):
        codec(f'{name} {{ charset => "UTF-8" }}')
