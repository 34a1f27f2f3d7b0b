"""Which documents of a request count as stored when the answer that said so was lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from analyzers.store.document import Document, Rejection
from analyzers.store.elastic.bulk import Line

_Key: TypeAlias = tuple[str, str]


class Credit:
    """The ids that a request has stored, each once, and those that its batch has dealt with before it.

    Args:
        documents: The batch.
        request: The part of it that is sent in one request.
        rejected: The batch's rejections so far: a rejected document of the same id has stored nothing.
    """

    def __init__(self, documents: Sequence[Document], request: Sequence[Line], rejected: Sequence[Rejection]) -> None:
        self._documents = documents
        self._request = request
        self._rejected = rejected
        self._stored: set[_Key] = set()
        self._before: set[_Key] | None = None

    def created(self, document: Document) -> None:
        """Note that the cluster said of a document that it was created."""
        self._stored.add(_key(document))

    def claims(self, document: Document) -> bool:
        """Tell whether a document that is there, after a lost answer, is to be counted as stored by us; once."""
        key = _key(document)
        if self._before is None:
            self._before = self._find_before()
        if key in self._stored or key in self._before:
            return False
        self._stored.add(key)
        return True

    def _find_before(self) -> set[_Key]:
        """Look through the earlier part of the batch; done only when an answer was lost, so nothing is kept for it."""
        ours = {_key(line.document) for line in self._request}
        refused = {id(rejection.document) for rejection in self._rejected}
        earlier = (self._documents[at] for at in range(self._request[0].position))
        return {key for document in earlier if (key := _key(document)) in ours and id(document) not in refused}


def _key(document: Document) -> _Key:
    return document.stream, document.id
