"""What the plugins of one pipeline may know when they are built."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from atalaia.pipeline.ecs import EcsCompatibility
from logging_lib.clock import Clock


@dataclass(frozen=True, slots=True)
class PipelineContext:
    """Facts about a pipeline and where it runs.

    Attributes:
        pipeline: The pipeline's id.
        ecs_compatibility: The pipeline's setting.
        clock: The present instant.
        directory: Where relative paths in the configuration start.
        host: The name of this machine, for the fields inputs add.
        support_escapes: Logstash's ``config.support_escapes``: whether a backslash and ``n`` in quotes are a line feed.
    """

    pipeline: str
    ecs_compatibility: EcsCompatibility
    clock: Clock
    directory: Path
    host: str = "localhost"
    support_escapes: bool = False
