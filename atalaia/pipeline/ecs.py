"""Which names of fields plugins use by default."""

from __future__ import annotations

from enum import StrEnum


class EcsCompatibility(StrEnum):
    """Logstash's ``pipeline.ecs_compatibility``; a plugin's own ``ecs_compatibility`` option overrides it.

    ``v1`` is read as ``v8``: Logstash's plugins make no difference between the two.
    """

    DISABLED = "disabled"
    V8 = "v8"

    @classmethod
    def _missing_(cls, value: object) -> EcsCompatibility | None:
        return cls.V8 if value == "v1" else None
