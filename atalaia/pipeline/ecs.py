"""Which names of fields plugins use by default."""

from __future__ import annotations

from enum import StrEnum


class EcsCompatibility(StrEnum):
    """Logstash's ``pipeline.ecs_compatibility``; a plugin's own ``ecs_compatibility`` option overrides it."""

    DISABLED = "disabled"
    V8 = "v8"
