"""What counts as a difference between a shipped and an installed template, and what does not."""

from __future__ import annotations

import pytest

from analyzers.store.elastic.answers import JsonObject
from analyzers.store.elastic.differences import differences
from analyzers.store.elastic.facts import template_facts

_SHIPPED: JsonObject = {
    "index_patterns": ["logs-a-*"],
    "priority": 200,
    "data_stream": {},
    "composed_of": ["x", "y"],
    "template": {
        "settings": {"index": {"mapping": {"coerce": False}, "number_of_shards": 1}},
        "mappings": {
            "dynamic": False,
            "properties": {
                "http": {"properties": {"route": {"type": "keyword", "ignore_above": 1024}}},
                "n": {"type": "short"},
            },
        },
        "lifecycle": {"data_retention": "30d"},
    },
    "version": 1,
}


def found(**changes: JsonObject) -> list[str]:
    """Return the differences when parts of the template are changed, as lines."""
    body = {**_SHIPPED, **{key: value for key, value in changes.items() if key != "template"}}
    inner = changes.get("template", {})
    body["template"] = {**_SHIPPED["template"], **inner}  # type: ignore[dict-item] # an object, as it stands above
    return [f"{each.change}: {each}" for each in differences(template_facts(_SHIPPED), template_facts(body))]


@pytest.mark.parametrize(
    "changes",
    [
        {"data_stream": {"hidden": False, "allow_custom_routing": False}},
        {"_meta": {"managed_by": "someone"}, "created_date_millis": 5, "deprecated": False},
        {"priority": "200"},
        {"template": {"settings": {"mapping.coerce": "false", "index.number_of_shards": "1"}}},
        {"template": {"lifecycle": {"data_retention": "30d", "enabled": True, "effective_retention": "30d"}}},
        {
            "template": {
                "mappings": {
                    "dynamic": "false",
                    "_data_stream_timestamp": {"enabled": True},
                    "properties": {
                        "n": {"type": "short", "index": True, "doc_values": True},
                        "http": {
                            "type": "object",
                            "properties": {"route": {"ignore_above": "1024", "type": "keyword"}},
                        },
                    },
                },
            },
        },
    ],
)
def test_what_the_server_adds_or_writes_otherwise_is_equal(changes: dict[str, JsonObject]) -> None:
    """Defaults, text for numbers and booleans, dotted for nested, another order: no difference."""
    assert found(**changes) == []


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({"priority": 150}, ["changed: template priority is 150, shipped is 200"]),
        ({"composed_of": ["y", "x"]}, ['changed: template composed_of is ["y", "x"], shipped is ["x", "y"]']),
        ({"data_stream": {"hidden": True}}, ["extra: template data_stream.hidden is not ours (there: true)"]),
        (
            {"template": {"settings": {"index.mapping.coerce": "true", "refresh_interval": "5s"}}},
            [
                "changed: setting index.mapping.coerce is true, shipped is false",
                "missing: setting index.number_of_shards is missing (shipped: 1)",
                "extra: setting index.refresh_interval is not ours (there: 5s)",
            ],
        ),
        (
            {"template": {"lifecycle": {"data_retention": "90d", "enabled": False}}},
            [
                "changed: lifecycle data_retention is 90d, shipped is 30d",
                "extra: lifecycle enabled is not ours (there: false)",
            ],
        ),
        (
            {
                "template": {
                    "mappings": {
                        "dynamic": True,
                        "properties": {
                            "http": {"properties": {"route": {"type": "keyword", "ignore_above": 99}}},
                            "n": {"type": "long"},
                            "new": {"type": "keyword", "ignore_above": 5},
                        },
                    },
                },
            },
            [
                "changed: field http.route ignore_above is 99, shipped is 1024",
                "changed: field n type is long, shipped is short",
                "extra: field new is not ours (there: keyword, ignore_above 5)",
                "changed: mapping dynamic is true, shipped is false",
            ],
        ),
        (
            {"template": {"mappings": {"dynamic": False, "properties": {"n": {"type": "short"}}}}},
            ["missing: field http.route is missing (shipped: keyword, ignore_above 1024)"],
        ),
    ],
)
def test_each_change_is_told_by_its_name(changes: dict[str, JsonObject], lines: list[str]) -> None:
    """Fields, parameters, settings, the lifecycle and the template itself, each added, removed or changed."""
    assert found(**changes) == lines
