"""Read and run the cases of the Logstash corpus: configurations, events, and what Logstash 9.5.2 printed for them."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from analyzers.store.document import Document
from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.event import Event
from atalaia.pipeline.file_writing import APPENDED, FileWriting
from atalaia.pipeline.http_client.request import HttpRequest
from atalaia.pipeline.pipeline import Pipeline, compile_pipeline
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.timestamp import Timestamp
from logging_lib.clock import system_clock

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

_CHECKOUT = Path(__file__).parents[3]
_INPUT = "input { stdin { ecs_compatibility => disabled codec => json_lines { ecs_compatibility => disabled } } }\n"
_OUTPUT = "\noutput { stdout { codec => json_lines } }\n"


@dataclass(frozen=True, slots=True)
class Case:
    """One folder of the corpus.

    Attributes:
        folder: Where it is.
        ecs: The pipeline's ECS compatibility.
        refused: Whether Logstash refuses the configuration.
        ignore: References of fields that differ between any two runs.
        variables: The environment of the case.
    """

    folder: Path
    ecs: EcsCompatibility
    refused: bool
    ignore: tuple[str, ...]
    variables: dict[str, str]

    def __str__(self) -> str:
        return self.folder.name

    @property
    def expected(self) -> list[dict[str, Json]]:
        """What Logstash printed."""
        lines = (self.folder / "expected.ndjson").read_text(encoding="utf-8").split("\n")
        return [json.loads(line) for line in lines if line]


class Printed:
    """A delivery that keeps what is printed."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def store(self, event: Event, document: Document) -> None:
        """Refuse: the corpus stores nothing."""
        raise AssertionError(f"{event} was stored as {document}")

    def append(self, event: Event, path: Path, text: str, how: FileWriting = APPENDED) -> None:
        """Refuse: the corpus writes no file."""
        raise AssertionError(f"{event} was written to {path} ({how}): {text}")

    def post(self, event: Event, request: HttpRequest) -> None:
        """Refuse: the corpus sends nothing."""
        raise AssertionError(f"{event} was sent as {request}")

    def forward(self, event: Event, address: str) -> None:
        """Refuse: no other pipeline listens here."""
        raise AssertionError(f"{event} was sent to {address}")

    def print(self, event: Event, text: str) -> None:
        """Keep a printed event."""
        del event
        self.lines.append(text)


def corpus_root() -> Path:
    """Return the corpus: below ``ATALAIA_SHARED``, or beside the checkout."""
    return Path(os.environ.get("ATALAIA_SHARED", _CHECKOUT.parent / "shared")) / "logstash-corpus"


def read_cases() -> list[Case]:
    """Return every case, in the order of their names; none when the corpus is absent."""
    return [_read_case(file.parent) for file in sorted(corpus_root().glob("*/case.json"))]


def _read_case(folder: Path) -> Case:
    case = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    environment = {name: str(corpus_root() / path) for name, path in case.get("env", {}).items()}
    ecs = EcsCompatibility(case["ecs_compatibility"])
    return Case(folder, ecs, case.get("refused", False), tuple(case["ignore"]), environment)


def load(case: Case) -> Pipeline:
    """Compile the case's configuration; its variables are the only ones set."""
    text = (case.folder / "pipeline.conf").read_bytes().decode("utf-8")
    context = PipelineContext("main", case.ecs, system_clock, case.folder)
    file = str(case.folder / "pipeline.conf")
    parse_configuration(text, file)  # alone first, so that positions in messages are those of the file
    return compile_pipeline(parse_configuration(_INPUT + text + _OUTPUT, file), context, case.variables)


def run(case: Case) -> list[dict[str, Json]]:
    """Return what our executor prints for the case's events."""
    printed = Printed()
    pipeline = load(case)
    decoder = pipeline.inputs[0].codec.decoder()
    for line in (case.folder / "input.ndjson").read_bytes().split(b"\n")[:-1]:
        for event in decoder.decode(line, Timestamp.from_datetime(system_clock())):
            pipeline.output(pipeline.filter([event]), printed)
    return [json.loads(line) for line in printed.lines]


def without(fields: dict[str, Json], ignore: tuple[str, ...]) -> dict[str, Json]:
    """Return printed fields without those of the references."""
    event = Event(json.loads(json.dumps(fields)))
    for text in ignore:
        FieldReference.parse(text).remove(event)
    return json.loads(json.dumps(event.data))  # type: ignore[no-any-return]  # JSON again, no longer an event's values


def alike(left: Json, right: Json) -> bool:
    """Compare as the corpus says: numbers as numbers, a boolean is none, lists in order, objects in any."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(alike(left[name], right[name]) for name in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(alike, left, right))
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return left == right
