"""What the ``http`` input does with a request: check it, have its events handed over, wait until they are durable."""

from __future__ import annotations

import hmac
from concurrent.futures import Executor
from dataclasses import dataclass
from http import HTTPStatus

from atalaia.pipeline.http_server.body import Body, BodyMemory, check_length
from atalaia.pipeline.http_server.decoding import Decoding
from atalaia.pipeline.http_server.desk import Desk
from atalaia.pipeline.http_server.patience import Patience
from atalaia.pipeline.http_server.refusal import RefusedError
from atalaia.pipeline.http_server.request import Request
from atalaia.pipeline.inputs.running import StoppedError
from atalaia.pipeline.network.listening import GRACE
from atalaia.pipeline.network.packing import pack
from atalaia.pipeline.network.settling import LoopCalls, Unsettled
from atalaia.pipeline.network.stopping import Stopping


@dataclass(frozen=True, slots=True)
class Answer:
    """How a request that was taken is answered.

    Attributes:
        status: 200, 201, 202 or 204.
        headers: The headers.
    """

    status: HTTPStatus
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms requests are taken.

    Attributes:
        token: What ``Authorization`` must say; ``None`` for anything.
        most: Bytes a body may have, decompressed.
        answer: The answer to those that were taken.
        decoding: How bodies become events.
    """

    token: str | None
    most: int
    answer: Answer
    decoding: Decoding


class Service:
    """Takes requests.

    Args:
        terms: On what terms.
        patience: How long it waits.
        desk: Hands events over.
        calls: The event loop.
        stopping: The end of the input.
        unpacking: Where bodies are decompressed.
    """

    def __init__(
        self,
        terms: Terms,
        patience: Patience,
        desk: Desk,
        calls: LoopCalls,
        stopping: Stopping,
        unpacking: Executor,
    ) -> None:
        self._unpacking = unpacking
        self.terms = terms
        self.patience = patience
        self.stopping = stopping
        self._desk = desk
        self._calls = calls
        self._memory = BodyMemory(terms.most)

    def check(self, request: Request) -> None:
        """Refuse a request by its head, before its body is read.

        Raises:
            RefusedError: When it is not taken.
        """
        token = request.headers.get("authorization", "")
        if self.terms.token is not None and not hmac.compare_digest(token.encode(), self.terms.token.encode()):
            raise RefusedError(HTTPStatus.UNAUTHORIZED, "give the user and the password")
        if request.method == "CONNECT":
            raise RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, "this is no proxy")
        if self.stopping.is_set:
            raise stopping_refusal()
        length = request.headers.get("content-length", "0")
        check_length(int(length), self.terms.most)
        self._desk.check()

    def body(self, request: Request) -> Body:
        """Return what takes the body of a request.

        Raises:
            RefusedError: With status 415, when its encoding is unknown.
        """
        return Body(self._memory, self.terms.most, request.headers.get("content-encoding", ""), self._unpacking)

    async def take(self, request: Request, body: bytes) -> None:
        """Have a request's events handed over, and wait until they are durable.

        Raises:
            RefusedError: When they are not; with status 503 they may be all the same, or become so.
        """
        unsettled = Unsettled(self._calls)
        arrivals = pack(self.terms.decoding.reads(request, body), unsettled)
        try:
            async with self.stopping.within(self.patience.settled, GRACE):
                await self._desk.hand_over(arrivals)
                await unsettled.at_most(0)
        except StoppedError as error:
            self.stopping.set()
            raise stopping_refusal() from error
        except TimeoutError as error:
            reason = "the events are on their way but not durable yet; sending them again may double them"
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, reason) from error


def stopping_refusal() -> RefusedError:
    """Return the refusal of a server that is ending."""
    return RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, "the server is stopping; send it again later")
