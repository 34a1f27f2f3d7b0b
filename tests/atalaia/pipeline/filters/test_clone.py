"""The clone filter, beyond what the corpus shows."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import ConfigurationError
from tests.atalaia.pipeline.filters.running import new_event, run_events, shown

NAMES = st.lists(st.text("abcxyz", min_size=1), max_size=5)


@given(NAMES)
def test_the_original_comes_first_and_unchanged(names: list[str]) -> None:
    """Then a copy for each name, in order, names that repeat included; only copies get the common options."""
    listed = ", ".join(f'"{name}"' for name in names)
    results = run_events(f'clone {{ clones => [{listed}] add_tag => ["copy"] }}', new_event({"n": 1, "tags": "own"}))
    original, *copies = [shown(event) for event in results]
    assert original == {"n": 1, "tags": "own"}
    assert copies == [{"n": 1, "tags": ["own", "copy"], "type": name} for name in names]


def test_its_own_setting_comes_before_the_pipelines() -> None:
    """A tag that is there is not added again, and the type stays."""
    section = 'clone { clones => ["a"] ecs_compatibility => v8 }'
    assert [shown(event) for event in run_events(section, new_event({"type": "t", "tags": ["a"]}))] == [
        {"type": "t", "tags": ["a"]},
        {"type": "t", "tags": ["a"]},
    ]
    section = 'clone { clones => "a" ecs_compatibility => disabled }'
    assert [shown(event) for event in run_events(section, new_event({}), ecs=EcsCompatibility.V8)] == [
        {},
        {"type": "a"},
    ]


def test_a_number_is_a_type_but_no_tag() -> None:
    """A number stays one in ``type``; as a tag it would stop Logstash at the first event."""
    assert [shown(event) for event in run_events("clone { clones => [1, 2.5] }", new_event({}))] == [
        {},
        {"type": 1},
        {"type": 2.5},
    ]
    with pytest.raises(ConfigurationError, match=r"clone: option 'clones': 1 is no tag"):
        run_events("clone { clones => [1] }", ecs=EcsCompatibility.V8)


def test_copies_share_nothing_with_the_original() -> None:
    """What a later filter does to one of them does not show in the other; each has an id of its own."""
    section = 'clone { clones => ["a"] } if [type] == "a" { mutate { replace => { "[o][k]" => "new" } } }'
    results = run_events(section, new_event({"o": {"k": "old"}}, "line"))
    assert {event.source_id: shown(event)["o"] for event in results} == {"line": {"k": "old"}, "line-1": {"k": "new"}}


def test_no_clones_is_a_warning_but_none_written_a_fault(caplog: pytest.LogCaptureFixture) -> None:
    """An empty list copies nothing; the option itself is needed."""
    with caplog.at_level(logging.WARNING):
        assert len(run_events("clone { clones => [] }", new_event({}))) == 1
    assert "clones is empty" in caplog.text
    with pytest.raises(ConfigurationError, match="clone needs the option 'clones'"):
        run_events("clone { }")
