"""A batch of letters that are sent again: knows which letter failed, and writes no new letters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analyzers.store.document import Document, Rejection, SourcePosition
from atalaia.pipeline.dead_letters import Letter
from atalaia.pipeline.event import Event
from atalaia.pipeline.file_writing import APPENDED, FileWriting
from atalaia.pipeline.http_client.post import Undeliverable
from atalaia.pipeline.letters.reading import KeptLetter
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.runtime.batch import Batch
from atalaia.pipeline.runtime.places import LetterPlaces
from atalaia.pipeline.runtime.shared_store import SharedStore
from logging_lib.clock import Clock

if TYPE_CHECKING:  # a pipeline without the plugin starts sooner
    from atalaia.pipeline.http_client.request import HttpRequest

_REASON: Final = FieldReference.parse("[error][message]")


class ReplayBatch(Batch):
    """Takes what outputs make of letters, one letter after the other.

    Args:
        store: Where documents go; ``None`` when there are none.
        places: Where dead letters are.
        clock: The present instant.
        dry: Whether nothing is written at all.
    """

    def __init__(self, store: SharedStore | None, places: LetterPlaces, clock: Clock, *, dry: bool) -> None:
        super().__init__(store, places, clock)
        self._dry = dry
        self._directories = (places.routed, places.own.absolute())
        self._current: KeptLetter | None = None
        self._owners: dict[tuple[str, str], KeptLetter] = {}
        self._senders: dict[int, KeptLetter] = {}
        self.failures: dict[tuple[Path, int], str] = {}
        """File and offset of each letter that failed again, to the reason."""

    def begin(self, letter: KeptLetter) -> None:
        """Note whose events come next."""
        self._current = letter

    def fail(self, letter: KeptLetter, reason: str) -> None:
        """Note that a letter failed again; the first reason counts."""
        self.failures.setdefault((letter.file, letter.offset), reason)

    def store(self, pipeline: str, event: Event, document: Document, plugin_id: str | None = None) -> None:
        """Take a document."""
        super().store(pipeline, event, document, plugin_id)
        if self._current is not None:
            self._owners[document.stream, document.id] = self._current

    def append(self, event: Event, path: Path, text: str, how: FileWriting = APPENDED) -> None:
        """Take text for a file; below the dead-letter directory it is a failure."""
        if self._current is not None and any(each in path.parents for each in self._directories):
            reason = _REASON.get(event)
            self.fail(self._current, reason if isinstance(reason, str) else "sent to the dead letters by the pipeline")
        else:
            super().append(event, path, text, how)

    def post(self, pipeline: str, event: Event, request: HttpRequest) -> None:
        """Take a request for an HTTP server."""
        super().post(pipeline, event, request)
        if self._current is not None:
            self._senders[id(event)] = self._current

    def reject(self, letter: Letter) -> None:
        """Note that the present letter failed again."""
        if self._current is not None:
            self.fail(self._current, letter.reason)

    def commit(self, positions: Sequence[SourcePosition] = ()) -> None:
        """Make durable what came of the letters, unless nothing is to be written."""
        if self._dry:
            self.discard()
        else:
            super().commit(positions)
        self._owners.clear()
        self._senders.clear()

    def _refuse_all(self, refused: Sequence[Undeliverable]) -> None:
        for each in refused:
            self.fail(self._senders[id(each.post.event)], each.reason)

    def _reject_all(self, rejections: Sequence[Rejection]) -> None:
        for rejection in rejections:
            self.fail(self._owners[rejection.document.stream, rejection.document.id], rejection.reason)
