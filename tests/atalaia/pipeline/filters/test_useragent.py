"""Options of useragent that the corpus does not show."""

from __future__ import annotations

from pathlib import Path

import pytest

from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import ConfigurationError, EventError
from tests.atalaia.pipeline.filters.running import run_filter

REGEXES = """
user_agent_parsers:
  - regex: '(Atalaia)/(\\d+)\\.(\\d+)'
os_parsers:
  - regex: '(Plan) (9)'
device_parsers:
  - regex: '(Tower)'
"""


def test_other_expressions(tmp_path: Path) -> None:
    """``regexes`` replaces the built-in expressions; its file is found from the pipeline's folder."""
    (tmp_path / "own.yaml").write_text(REGEXES, encoding="utf-8")
    section = 'useragent { source => "a" target => "u" regexes => "own.yaml" lru_cache_size => 1 }'
    assert run_filter(section, {"a": "Atalaia/1.2 (Plan 9; Tower)"}, directory=tmp_path)["u"] == {
        "name": "Atalaia",
        "version": "1.2",
        "major": "1",
        "minor": "2",
        "os": "Plan",
        "os_name": "Plan",
        "os_full": "Plan 9",
        "os_version": "9",
        "os_major": "9",
        "device": "Tower",
    }
    assert run_filter(section, {"a": "curl/8.5.0"}, directory=tmp_path)["u"] == {
        "name": "Other",
        "os": "Other",
        "os_name": "Other",
        "os_full": "Other",
        "device": "Other",
    }


def test_prefix() -> None:
    """Each name gets the prefix."""
    after = run_filter('useragent { source => "a" prefix => "ua_" }', {"a": "curl/8.5.0"})
    assert (after["ua_name"], after["ua_version"], "name" in after) == ("curl", "8.5.0", False)


def test_ecs_keeps_the_parts_of_a_version_in_metadata() -> None:
    """With ECS the numbers of a version go to ``@metadata``."""
    section = (
        'useragent { source => "a" } '
        'mutate { copy => { "[@metadata][filter][user_agent][version][major]" => "major" } }'
    )
    after = run_filter(section, {"a": "curl/8.5.0"}, ecs=EcsCompatibility.V8)
    assert (after["major"], after["user_agent"]) == (
        "8",
        {"name": "curl", "version": "8.5.0", "os": {"name": "Other", "full": "Other"}, "device": {"name": "Other"}},
    )


def test_ecs_passes_the_prefix_over(caplog: pytest.LogCaptureFixture) -> None:
    """With ECS the prefix does not count, and a warning says so, as in Logstash."""
    after = run_filter('useragent { source => "a" prefix => "ua_" }', {"a": "curl/8.5.0"}, ecs=EcsCompatibility.V8)
    assert after["user_agent"] == {
        "name": "curl",
        "version": "8.5.0",
        "os": {"name": "Other", "full": "Other"},
        "device": {"name": "Other"},
    }
    assert "remove prefix" in caplog.text


def test_the_fourth_part_of_a_version_is_found_in_the_agent() -> None:
    """The plugin's own example: the list gives three parts of the browser's version, and the system's by its groups."""
    agent = "MacOutlook/16.24.0.190414 (Intelx64 Mac OS X Version 10.14.4 (Build 18E226))"
    assert run_filter('useragent { source => "a" target => "u" }', {"a": agent})["u"] == {
        "name": "MacOutlook",
        "version": "16.24.0.190414",
        "major": "16",
        "minor": "24",
        "patch": "0",
        "os": "Mac OS X",
        "os_name": "Mac OS X",
        "os_full": "Mac OS X 10.14.4",
        "os_version": "10.14.4",
        "os_major": "10",
        "os_minor": "14",
        "os_patch": "4",
        "device": "Mac",
    }


def test_a_number_stops_the_event() -> None:
    """What stops Logstash's whole pipeline is an error of the one event here."""
    with pytest.raises(EventError, match="not text"):
        run_filter('useragent { source => "a" }', {"a": 5})


@pytest.mark.parametrize("options", ["", 'source => "a" lru_cache_size => 0', 'source => "a" regexes => "no.yaml"'])
def test_what_cannot_be_honoured_is_refused_at_load(options: str) -> None:
    """A missing source, an empty cache and an absent file are refused, naming the plugin."""
    with pytest.raises(ConfigurationError, match="useragent"):
        run_filter(f"useragent {{ {options} }}", {})
