"""What the outputs made of a batch of events, until it is committed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from analyzers.store.document import Document, JsonValue, SourcePosition, WriteResult
from analyzers.store.interface import KeepsPositions, Store
from atalaia.pipeline.dead_letters import FileAppender, Reasons, dead_letter_line
from atalaia.pipeline.event import Event
from atalaia.pipeline.file_writing import APPENDED, FileWriting
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value
from logging_lib.clock import Clock

_ALLOWED_AHEAD: Final = timedelta(minutes=5)
"""Clocks differ; an event further ahead than this is reported."""
_REASON: Final = FieldReference.parse("[error][message]")


@dataclass(slots=True)
class Tally:
    """What became of the events that were committed.

    Attributes:
        events: Events read.
        stored: Documents that are new in the store.
        duplicates: Documents the store had already.
        dead_lettered: Events that are kept as dead letters.
        future: Documents ahead of the clock.
        reasons: Why events became dead letters.
    """

    events: int = 0
    stored: int = 0
    duplicates: int = 0
    dead_lettered: int = 0
    future: int = 0
    reasons: Reasons = field(default_factory=Reasons)

    @property
    def dropped(self) -> int:
        """Events that went neither to the store nor to a dead letter; meant between two batches."""
        return max(0, self.events - self.stored - self.duplicates - self.dead_lettered)


class Batch:
    """Takes what outputs deliver and commits it: files first, then documents and positions in one.

    Args:
        store: Where documents go.
        pipeline: The pipeline's name, for dead letters.
        own_letters: The file for dead letters the executor writes itself.
        routed_letters: The directory; what the pipeline's own file outputs write below it are dead letters.
        clock: The present instant.
    """

    def __init__(self, store: Store, pipeline: str, own_letters: Path, routed_letters: Path, clock: Clock) -> None:
        self.tally = Tally()
        self._store = store
        self._pipeline = pipeline
        self._own_letters = own_letters
        self._routed_letters = routed_letters
        self._clock = clock
        self._files = FileAppender()
        self._documents: list[Document] = []
        self._printed: list[str] = []
        self._last: Event | None = None
        self._last_is_letter = False

    def store(self, event: Event, document: Document) -> None:
        """Take a document; the event's ``@timestamp`` is compared with the clock."""
        self._documents.append(document)
        self._reached(event, letter=False)
        instant = event.timestamp
        if instant is not None and instant > Timestamp.from_datetime(self._clock() + _ALLOWED_AHEAD):
            self.tally.future += 1

    def append(self, event: Event, path: Path, text: str, how: FileWriting = APPENDED) -> None:
        """Take text for a file; below the dead-letter directory it makes the event a dead letter."""
        self._files.add(path, text, how)
        if self._routed_letters in path.parents and self._reached(event, letter=True):
            reason = _REASON.get(event)
            self.tally.reasons.add(reason if isinstance(reason, str) else "sent to the dead letters by the pipeline")

    def print(self, event: Event, text: str) -> None:
        """Take text for standard output."""
        del event
        self._printed.append(text)

    def read(self, count: int) -> None:
        """Count events that were read; those that reach neither store nor dead letters are dropped."""
        self.tally.events += count

    def _reached(self, event: Event, *, letter: bool) -> bool:
        """Count an event once, whatever the number of outputs it reaches; outputs take one event after the other."""
        if event is self._last:
            if self._last_is_letter and not letter:
                self.tally.dead_lettered -= 1
                self._last_is_letter = False
            return False
        self._last, self._last_is_letter = event, letter
        self.tally.dead_lettered += letter
        return True

    def reject(self, plugin: str, reason: str, event: Value) -> None:
        """Write a dead letter of the executor's own and count it."""
        now = Timestamp.from_datetime(self._clock())
        self._files.add(self._own_letters, dead_letter_line(now, self._pipeline, plugin, reason, event))
        self.tally.dead_lettered += 1
        self.tally.reasons.add(reason)

    def commit(self, positions: Sequence[SourcePosition]) -> None:
        """Make everything durable: dead letters and files, then documents together with the positions.

        A crash between the two repeats dead letters, and loses none.
        """
        self._files.commit()
        result = self._write(positions)
        self._documents.clear()
        self.tally.stored += result.stored
        self.tally.duplicates += result.duplicates
        for rejection in result.rejected:
            self.reject("elasticsearch", rejection.reason, _value(rejection.document))
        self._files.commit()
        sys.stdout.write("".join(self._printed))
        self._printed.clear()

    def _write(self, positions: Sequence[SourcePosition]) -> WriteResult:
        if isinstance(self._store, KeepsPositions):
            return self._store.append_from(self._documents, positions)
        return self._store.append(self._documents) if self._documents else WriteResult(0, 0)


def _value(document: Document) -> Value:
    """Return a document as it is shown in a dead letter."""
    return {"_id": document.id, "_index": document.stream, "_source": _of_json(dict(document.body))}


def _of_json(value: JsonValue) -> Value:
    if isinstance(value, dict):
        return {name: _of_json(item) for name, item in value.items()}
    return [_of_json(item) for item in value] if isinstance(value, list) else value
