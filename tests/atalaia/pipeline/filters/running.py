"""Run a filter section on one event, or on several."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.event import Event
from atalaia.pipeline.json_text import plain_json
from atalaia.pipeline.pipeline import compile_pipeline
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value
from tests.atalaia.pipeline.corpus import Json

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
_NOT_IN_RESULT = ("@timestamp", "@version")


class RunningFilter:
    """A filter section that runs on one event after another, at a time that the test sets.

    Args:
        section: What stands in ``filter { … }``.
        ecs: The pipeline's setting.
        directory: Where relative paths start.

    Attributes:
        now: The present instant.
    """

    def __init__(
        self,
        section: str,
        *,
        ecs: EcsCompatibility = EcsCompatibility.DISABLED,
        now: datetime = NOW,
        directory: Path = Path("/"),
    ) -> None:
        self.now = now
        context = PipelineContext("main", ecs, lambda: self.now, directory)
        configuration = parse_configuration(f"filter {{ {section} }}", "test.conf")
        self.pipeline = compile_pipeline(configuration, context, {})

    def run(self, fields: dict[str, Value]) -> dict[str, Json]:
        """Return an event's fields after the section, without its version; its time only if it changed."""
        event = Event.create(dict(fields), Timestamp.from_datetime(self.now))
        (after,) = self.pipeline.filter([event])
        return shown(after, self.now)


def run_filter(
    section: str,
    fields: dict[str, Value],
    *,
    ecs: EcsCompatibility = EcsCompatibility.DISABLED,
    now: datetime = NOW,
    directory: Path = Path("/"),
) -> dict[str, Json]:
    """Return one event's fields after ``filter { section }``; see :class:`RunningFilter`."""
    return RunningFilter(section, ecs=ecs, now=now, directory=directory).run(fields)


def run_events(section: str, *events: Event, ecs: EcsCompatibility = EcsCompatibility.DISABLED) -> list[Event]:
    """Return the events that come out of ``filter { section }``."""
    return RunningFilter(section, ecs=ecs).pipeline.filter(list(events))


def new_event(fields: dict[str, Value], source_id: str | None = None) -> Event:
    """Return an event that was read at :data:`NOW`."""
    return Event.create(dict(fields), Timestamp.from_datetime(NOW), source_id)


def shown(event: Event, now: datetime = NOW) -> dict[str, Json]:
    """Return an event's fields without its version, and without its time where that is ``now``."""
    left_out = _NOT_IN_RESULT if event.timestamp == Timestamp.from_datetime(now) else _NOT_IN_RESULT[1:]
    return {name: plain_json(value) for name, value in event.data.items() if name not in left_out}
