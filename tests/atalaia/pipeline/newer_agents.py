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
        *(("real-02-webapp-ecs", number) for number in (38, 159)),  # Java/17.0.9
        *(("real-02-webapp-ecs", number) for number in (40, 78, 81, 150, 165, 188)),  # HTTPie
        *(("real-02-webapp-ecs", number) for number in (44, 46, 77, 98, 116)),  # PostmanRuntime
    },
)
"""Case and number of the event, from 0."""

AGENT_FIELDS: Final = ("ua", "useragent", "user_agent")
"""Where these cases put what was read of an agent; in everything else their events are those of Logstash."""
