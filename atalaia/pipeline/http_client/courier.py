"""Delivers the requests of a batch on an event loop of its own."""

from __future__ import annotations

import asyncio
import gzip
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import httpx

from atalaia.pipeline.http_client.attempt import Verdict, attempt, make_client
from atalaia.pipeline.http_client.post import Post, Undeliverable
from atalaia.pipeline.http_client.request import Endpoint, HttpRequest
from atalaia.pipeline.inputs.running import StoppedError
from atalaia.pipeline.network.complaints import Complaints

_LOGGER: Final = logging.getLogger(__name__)
_LOOK: Final = 0.1


@dataclass(frozen=True, slots=True)
class _Parcel:
    """One request to be sent, and what it was made of."""

    posts: tuple[Post, ...]
    request: httpx.Request


class Courier:
    """Does the work of :class:`~atalaia.pipeline.http_client.sender.HttpSender`.

    Args:
        stop: See there.
        pause: See there.
    """

    def __init__(self, stop: threading.Event, pause: Callable[[int], float]) -> None:
        self._stop = stop
        self._pause = pause
        self._runner = asyncio.Runner()
        self._clients: dict[Endpoint, httpx.AsyncClient] = {}
        self._complaints = Complaints(_LOGGER)

    def send(self, posts: Sequence[Post]) -> list[Undeliverable]:
        """Deliver requests; return what was refused, in order.

        Raises:
            StoppedError: When the pipeline is to stop and something is not delivered yet.
        """
        order = {id(post): number for number, post in enumerate(posts)}
        refused = self._runner.run(self._send(posts))
        return sorted(refused, key=lambda each: order[id(each.post)])

    def close(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            self._runner.run(client.aclose())
        self._runner.close()

    async def _send(self, posts: Sequence[Post]) -> list[Undeliverable]:
        endpoints: dict[Endpoint, list[Post]] = {}
        for post in posts:
            endpoints.setdefault(post.request.endpoint, []).append(post)
        rounds = [_Round(endpoint, self._client(endpoint), of_it, self) for endpoint, of_it in endpoints.items()]
        await asyncio.gather(*(each.run() for each in rounds))
        for each in rounds:
            if each.unsent is not None:
                raise StoppedError(f"http: asked to stop before everything was delivered: {each.unsent}")
        return [undeliverable for each in rounds for undeliverable in each.refused]

    def _client(self, endpoint: Endpoint) -> httpx.AsyncClient:
        if endpoint not in self._clients:
            self._clients[endpoint] = make_client(endpoint.connecting)
        return self._clients[endpoint]

    async def wait(self, attempts: int, reason: str) -> bool:
        """Wait before the next attempt; return whether there is to be one."""
        self._complaints.say("http: trying again", reason)
        loop = asyncio.get_running_loop()
        end = loop.time() + self._pause(attempts)
        while not self._stop.is_set() and (left := end - loop.time()) > 0:  # noqa: ASYNC110 - it is set by another thread
            await asyncio.sleep(min(left, _LOOK))
        return not self._stop.is_set()


class _Round:
    """The requests of one batch for one endpoint."""

    def __init__(
        self,
        endpoint: Endpoint,
        client: httpx.AsyncClient,
        posts: Sequence[Post],
        courier: Courier,
    ) -> None:
        self.refused: list[Undeliverable] = []
        self.unsent: str | None = None
        self._endpoint = endpoint
        self._client = client
        self._courier = courier
        self._parcels: Iterator[_Parcel] = self._batch(posts) if endpoint.batch else self._singles(posts)

    async def run(self) -> None:
        """Send them, as many at a time as the endpoint allows."""
        await asyncio.gather(*(self._work() for _ in range(self._endpoint.parallel)))

    async def _work(self) -> None:
        for parcel in self._parcels:  # shared: each worker takes the next
            await self._deliver(parcel)
            if self.unsent is not None:
                return

    async def _deliver(self, parcel: _Parcel) -> None:
        attempts = 0
        while True:
            outcome = await attempt(self._client, self._endpoint, parcel.request)
            if outcome.verdict is Verdict.DELIVERED:
                return
            if outcome.verdict is Verdict.REFUSED or not self._endpoint.retrying.failed:
                self.refused += [Undeliverable(post, outcome.reason) for post in parcel.posts]
                return
            attempts += 1
            if not await self._courier.wait(attempts, outcome.reason):
                self.unsent = outcome.reason
                return

    def _singles(self, posts: Sequence[Post]) -> Iterator[_Parcel]:
        for post in posts:
            yield _Parcel((post,), self._request(post.request, post.request.body))

    def _batch(self, posts: Sequence[Post]) -> Iterator[_Parcel]:
        body = b"[" + b",".join(post.request.body for post in posts) + b"]"
        yield _Parcel(tuple(posts), self._request(posts[0].request, body))

    def _request(self, request: HttpRequest, body: bytes) -> httpx.Request:
        content = gzip.compress(body, mtime=0) if self._endpoint.compress else body
        return self._client.build_request(self._endpoint.method, request.url, headers=request.headers, content=content)
