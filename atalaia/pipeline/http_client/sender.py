"""Delivers the requests of a batch: until each was taken or refused for good, or the pipeline is to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from atalaia.pipeline.http_client.backoff import backoff
from atalaia.pipeline.http_client.post import Post, Undeliverable

if TYPE_CHECKING:
    from atalaia.pipeline.http_client.courier import Courier


class HttpSender:
    """Sends what ``http`` outputs made of a batch of events; connections are kept from batch to batch.

    Used from one thread at a time.

    Args:
        stop: Once it is set, a request that fails is not sent again.
        pause: The seconds to wait after so many failed attempts at a request.
    """

    def __init__(self, stop: threading.Event | None = None, pause: Callable[[int], float] = backoff) -> None:
        self._stop = stop or threading.Event()
        self._pause = pause
        self._courier: Courier | None = None

    def send(self, posts: Sequence[Post]) -> list[Undeliverable]:
        """Deliver requests, those of one output in their order unless it sends several at a time.

        Returns:
            What was refused for good, in order; everything else was delivered.

        Raises:
            StoppedError: When the pipeline is to stop and something is not delivered yet. Nothing of the batch may be
                taken for done then; what was delivered will be delivered again.
        """
        if not posts:
            return []
        if self._courier is None:
            from atalaia.pipeline.http_client.courier import Courier  # noqa: PLC0415 - takes long to import

            self._courier = Courier(self._stop, self._pause)
        return self._courier.send(posts)

    def close(self) -> None:
        """Close all connections."""
        if self._courier is not None:
            self._courier.close()
            self._courier = None
