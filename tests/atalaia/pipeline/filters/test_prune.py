"""The prune filter. Expected answers are worked by hand from its documentation and source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.rejection import PluginError
from atalaia.pipeline.values import Value
from tests.atalaia.pipeline.corpus import Json
from tests.atalaia.pipeline.filters.running import new_event, run_events, run_filter, shown

NAMES = st.sets(st.text("abc", min_size=1, max_size=3))


@given(NAMES)
def test_white_and_black_are_opposites(names: set[str]) -> None:
    """What one list keeps the other takes away, and nothing is in neither."""
    fields: dict[str, Value] = dict.fromkeys(names, 1)
    white = run_filter('prune { whitelist_names => "^a|c$" blacklist_names => [] }', fields)
    black = run_filter('prune { blacklist_names => "^a|c$" }', fields)
    assert white.keys() | black.keys() == names
    assert not white.keys() & black.keys()
    assert all(name.startswith("a") or name.endswith("c") for name in white)


PRUNED: list[tuple[str, dict[str, Value], dict[str, Json]]] = [
    ('whitelist_names => ["a", "B"]', {"xay": 1, "b": 2, "%{a}": 3}, {"xay": 1}),
    ('whitelist_names => ["(?i)A|q", "b"]', {"a": 1, "B": 2, "b": 3}, {"a": 1, "b": 3}),
    ('whitelist_names => "^keep$" add_tag => "t"', {"keep": 1, "tags": ["gone"]}, {"keep": 1, "tags": ["t"]}),
    ('blacklist_names => ["(a)b", "(x)\\1"]', {"xx": 1, "ab": 2}, {"xx": 1}),
    ('blacklist_names => ["(x)\\1", "zz"]', {"xx": 1, "x": 2}, {"x": 2}),
    ("blacklist_names => []", {"%{a}": 1}, {"%{a}": 1}),
    ('blacklist_names => ["%{n}"]', {"n": "x", "%{n}": 1, "x": 2}, {"n": "x", "x": 2}),
    ('interpolate => true blacklist_names => ["^%{n}$"]', {"n": "x", "x": 1, "xx": 2}, {"n": "x", "xx": 2}),
    ('interpolate => true whitelist_names => ["%{n}", "n"]', {"n": "[xy]", "y": 1, "z": 2}, {"n": "[xy]", "y": 1}),
    ('whitelist_values => { "m" => "^GET$" }', {"m": "GET", "o": 1}, {"m": "GET", "o": 1}),
    ('whitelist_values => ["m", "^GET$"]', {"m": "POST\nGET", "o": 1}, {"m": "POST\nGET", "o": 1}),
    ('whitelist_values => { "m" => "GET" }', {"m": "get", "o": 1}, {"o": 1}),
    ('whitelist_values => { "m" => "a" }', {"m": []}, {"m": []}),
    ('whitelist_values => { "m" => "a" }', {"m": ["b", "b"]}, {}),
    ('whitelist_values => { "m" => "a" }', {"m": None, "n": "b"}, {"m": None, "n": "b"}),
    ('whitelist_values => { "m" => "a" }', {"m": False}, {"m": False}),
    ('whitelist_values => { "[o][m]" => "a" }', {"o": {"m": "b"}}, {"o": {"m": "b"}}),
    ('blacklist_values => { "tags" => "^t$" }', {"tags": ["t", "u", "t"]}, {"tags": ["u"]}),
    (
        'interpolate => true blacklist_values => { "%{f}" => "^%{v}" }',
        {"f": "m", "v": "x", "m": "xy"},
        {"f": "m", "v": "x"},
    ),
    ('interpolate => true blacklist_values => { "m" => 404 }', {"m": "404"}, {}),
    (
        'whitelist_values => { "m" => "^.$" } blacklist_values => { "m" => "a" }',
        {"m": ["a", "b", "cc"]},
        {"m": ["b", "cc"]},
    ),
]


@pytest.mark.parametrize(("options", "fields", "expected"), PRUNED)
def test_what_goes(options: str, fields: dict[str, Value], expected: dict[str, Json]) -> None:
    """The version and the time are fields like any other; of two rules on one array the last one counts."""
    assert run_filter(f"prune {{ {options} }}", fields) == expected


def test_version_and_time_go_too() -> None:
    """Nothing is spared that the list does not name."""
    section = (
        'prune { whitelist_names => ["^a$"] } mutate { add_field => { "v" => "%{@version}" "t" => "%{@timestamp}" } }'
    )
    assert run_filter(section, {"a": 1}) == {"a": 1, "v": "%{@version}", "t": "%{@timestamp}"}


REJECTED: list[tuple[str, dict[str, Value]]] = [
    ('whitelist_values => { "m" => "a" }', {"m": 5}),
    ('blacklist_values => { "m" => "a" }', {"m": ["a", 5]}),
    ('blacklist_names => "m" blacklist_values => { "m" => "a" }', {"m": ["a", "b"]}),
    ('interpolate => true blacklist_names => "%{m}"', {"m": "("}),
]


@pytest.mark.parametrize(("options", "fields"), REJECTED)
def test_what_stops_logstash_rejects_the_event(options: str, fields: dict[str, Value]) -> None:
    """A value that is no text, an array that is gone already, a field that is no expression; nothing is taken away."""
    event = new_event(fields)
    with pytest.raises(PluginError, match="prune"):
        run_events(f"prune {{ {options} }}", event)
    assert shown(event) == fields


REFUSED = [
    ('whitelist_names => "("', "whitelist_names"),
    ('blacklist_values => { "m" => "[" }', "blacklist_values"),
    ("blacklist_names => [5]", "a number is no expression"),
    ('whitelist_values => { "m" => 404 }', "a number is no expression"),
    ('whitelist_values => { "m" => ["a", "b"] }', "expected texts or numbers"),
]


@pytest.mark.parametrize(("options", "reason"), REFUSED)
def test_what_is_no_expression_is_refused_at_load(options: str, reason: str) -> None:
    """The message names the option."""
    with pytest.raises(ConfigurationError, match=rf"prune: option '\w+'[\s\S]*{reason}|{reason}"):
        run_filter(f"prune {{ {options} }}", {})
