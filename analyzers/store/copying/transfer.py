"""Copy the documents of one part, a batch at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from analyzers.store.copying.parts import Part
from analyzers.store.document import Document, Rejection
from analyzers.store.interface import KnowsIds, Store
from analyzers.store.selection import Selection, place_of

BATCH_DOCUMENTS: Final = 5_000
"""The most documents of a batch: what is held in memory, and one commit of an embedded store."""

BATCH_BYTES: Final = 8 * 2**20
"""The most bytes of a batch, unless one document alone is larger."""

MOST_REASONS: Final = 100
"""Different reasons that are told apart; further ones are counted together."""

OTHER_REASONS: Final = "other reasons"


@dataclass(slots=True)
class Tally:
    """What became of the documents that were read.

    Attributes:
        read: How many.
        stored: How many are new in the target.
        known: How many it had already.
        doubled: How many the source gave once more: one id in two backing indices.
        refused: Reasons for which the target does not take documents, and how many each.
        first: Reason to the first document that was refused for it, as stream and id.
    """

    read: int = 0
    stored: int = 0
    known: int = 0
    doubled: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    first: dict[str, tuple[str, str]] = field(default_factory=dict)

    def refuse(self, rejection: Rejection) -> None:
        """Count a rejected document."""
        reason = rejection.reason
        if reason not in self.refused and len(self.refused) >= MOST_REASONS:
            reason = OTHER_REASONS
        self.refused[reason] += 1
        self.first.setdefault(reason, (rejection.document.stream, rejection.document.id))


def transfer(
    source: Store, target: Store, part: Part, tally: Tally, stop: Callable[[], bool], after_batch: Callable[[], None]
) -> bool:
    """Copy one part; tell whether it was copied to its end.

    Args:
        source: Where from.
        target: Where to.
        part: What.
        tally: What is added to.
        stop: Whether to stop; asked before each batch.
        after_batch: Called after each batch.

    Raises:
        StoreError: When either store cannot go on; what was written stays, and is known when it comes again.
    """
    documents = _once(source.documents(Selection(part.stream, part.window)), tally)
    for batch in _batches(documents):
        if stop():
            return False
        _write(target, part.stream, batch, tally)
        after_batch()
    return True


def _once(documents: Iterable[Document], tally: Tally) -> Iterator[Document]:
    """Count the documents and leave out those that follow their own like."""
    last = None
    for document in documents:
        tally.read += 1
        place = place_of(document)
        if place == last:
            tally.doubled += 1
        else:
            yield document
        last = place


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    size = 0
    for document in documents:
        if batch and (len(batch) >= BATCH_DOCUMENTS or size + len(document.source) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(document)
        size += len(document.source)
    if batch:
        yield batch


def _write(target: Store, stream: str, batch: Sequence[Document], tally: Tally) -> None:
    there: frozenset[str] = frozenset()
    if isinstance(target, KnowsIds):
        there = target.known(stream, [document.id for document in batch])
    written = target.append([document for document in batch if document.id not in there])
    tally.stored += written.stored
    tally.known += written.duplicates + sum(document.id in there for document in batch)
    for rejection in written.rejected:
        tally.refuse(rejection)
