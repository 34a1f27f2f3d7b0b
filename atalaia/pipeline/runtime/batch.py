"""What the outputs made of a batch of events, until it is committed."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from analyzers.store.document import Document, JsonValue, Rejection, SourcePosition, WriteResult
from analyzers.store.interface import StoreError
from atalaia.pipeline.dead_letters import FileAppender, Letter, Reasons
from atalaia.pipeline.event import Event
from atalaia.pipeline.file_writing import APPENDED, FileWriting
from atalaia.pipeline.http_client.post import Post, Undeliverable
from atalaia.pipeline.http_client.sender import HttpSender
from atalaia.pipeline.origin import Origin
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.runtime.places import LetterPlaces
from atalaia.pipeline.runtime.shared_store import SharedStore
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value
from logging_lib.clock import Clock

if TYPE_CHECKING:  # a pipeline without the plugin starts sooner
    from atalaia.pipeline.http_client.request import HttpRequest

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


class Stored(NamedTuple):
    """A document on its way to the store, and what its dead letter would need; the event itself is let go."""

    pipeline: str
    plugin_id: str | None
    document: Document
    original: str | None
    origin: Origin | None
    source_id: str | None


class Batch:
    """Takes what outputs deliver and commits it: files first, then requests, then documents and positions in one.

    Args:
        store: Where documents go; ``None`` when no output makes any.
        places: Where dead letters go.
        clock: The present instant.
        stop: Once it is set, requests that fail are not sent again.
    """

    def __init__(
        self,
        store: SharedStore | None,
        places: LetterPlaces,
        clock: Clock,
        stop: threading.Event | None = None,
    ) -> None:
        self.tally = Tally()
        self._store = store
        self._places = places
        self._clock = clock
        self._files = FileAppender(places.routed)
        self._documents: list[Stored] = []
        self._posts: list[Post] = []
        self._sender = HttpSender(stop)
        self._printed: list[str] = []
        self._last: Event | None = None
        self._last_is_letter = False
        self._from_then: Timestamp | None = None

    def store(self, pipeline: str, event: Event, document: Document, plugin_id: str | None = None) -> None:
        """Take a document, and the id of the output that made it; the ``@timestamp`` is compared with the clock."""
        self._documents.append(Stored(pipeline, plugin_id, document, event.original, event.origin, event.source_id))
        self._reached(event, letter=False)
        instant = event.timestamp
        if instant is not None and instant > self._future():
            self.tally.future += 1

    def append(self, event: Event, path: Path, text: str, how: FileWriting = APPENDED) -> None:
        """Take text for a file; below the dead-letter directory it makes the event a dead letter."""
        self._files.add(path, text, how)
        if self._places.routed in path.parents and self._reached(event, letter=True):
            reason = _REASON.get(event)
            self.tally.reasons.add(reason if isinstance(reason, str) else "sent to the dead letters by the pipeline")

    def print(self, text: str) -> None:
        """Take text for standard output."""
        self._printed.append(text)

    def post(self, pipeline: str, event: Event, request: HttpRequest) -> None:
        """Take a request for an HTTP server."""
        self._posts.append(Post(event, request, pipeline))

    def close(self) -> None:
        """Close the connections to HTTP servers."""
        self._sender.close()

    def read(self, count: int) -> None:
        """Count events that were read; those that reach neither store nor dead letters are dropped."""
        self.tally.events += count

    def reject(self, letter: Letter) -> None:
        """Write a dead letter of the executor's own and count it."""
        now = Timestamp.from_datetime(self._clock())
        self._files.add(self._places.own / f"{letter.pipeline}.ndjson", letter.line(now))
        self.tally.dead_lettered += 1
        self.tally.reasons.add(letter.reason)

    def commit(self, positions: Sequence[SourcePosition] = ()) -> None:
        """Make everything durable: dead letters and files, requests, documents with the positions, what is printed.

        A crash between these repeats dead letters and requests, and loses none.

        Raises:
            PipelineError: When a file cannot be written.
            StoppedError: When it is time to stop and a request is not delivered; nothing of the batch is done then.
            StoreError: When the store does not take the documents.
            BrokenPipeError: When nobody reads standard output any more.
        """
        self._files.commit()
        self._send()
        result = self._write(positions)
        self.tally.stored += result.stored
        self.tally.duplicates += result.duplicates
        if result.rejected:
            self._reject_all(result.rejected)
        self._documents.clear()
        self._last = None
        self._from_then = None
        if self._printed:
            sys.stdout.write("".join(self._printed))
            self._printed.clear()
            sys.stdout.flush()

    def discard(self) -> None:
        """Forget everything that was taken since the last commit."""
        self._files.discard()
        self._documents.clear()
        self._posts.clear()
        self._printed.clear()

    def _send(self) -> None:
        refused = self._sender.send(self._posts)
        self._posts.clear()
        if refused:
            self._refuse_all(refused)
            self._files.commit()

    def _refuse_all(self, refused: Sequence[Undeliverable]) -> None:
        for each in refused:
            self.reject(undeliverable_letter(each))

    def _write(self, positions: Sequence[SourcePosition]) -> WriteResult:
        if self._store is not None:
            return self._store.write([each.document for each in self._documents], positions)
        if self._documents:
            raise StoreError("an output makes documents, and there is no store", "name one with --store")
        return WriteResult(0, 0)

    def _reject_all(self, rejections: Sequence[Rejection]) -> None:
        sources = {(each.document.stream, each.document.id): each for each in self._documents}
        for rejection in rejections:
            source = sources[rejection.document.stream, rejection.document.id]
            self.reject(rejected_letter(source, rejection.reason))
        self._files.commit()

    def _future(self) -> Timestamp:
        """Return the instant from which on events lie in the future; asked once a batch."""
        if self._from_then is None:
            self._from_then = Timestamp.from_datetime(self._clock() + _ALLOWED_AHEAD)
        return self._from_then

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


def undeliverable_letter(undeliverable: Undeliverable) -> Letter:
    """Return the dead letter of an event that an HTTP server refused."""
    event, request, pipeline = undeliverable.post
    return Letter(
        pipeline,
        "http",
        undeliverable.reason,
        event.data,
        plugin_id=request.endpoint.plugin_id,
        original=event.original,
        origin=event.origin,
        source_id=event.source_id,
    )


def rejected_letter(stored: Stored, reason: str) -> Letter:
    """Return the dead letter of a document that the store did not take."""
    document = stored.document
    fields = _of_json(dict(document.body))
    return Letter(
        stored.pipeline,
        "elasticsearch",
        reason,
        fields,
        plugin_id=stored.plugin_id,
        original=stored.original,
        origin=stored.origin,
        source_id=stored.source_id,
        document={"_id": document.id, "_index": document.stream, "_source": fields},
    )


def _of_json(value: JsonValue) -> Value:
    if isinstance(value, dict):
        return {name: _of_json(item) for name, item in value.items()}
    return [_of_json(item) for item in value] if isinstance(value, list) else value
