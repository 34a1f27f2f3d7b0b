"""Events that go no further, and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event


class PluginError(EventError):
    """A plugin could not work on an event; in Logstash the pipeline would stop.

    Args:
        plugin: The plugin's Logstash name.
        cause: What it raised.
    """

    def __init__(self, plugin: str, cause: Exception) -> None:
        super().__init__(f"{plugin}: {cause}" if str(cause) else f"{plugin}: {type(cause).__name__}")
        self.plugin = plugin


Reject: TypeAlias = Callable[[Event, PluginError], None]
"""Takes an event that goes no further, and why."""


def raise_rejection(_event: Event, error: PluginError) -> None:
    """Raise what an event was rejected for: for callers that run one event at a time."""
    raise error
