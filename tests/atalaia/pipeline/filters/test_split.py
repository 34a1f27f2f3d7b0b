"""The split filter. Expected parts of texts are those of Ruby's ``split(terminator, -1)``, run on JRuby 10."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.pipeline import compile_pipeline
from atalaia.pipeline.rejection import PluginError
from atalaia.pipeline.ruby_split import ruby_split
from atalaia.pipeline.values import Value
from logging_lib.clock import system_clock
from tests.atalaia.pipeline.filters.running import new_event, run_events, shown

PARTS = [
    (" a b ", " ", ["a", "b", ""]),
    ("   ", " ", [""]),
    ("a ", " ", ["a", ""]),
    ("a\u00a0b\u0000c\u001cd\te\n f", " ", ["a\u00a0b\u0000c\u001cd", "e", "f"]),
    ("abc", "", ["a", "b", "c", ""]),
    ("", "", []),
    ("", "\n", []),
    ("a\n\n", "\n", ["a", "", ""]),
    ("a||b", "||", ["a", "b"]),
    ("aaa", "aa", ["", "a"]),
]


@pytest.mark.parametrize(("text", "separator", "parts"), PARTS)
def test_texts_are_split_as_ruby_splits_them(text: str, separator: str, parts: list[str]) -> None:
    """A single space is any white space, the empty separator every character, and the end keeps its empty parts."""
    assert ruby_split(text, separator) == parts


@given(st.lists(st.text("abc\n"), min_size=2), st.sampled_from([";", "--", "é"]))
def test_each_part_that_is_not_empty_is_an_event(parts: list[str], terminator: str) -> None:
    """What was joined comes apart again, in order, the other fields in every event."""
    event = new_event({"message": terminator.join(parts), "o": 1})
    results = run_events(f'split {{ terminator => "{terminator}" }}', event)
    assert [shown(result) for result in results] == [{"message": part, "o": 1} for part in parts if part]


ARRAYS: list[tuple[str, dict[str, Value], list[dict[str, Value]]]] = [
    (
        'field => "l"',
        {"l": [[], {}, 0, False, None, "", "x"]},
        [{"l": []}, {"l": {}}, {"l": 0}, {"l": False}, {"l": "x"}],
    ),
    ('field => "l" target => "l"', {"l": [1, 2]}, [{"l": 1}, {"l": 2}]),
    ('field => "[a][l]" target => "[b][i]"', {"a": {"l": [1]}}, [{"a": {"l": [1]}, "b": {"i": 1}}]),
    ('field => "tags"', {"tags": ["x", "y"]}, [{"tags": "x"}, {"tags": "y"}]),
    ('field => "l"', {"l": [None, ""]}, []),
    ('field => "m" terminator => " "', {"m": " one"}, [{"m": " one"}]),
    ('field => "m" terminator => " "', {"m": "one "}, [{"m": "one"}]),
    ('field => "m" target => "t" terminator => ","', {"m": "a,b"}, [{"m": "a,b", "t": "a"}, {"m": "a,b", "t": "b"}]),
]


@pytest.mark.parametrize(("options", "fields", "expected"), ARRAYS)
def test_arrays_and_places(options: str, fields: dict[str, Value], expected: list[dict[str, Value]]) -> None:
    """Items of any type but null and the empty text make events; a lone part of a text changes nothing."""
    assert [shown(event) for event in run_events(f"split {{ {options} }}", new_event(fields))] == expected


def test_common_options_are_for_the_parts_only() -> None:
    """An event that is not split, or cannot be, goes on without them."""
    section = 'split { field => "m" terminator => "," add_tag => ["part %{m}"] remove_field => ["o"] }'
    both = run_events(section, new_event({"m": "a,b", "o": 1}))
    assert [shown(event) for event in both] == [{"m": "a", "tags": ["part a"]}, {"m": "b", "tags": ["part b"]}]
    assert [shown(event) for event in run_events(section, new_event({"m": "a", "o": 1}))] == [{"m": "a", "o": 1}]
    (failed,) = run_events(section, new_event({"m": 5}))
    assert shown(failed) == {"m": 5, "tags": ["_split_type_failure"]}


def test_parts_have_ids_of_their_own_that_do_not_change() -> None:
    """Two parts of a line are two documents, and the same two when the line is read again, however deep they nest."""
    section = 'split { field => "m" terminator => ";" } split { field => "m" terminator => "," }'
    first, again = (run_events(section, new_event({"m": "a,b;c"}, "line")) for _ in range(2))
    assert [event.source_id for event in first] == ["line-1-1", "line-1-2", "line-2"]
    assert [event.source_id for event in again] == [event.source_id for event in first]


def test_an_event_that_cannot_take_its_parts_keeps_them() -> None:
    """Nothing can be added below a scalar: the event is rejected, whole."""
    event = new_event({"l": [1, 2], "s": "scalar"})
    with pytest.raises(PluginError, match="split"):
        run_events('split { field => "l" add_field => { "[s][x]" => "y" } }', event)
    assert event.data["l"] == [1, 2]


def test_counts() -> None:
    """One event in, its parts out; one without parts is dropped, one that cannot be split failed."""
    context = PipelineContext("main", EcsCompatibility.DISABLED, system_clock, Path("/"))
    pipeline = compile_pipeline(parse_configuration("filter { split { } }", "test.conf"), context, {})
    pipeline.filter([new_event({"message": "a\nb\nc"}), new_event({"message": ""}), new_event({})])
    (counter,) = pipeline.counters.plugins
    assert (counter.events_in, counter.events_out, counter.dropped, counter.failed) == (3, 4, 1, 1)
