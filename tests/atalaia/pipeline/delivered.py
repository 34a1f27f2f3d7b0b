"""Hand an event to outputs and keep what they make of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from analyzers.store.document import Document
from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.event import Event
from atalaia.pipeline.file_writing import APPENDED, FileWriting
from atalaia.pipeline.http_client.request import HttpRequest
from atalaia.pipeline.pipeline import Pipeline, compile_pipeline
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
CONTEXT = PipelineContext("test", EcsCompatibility.V8, lambda: NOW, Path("/work"), "box")


class Delivered:
    """A delivery that keeps everything."""

    def __init__(self) -> None:
        self.documents: list[Document] = []
        self.files: list[tuple[str, str]] = []
        self.printed: list[str] = []

    def store(self, event: Event, document: Document) -> None:
        """Keep a document."""
        del event
        self.documents.append(document)

    def append(self, event: Event, path: Path, text: str, how: FileWriting = APPENDED) -> None:
        """Keep a file's text."""
        del event, how
        self.files.append((str(path), text))

    def post(self, event: Event, request: HttpRequest) -> None:
        """Refuse: no output here sends."""
        raise AssertionError(f"{event} was sent as {request}")

    def forward(self, event: Event, address: str) -> None:
        """Refuse: no other pipeline listens here."""
        raise AssertionError(f"{event} was sent to {address}")

    def print(self, event: Event, text: str) -> None:
        """Keep what is printed."""
        del event
        self.printed.append(text)


def compiled(text: str) -> Pipeline:
    """Compile a configuration."""
    return compile_pipeline(parse_configuration(text, "t.conf"), CONTEXT, {})


def output(outputs: str, **fields: Value) -> Delivered:
    """Hand one event to outputs."""
    delivered = Delivered()
    event = Event.create(dict(fields), Timestamp.from_datetime(NOW), "line-id")
    compiled(f"output {{ {outputs} }}").output([event], delivered)
    return delivered
