"""The threads in which bodies are decoded, and which wait for room in the pipeline."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Final

from atalaia.pipeline.http_server.refusal import RefusedError
from atalaia.pipeline.inputs.running import Arrival, Emit

_BUSY: Final = "the pipeline is busy; send it again later"


class Desk:
    """Hands over what requests hold, in order of their coming, and refuses when it cannot soon. Used from one loop.

    Args:
        emit: Hands an arrival to the pipeline.
        threads: The threads.
        most: Requests that may be at work or waiting.
        moment: Seconds that a request waits, or that the pipeline may have no room, before requests are refused.
    """

    def __init__(self, emit: Emit, threads: ThreadPoolExecutor, most: int, moment: float) -> None:
        self._emit = emit
        self._threads = threads
        self._most = most
        self._moment = moment
        self._present = 0
        self._waiting_since: dict[int, float] = {}

    def check(self) -> None:
        """Refuse when there is no place, or the pipeline has had no room for more than a moment.

        Raises:
            RefusedError: With status 429.
        """
        now = time.monotonic()
        full = any(now - since > self._moment for since in tuple(self._waiting_since.values()))
        if full or self._present >= self._most:
            raise RefusedError(HTTPStatus.TOO_MANY_REQUESTS, _BUSY)

    async def hand_over(self, arrivals: Iterator[Arrival]) -> None:
        """Hand arrivals over; they are made in the threads.

        Once the first of them waits for room the request is not refused any more: it may be taken at any time.

        Raises:
            RefusedError: With status 429.
            StoppedError: When the pipeline takes nothing more.
        """
        self.check()
        work = self._threads.submit(self._emit_all, arrivals)
        self._present += 1
        done = asyncio.wrap_future(work)
        done.add_done_callback(self._leave)
        await asyncio.wait([done], timeout=self._moment)
        if not done.done() and work.cancel():
            raise RefusedError(HTTPStatus.TOO_MANY_REQUESTS, _BUSY)
        await asyncio.shield(done)

    def _leave(self, done: asyncio.Future[None]) -> None:
        self._present -= 1
        if not done.cancelled():
            done.exception()  # whoever waited for it may be gone

    def _emit_all(self, arrivals: Iterator[Arrival]) -> None:
        thread = threading.get_ident()
        for arrival in arrivals:
            self._waiting_since[thread] = time.monotonic()
            try:
                self._emit(arrival)
            finally:
                del self._waiting_since[thread]
