"""One store for everything that runs in a process: its writers take turns, and wait while it cannot be reached."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final

from analyzers.store.document import Document, SourcePosition, WriteResult
from analyzers.store.interface import KeepsPositions, Store, StoreError

_FIRST_WAIT: Final = 0.5
_LONGEST_WAIT: Final = 30.0


class SharedStore:
    """Writes of several threads to one store.

    Args:
        store: The store.
        stop: When given, a batch the store does not take is tried again until this is set.
        tell: Is told of each failed attempt.
    """

    def __init__(
        self,
        store: Store,
        stop: threading.Event | None = None,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        self._store = store
        self._stop = stop
        self._tell = tell
        self._lock = threading.Lock()

    @property
    def keeps_positions(self) -> bool:
        """Whether the store keeps read positions with the events."""
        return isinstance(self._store, KeepsPositions)

    def position(self, source: str) -> int:
        """Return the offset up to which a source has been read; 0 when it is unknown."""
        return self._store.position(source) if isinstance(self._store, KeepsPositions) else 0

    def write(self, documents: Sequence[Document], positions: Sequence[SourcePosition]) -> WriteResult:
        """Write a batch and the positions it brings its sources to.

        Raises:
            StoreError: When the store does not take it, and it is not to be tried again or it is time to stop.
        """
        wait, attempt = _FIRST_WAIT, 1
        while True:
            try:
                with self._lock:
                    return self._write(documents, positions)
            except StoreError as error:
                if self._stop is None or self._stop.is_set():
                    raise
                self._say(f"{error}; attempt {attempt}, the next in {wait:g} s, the inputs wait")
                if self._stop.wait(wait):
                    raise
            wait, attempt = min(wait * 2, _LONGEST_WAIT), attempt + 1

    def _write(self, documents: Sequence[Document], positions: Sequence[SourcePosition]) -> WriteResult:
        if isinstance(self._store, KeepsPositions):
            if documents or positions:
                return self._store.append_from(documents, positions)
        elif documents:
            return self._store.append(documents)
        return WriteResult(0, 0)

    def _say(self, text: str) -> None:
        if self._tell is not None:
            self._tell(text)
