"""A hundred thousand made-up inputs crash nothing: configurations are taken or refused, events go on or leave."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.event import Event
from atalaia.pipeline.json_text import write_json
from atalaia.pipeline.pipeline import Pipeline, compile_pipeline
from atalaia.pipeline.timestamp import Timestamp
from tests.atalaia.pipeline.corpus import corpus_root
from tests.atalaia.pipeline.delivered import NOW, Delivered
from tests.atalaia.pipeline.fuzzing import Fuzz

CONFIGURATIONS: Final = 2_000
EVENTS: Final = 100
"""Events for each configuration that is taken."""
MANGLED: Final = 40_000
INPUTS: Final = 100_000
_CODECS: Final = ("json_lines", "rubydebug", "line", "dots")


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Keep the warnings of strange events out of the report."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def test_configurations_and_events() -> None:
    """Configurations of every filter, and events of every shape; nothing but a refusal or a rejection comes of them."""
    taken = inputs = 0
    for seed in range(CONFIGURATIONS):
        fuzz = Fuzz(seed)
        pipeline = load(fuzz.section(), seed)
        inputs += 1
        if pipeline is not None:
            taken += 1
            inputs += run(pipeline, fuzz)
    assert taken > CONFIGURATIONS // 4, "too few configurations are taken, little is tested"
    assert inputs + MANGLED >= INPUTS, "too few inputs"


def test_mangled_texts() -> None:
    """Real configurations with characters lost and put in are taken or refused, with a place inside the text."""
    texts = [file.read_bytes().decode("utf-8") for file in sorted(corpus_root().glob("*/pipeline.conf"))]
    refused = 0
    for seed in range(MANGLED):
        text = Fuzz(seed).mangled(texts[seed % len(texts)])
        refusal = refused_at(text)
        if refusal is not None:
            refused += 1
            assert 1 <= refusal.position.line <= text.count("\n") + 1
            assert refusal.problem
    assert MANGLED // 10 < refused < MANGLED


def refused_at(text: str) -> ConfigurationError | None:
    """Return why a configuration is no such thing."""
    try:
        parse_configuration(text, "fuzz.conf")
    except ConfigurationError as error:
        return error
    return None


def load(section: str, seed: int) -> Pipeline | None:
    """Compile a filter section and an output; ``None`` when it is refused."""
    text = f"{section} output {{ stdout {{ codec => {_CODECS[seed % len(_CODECS)]} }} }}"
    ecs = EcsCompatibility.V8 if seed % 2 else EcsCompatibility.DISABLED
    context = PipelineContext("fuzz", ecs, lambda: NOW, Path("/"))
    try:
        return compile_pipeline(parse_configuration(text, "fuzz.conf"), context, {})
    except ConfigurationError:
        return None


def run(pipeline: Pipeline, fuzz: Fuzz) -> int:
    """Run events through; what comes out can be written. Return how many there were."""
    rejected: list[Event] = []
    given = [Event.create(fuzz.fields(), Timestamp.from_datetime(NOW)) for _ in range(EVENTS)]
    results = pipeline.filter(given, lambda event, _error: rejected.append(event))
    pipeline.output(results, Delivered(), lambda event, _error: rejected.append(event))
    for event in [*results, *rejected]:
        assert write_json(event.data)
    return EVENTS
