"""What an input is given while it runs, and what it hands over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from analyzers.store.document import SourcePosition
from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.event import Event
from atalaia.pipeline.origin import Origin
from atalaia.pipeline.values import Value
from logging_lib.clock import Clock


class StoppedError(PipelineError):
    """The pipeline takes nothing more: it was asked to stop, or it failed."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Something that was read and cannot become an event, or an event that cannot go on.

    Attributes:
        plugin: The plugin or codec that says so, by its Logstash name.
        reason: Why, in words.
        event: What is known of it: the event's fields, or the text in ``message``.
        original: The text as it was read, when it was text.
        source_id: The stable id of where it was read, when there is one.
        origin: Which input read it, when that is known.
    """

    plugin: str
    reason: str
    event: Value
    original: str | None = None
    source_id: str | None = None
    origin: Origin | None = None


def _nothing() -> None:
    """Do nothing: for arrivals nobody waits for."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came in together.

    Attributes:
        events: Decoded events, their origin and the input's common options applied; the pipeline takes the list over.
        dead_letters: What could not be decoded.
        size: About how many bytes it holds in memory; the pipeline bounds the sum of what waits.
        positions: How far sources have been read once this is durable; committed together with the events.
        settled: Called once, from the pipeline's thread, when every event is durable: stored, written, kept as a dead
            letter, or dropped by the pipeline. Must return soon and raise nothing.
    """

    events: list[Event]
    size: int
    dead_letters: tuple[DeadLetter, ...] = ()
    positions: tuple[SourcePosition, ...] = ()
    settled: Callable[[], None] = _nothing


class Emit(Protocol):
    """Hands an arrival to the pipeline."""

    def __call__(self, arrival: Arrival) -> None:
        """Wait until there is room for it, then hand it over.

        Raises:
            StoppedError: When the pipeline takes nothing more; the arrival was not taken.
        """
        ...


class Positions(Protocol):
    """Where reading stopped before, as far as the pipeline's store knows."""

    def position(self, source: str) -> int:
        """Return the offset up to which a source's events are durable; 0 when it is unknown."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What a running input is given.

    Attributes:
        emit: Hands over what was read.
        stop: Set when the input is to end; it returns soon then.
        positions: Where reading stopped before, when the store keeps positions; else ``None``, and the input keeps its
            own below ``data_directory``.
        data_directory: Where the input may keep what must outlive the process (Logstash's ``path.data``).
        clock: The present instant.
    """

    emit: Emit
    stop: threading.Event
    positions: Positions | None
    data_directory: Path
    clock: Clock


Run: TypeAlias = Callable[[Reading], None]
"""Reads until there is nothing more to come, or until ``stop`` is set; called in a thread of its own.

Raises :class:`~atalaia.pipeline.errors.PipelineError` when it cannot go on (a port that is taken); ends at a
:class:`StoppedError` of ``emit`` without raising.
"""
