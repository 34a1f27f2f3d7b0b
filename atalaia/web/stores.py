"""A store that stays open from one request to the next, for every thread of the server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from types import TracebackType
from typing import Self

from analyzers.store.interface import Store, StoreError
from analyzers.store.open import is_there, open_store
from logging_lib.clock import Clock, system_clock


class NoStoreYetError(StoreError):
    """The directory of the store is not there, or nobody has begun to write to it: nothing has been stored yet."""


class StoreGoneError(StoreError):
    """The directory of a store that was open before is not there any more, or empty."""


class SharedStore:
    """A store, opened at the first request that needs it and lent to any number of threads.

    Opening costs a look at every segment, so it is done once. A store that could not answer is given up: whoever
    asks next gets one that is opened anew, and the old one is closed when its last borrower is done.

    Args:
        location: A directory or an ``http(s)://`` address.
        clock: What ``now`` is.
    """

    def __init__(self, location: str, *, clock: Clock = system_clock) -> None:
        self._location = location
        self._clock = clock
        self._guard = Lock()
        self._current: _Lent | None = None
        self._was_there = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def exists(self) -> bool:
        """Whether there is a store to open: an address is believed, a directory is looked for.

        One that was open before is believed, too: that it vanished is trouble, not a store of nothing.
        """
        return self._was_there or is_there(self._location)

    @contextmanager
    def lend(self) -> Iterator[Store]:
        """Give the store for a while.

        Raises:
            NoStoreYetError: When there is none yet.
            StoreGoneError: When there is none any more.
            StoreError: When it cannot be opened.
        """
        lent = self._take()
        try:
            yield lent.store
        except StoreError:
            self._give_up(lent)
            raise
        finally:
            self._give_back(lent)

    def close(self) -> None:
        """Close the store as soon as nobody uses it; a later request opens it anew."""
        with self._guard:
            current = self._current
        if current is not None:
            self._give_up(current)

    def _take(self) -> _Lent:
        with self._guard:
            if self._current is None:
                if not is_there(self._location):
                    raise self._missing()
                self._current = _Lent(open_store(self._location, clock=self._clock))
                self._was_there = True
            self._current.users += 1
            return self._current

    def _missing(self) -> StoreError:
        if self._was_there:
            return StoreGoneError(
                f"the store at {self._location} is gone: its directory is missing or empty",
                "bring it back, or mount its disk; the next request tries again",
            )
        return NoStoreYetError(
            f"there is no store at {self._location}", "write one first: atalaia ingest FILE --pipeline CONF"
        )

    def _give_up(self, lent: _Lent) -> None:
        with self._guard:
            if self._current is lent:
                self._current = None
                lent.users -= 1  # our own hold on it
                self._close_unused(lent)

    def _give_back(self, lent: _Lent) -> None:
        with self._guard:
            lent.users -= 1
            self._close_unused(lent)

    @staticmethod
    def _close_unused(lent: _Lent) -> None:
        if lent.users == 0:
            lent.store.close()


class _Lent:
    """An open store and how many hold it: its borrowers, and whoever lends it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.users = 1
