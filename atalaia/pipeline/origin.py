"""Where an event came in: which pipeline, which input, which line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Origin:
    """The input that read an event.

    Attributes:
        pipeline: The pipeline's id.
        plugin: The input's Logstash name.
        id: The input's id.
        path: The file's absolute path, or the peer's address; empty when there is none.
        number: Which of the events of its line it is, from 0.
    """

    pipeline: str = ""
    plugin: str = ""
    id: str = ""
    path: str = ""
    number: int = 0


NOWHERE: Final = Origin()
"""The origin of what no input read."""
