"""Events of the corpus that our newer user-agent expressions read better than those Logstash 9.5.2 carries (0.12.0)."""

from __future__ import annotations

from typing import Final

NEWER_AGENTS: Final = frozenset(
    {
        ("useragent-01-agents-disabled", 12),  # PostmanRuntime is known by name
        ("useragent-01-agents-disabled", 14),  # Java/17.0.9 is version 17.0.9, not 0.9
        ("useragent-01-agents-disabled", 25),  # HTTPie is known by name
        ("useragent-02-agents-v8", 12),
        ("useragent-02-agents-v8", 14),
        ("useragent-02-agents-v8", 25),
        ("real-01-apache-combined", 131),  # Spinn3r is a spider
        ("real-01-apache-combined", 293),
        ("real-02-webapp-ecs", 38),
        ("real-02-webapp-ecs", 40),
        ("real-02-webapp-ecs", 44),
        ("real-02-webapp-ecs", 46),
        ("real-02-webapp-ecs", 77),
        ("real-02-webapp-ecs", 78),
        ("real-02-webapp-ecs", 81),
        ("real-02-webapp-ecs", 98),
        ("real-02-webapp-ecs", 116),
        ("real-02-webapp-ecs", 150),
        ("real-02-webapp-ecs", 159),
        ("real-02-webapp-ecs", 165),
        ("real-02-webapp-ecs", 188),
    },
)
"""Case and number of the event, from 0."""
