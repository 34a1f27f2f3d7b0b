"""Hand events to the outputs of a pipeline, and note what each of them reaches."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from analyzers.store.document import Document, JsonValue
from atalaia.pipeline.cases.outcome import Letter, Outcome, Reached, Result
from atalaia.pipeline.cases.values import json_object
from atalaia.pipeline.counters import PluginCounter, PluginKind
from atalaia.pipeline.errors import Position
from atalaia.pipeline.event import Event
from atalaia.pipeline.file_writing import APPENDED, FileWriting
from atalaia.pipeline.pipeline import Pipeline
from atalaia.pipeline.rejection import PluginError

if TYPE_CHECKING:  # a pipeline without the plugin starts sooner
    from atalaia.pipeline.http_client.request import HttpRequest

CameOut: TypeAlias = tuple[Event, list[Reached], list[Letter]]
"""An event that came out of the filters, what it reached, and why an output could not take it."""
LETTERS: Final = Path("/dead-letter")
"""What ``ATALAIA_DEAD_LETTER`` is, unless a file of cases says otherwise."""


class Recorder:
    """A delivery that keeps what the outputs make of one event."""

    def __init__(self) -> None:
        self.documents: list[Document] = []
        self.files: list[tuple[Path, str]] = []
        self.printed: list[str] = []
        self.requests: list[HttpRequest] = []

    def store(self, event: Event, document: Document) -> None:
        """Keep a document."""
        del event
        self.documents.append(document)

    def append(self, event: Event, path: Path, text: str, how: FileWriting = APPENDED) -> None:
        """Keep a file's text."""
        del event, how
        self.files.append((path, text))

    def print(self, event: Event, text: str) -> None:
        """Keep what is printed."""
        del event
        self.printed.append(text)

    def post(self, event: Event, request: HttpRequest) -> None:
        """Keep a request."""
        del event
        self.requests.append(request)

    def forward(self, event: Event, address: str) -> None:
        """Keep nothing: that the output was reached is all that counts, the other pipeline is not part of the test."""


class Outputs:
    """The outputs of a compiled pipeline.

    Attributes:
        any: Whether there are any.

    Args:
        pipeline: The pipeline.
        names: Where a plugin stands to its name as written; a counter may be that of a stand-in.
    """

    def __init__(self, pipeline: Pipeline, names: Mapping[Position, str]) -> None:
        self._run = pipeline.output
        self._counters = [each for each in pipeline.counters.plugins if each.kind is PluginKind.OUTPUT]
        self._names = [names[counter.position] for counter in self._counters]
        self.any = bool(self._counters)

    def reach(self, event: Event, letters: list[Letter]) -> list[Reached]:
        """Hand an event over and return the outputs that took it.

        Args:
            event: What came out of the filters.
            letters: The dead letters so far; that of an output that cannot take it is added.
        """
        recorder = Recorder()
        before = [counter.events_out for counter in self._counters]
        self._run([event], recorder, lambda failed, error: letters.append(rejection(failed, error)))
        return [
            _reached(name, counter, recorder)
            for name, counter, count in zip(self._names, self._counters, before, strict=True)
            if counter.events_out > count
        ]


def gather(
    events: Iterable[tuple[Event, list[Reached], list[Letter]]], letters: Sequence[Letter], directory: Path
) -> Outcome:
    """Return what became of a case.

    Args:
        events: What came out of the filters, in order.
        letters: The dead letters before that.
        directory: The dead-letter directory: what the pipeline writes there, and nowhere else, is a dead letter.
    """
    results: list[Result] = []
    gathered = list(letters)
    for event, reached, failures in events:
        gathered += failures
        fields = json_object(event.data)
        if reached and all(_is_below(directory, each) for each in reached):
            gathered.append(Letter("file", _reason(fields), fields))
        elif reached or not failures:
            results.append(Result(fields, json_object(event.metadata), tuple(reached)))
    return Outcome(tuple(results), tuple(gathered))


def _is_below(directory: Path, reached: Reached) -> bool:
    return reached.path is not None and directory in Path(reached.path).parents


def _reached(name: str, counter: PluginCounter, recorder: Recorder) -> Reached:
    """Return what one output did; each kind of output records its own, in the order of the file.

    Args:
        name: The output's name as written; its counter may be that of a stand-in.
        counter: The output's counter.
        recorder: What the outputs did that are not taken from it yet.
    """
    if counter.name == "elasticsearch":
        return Reached(name, counter.id, document=recorder.documents.pop(0))
    if counter.name == "file":
        path, text = recorder.files.pop(0)
        return Reached(name, counter.id, path=str(path), text=text)
    if counter.name == "http":
        return Reached(name, counter.id, text=recorder.requests.pop(0).body.decode("utf-8", "replace"))
    if counter.name == "stdout":
        text = recorder.printed.pop(0)
        return Reached(name, counter.id, text=text if name == counter.name else None)
    return Reached(name, counter.id)


def rejection(event: Event, error: PluginError) -> Letter:
    """Return the dead letter of an event that a plugin could not work on."""
    return Letter(error.plugin, str(error), json_object(event.data))


def _reason(fields: dict[str, JsonValue]) -> str:
    error = fields.get("error")
    reason = error.get("message") if isinstance(error, dict) else None
    return reason if isinstance(reason, str) else json.dumps(reason, ensure_ascii=False)
