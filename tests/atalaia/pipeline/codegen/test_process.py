"""A pipeline in one go does what its two sections do one after the other, and holds no event afterwards."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.event import Event
from atalaia.pipeline.pipeline import Pipeline, compile_pipeline
from atalaia.pipeline.timestamp import Timestamp
from tests.atalaia.pipeline.delivered import NOW, Delivered
from tests.atalaia.pipeline.fuzzing import Fuzz

SEEDS = 300
CONTEXT = PipelineContext("test", EcsCompatibility.DISABLED, lambda: NOW, Path("/"))
OUTPUT = 'output { if [a] { stdout { codec => json_lines } } else { stdout { codec => line { format => "%{b}" } } } }'


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Keep the warnings of strange events out of the report."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def test_one_go_or_two() -> None:
    """What is printed, what is rejected and every count are the same."""
    compared = 0
    for seed in range(SEEDS):
        section = Fuzz(seed).section()
        if "uuid" in section or "percentage" in section or "UUID" in section:
            continue  # chance decides
        try:
            whole, parts = load(section), load(section)
        except ConfigurationError:
            continue
        compared += 1
        assert in_one(whole, seed) == in_two(parts, seed), section
    assert compared > SEEDS // 6


def in_one(pipeline: Pipeline, seed: int) -> tuple[list[str], int, list[tuple[int, ...]]]:
    """Run events through a pipeline in one go."""
    delivered, rejected, given = Delivered(), list[Event](), events(seed)
    pipeline.process(given, delivered, lambda event, _error: rejected.append(event))
    return delivered.printed, len(rejected), counts(pipeline)


def in_two(pipeline: Pipeline, seed: int) -> tuple[list[str], int, list[tuple[int, ...]]]:
    """Run events through filters, then outputs, each by itself."""
    delivered, rejected = Delivered(), list[Event]()
    for event in events(seed):
        results = pipeline.filter([event], lambda event, _error: rejected.append(event))
        pipeline.output(results, delivered, lambda event, _error: rejected.append(event))
    return delivered.printed, len(rejected), counts(pipeline)


def events(seed: int) -> list[Event]:
    """Return the events of a seed."""
    fuzz = Fuzz(seed)
    return [Event.create(fuzz.fields(), Timestamp.from_datetime(NOW)) for _ in range(20)]


def counts(pipeline: Pipeline) -> list[tuple[int, ...]]:
    """Return every count but those of time."""
    plugins = [(each.events_in, each.events_out, each.dropped, each.failed) for each in pipeline.counters.plugins]
    return [*plugins, *((each.taken,) for each in pipeline.counters.arms)]


def load(section: str) -> Pipeline:
    """Compile a filter section and outputs."""
    return compile_pipeline(parse_configuration(f"{section} {OUTPUT}", "t.conf"), CONTEXT, {})
