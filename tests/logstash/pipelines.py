"""Run a shipped pipeline on lines, with a delivery that keeps what the outputs produce."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from analyzers.store.document import Document, JsonValue
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.event import Event
from atalaia.pipeline.file_writing import APPENDED, FileWriting
from atalaia.pipeline.http_client.request import HttpRequest
from atalaia.pipeline.pipeline import Pipeline, load_pipeline
from atalaia.pipeline.timestamp import Timestamp

LOGSTASH = Path(__file__).parents[2] / "logstash"
NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)


class Kept:
    """A delivery that keeps documents and dead letters."""

    def __init__(self) -> None:
        self.documents: list[Document] = []
        self.letters: list[tuple[Path, dict[str, JsonValue]]] = []

    def store(self, event: Event, document: Document) -> None:
        """Keep a document."""
        del event
        self.documents.append(document)

    def append(self, event: Event, path: Path, text: str, how: FileWriting = APPENDED) -> None:
        """Keep a dead letter, one JSON object on a line of its own."""
        del event
        assert how == APPENDED
        assert text.endswith("\n")
        self.letters.append((path, json.loads(text)))

    def post(self, event: Event, request: HttpRequest) -> None:
        """Refuse: these pipelines send nothing."""
        raise AssertionError(f"{event} was sent as {request}")

    def forward(self, event: Event, address: str) -> None:
        """Refuse: no other pipeline listens here."""
        raise AssertionError(f"{event} was sent to {address}")

    def print(self, event: Event, text: str) -> None:
        """Refuse: these pipelines print nothing."""
        raise AssertionError(f"{event} was printed: {text}")


@cache
def _loaded(name: str, variables: tuple[tuple[str, str], ...]) -> Pipeline:
    """Return a compiled pipeline."""
    context = PipelineContext(name, EcsCompatibility.V8, lambda: NOW, LOGSTASH / "pipeline")
    return load_pipeline(LOGSTASH / "pipeline" / name, context, dict(variables))


def run_pipeline(name: str, lines: Iterable[str], variables: Mapping[str, str]) -> Kept:
    """Return what becomes of lines in ``logstash/pipeline/<name>``."""
    pipeline, kept = _loaded(name, tuple(variables.items())), Kept()
    (source,) = pipeline.inputs
    decoder = source.codec.decoder()
    for line in lines:
        for event in decoder.decode(line.encode(), Timestamp.from_datetime(NOW)):
            source.finish(event, "/var/log/test")
            pipeline.output(pipeline.filter([event]), kept)
    return kept
