"""Bring what an application logs into the store while it runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Final, Self

from logging_lib.errors import AtalaiaError

INTERVAL: Final = 1.0
"""Seconds between two looks at the files."""


class Follower:
    """Ingests a directory's log files again and again in a thread; each look adds what is new.

    Leaving it takes one last look, so that nothing written before is missed.

    Args:
        directory: Where the application writes its ``*.ndjson`` files.
        ingest: Puts files into the store, adding only what is new in them.
        interval: Seconds between two looks.

    Raises:
        AtalaiaError: On leaving, when a look failed; the thread stopped at that one.
    """

    def __init__(
        self,
        directory: Path,
        ingest: Callable[[list[Path]], object],
        interval: float = INTERVAL,
    ) -> None:
        self._directory = directory
        self._ingest = ingest
        self._interval = interval
        self._stop = Event()
        self._failure: AtalaiaError | None = None
        self._thread = Thread(target=self._run, name="demo-follower", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()
        if self._failure is not None and error is None:
            raise self._failure

    @property
    def failed(self) -> bool:
        """Whether a look failed; nothing is brought in since."""
        return self._failure is not None

    def _run(self) -> None:
        try:
            while not self._stop.wait(self._interval):
                self._look()
            self._look()
        except AtalaiaError as error:
            self._failure = error

    def _look(self) -> None:
        files = sorted(self._directory.glob("*.ndjson"))
        if files:
            self._ingest(files)
