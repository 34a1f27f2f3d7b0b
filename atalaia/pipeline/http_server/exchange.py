"""One client's connection: requests and answers in turn, each step within a time. The protocol is h11's to know."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Final

import h11
from anyio import BrokenResourceError, EndOfStream

from atalaia.pipeline.http_server.body import Body
from atalaia.pipeline.http_server.refusal import RefusedError
from atalaia.pipeline.http_server.request import Request
from atalaia.pipeline.http_server.service import Service, stopping_refusal
from atalaia.pipeline.network.streams import READ, Channel

_LONGEST_HEAD: Final = 1 << 14
_LINGERING: Final = 1.0
"""Seconds, and ..."""
_LINGERED: Final = 1 << 20
"""... bytes that are read on after a refusal, so that the client reads the answer before the end."""


class Exchange:
    """The connection.

    Args:
        channel: It.
        remote: The client's address.
        service: Takes the requests.
    """

    def __init__(self, channel: Channel, remote: str, service: Service) -> None:
        self._channel = channel
        self._remote = remote
        self._service = service
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_LONGEST_HEAD)
        self._only_head = False
        self._first = True

    async def run(self) -> None:
        """Answer requests until either side has enough; the connection is closed."""
        try:
            while await self._one():
                self._http.start_next_cycle()
            if self._http.their_state in (h11.SEND_BODY, h11.ERROR):
                await self._linger()
        except (OSError, BrokenResourceError):
            self._channel.transport.abort()
        else:
            await self._channel.close()

    async def _one(self) -> bool:
        """Take one request and answer it; return whether another may follow."""
        try:
            request = await self._head()
            if request is None:
                return False
            self._service.check(request)
            with self._service.body(request) as body:
                await self._read(body)
                content = body.content()
                await self._service.take(request, content)
        except RefusedError as refusal:
            headers = [("Content-Type", "text/plain"), *refusal.headers]
            await self._answer(refusal.status, headers, f"{refusal.message}\n".encode())
        except h11.RemoteProtocolError as error:
            status = HTTPStatus(error.error_status_hint)
            await self._answer(status, [("Content-Type", "text/plain")], f"{error}\n".encode())
        else:
            answer = self._service.terms.answer
            await self._answer(answer.status, list(answer.headers), b"ok")
        both_done = self._http.our_state is h11.DONE and self._http.their_state is h11.DONE
        return both_done and not self._service.stopping.is_set

    async def _head(self) -> Request | None:
        """Return the next request; ``None`` when there is none to be answered."""
        patience = self._service.patience
        end, started = self._now() + patience.idle, False
        while True:
            event = self._http.next_event()
            if isinstance(event, h11.Request):
                self._only_head, self._first = event.method == b"HEAD", False
                return _request(event, self._remote)
            if event is not h11.NEED_DATA:
                return None
            if not started and self._http.trailing_data[0]:
                end, started = self._now() + patience.head, True
            try:
                await self._receive(end)
            except TimeoutError:
                if not started and not (self._first and self._service.stopping.is_set):
                    return None
                raise self._too_slow("head") from None

    async def _read(self, body: Body) -> None:
        patience = self._service.patience
        start, size = self._now() + patience.body, 0
        if self._http.they_are_waiting_for_100_continue:
            await self._send(h11.InformationalResponse(status_code=HTTPStatus.CONTINUE, headers=[]))
        while True:
            event = self._http.next_event()
            if isinstance(event, h11.Data):
                size += len(event.data)
                await body.add(bytes(event.data))
            elif event is h11.NEED_DATA:
                try:
                    await self._receive(start + size / patience.rate)
                except TimeoutError:
                    raise self._too_slow("body") from None
            else:
                return

    async def _receive(self, end: float) -> None:
        """Take what comes until a time; a client's end is h11's to judge."""
        try:
            async with self._service.stopping.within(end - self._now()):
                data = await self._channel.stream.receive(READ)
        except EndOfStream:
            data = b""
        self._http.receive_data(data)

    def _too_slow(self, part: str) -> RefusedError:
        if self._service.stopping.is_set:
            return stopping_refusal()
        return RefusedError(HTTPStatus.REQUEST_TIMEOUT, f"the {part} of the request took too long")

    async def _answer(self, status: HTTPStatus, headers: list[tuple[str, str]], text: bytes) -> None:
        if self._http.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return
        silent = status is HTTPStatus.NO_CONTENT
        if not silent:
            headers = [*headers, ("Content-Length", str(len(text)))]
        if self._http.their_state is not h11.DONE or self._service.stopping.is_set:
            headers = [*headers, ("Connection", "close")]
        response = h11.Response(status_code=status, headers=headers, reason=status.phrase.encode())
        data = self._http.send(response) or b""
        if not (silent or self._only_head):
            data += self._http.send(h11.Data(data=text)) or b""
        data += self._http.send(h11.EndOfMessage()) or b""
        await self._write(data)

    async def _send(self, event: h11.InformationalResponse) -> None:
        await self._write(self._http.send(event) or b"")

    async def _write(self, data: bytes) -> None:
        async with self._service.stopping.within(self._service.patience.answer, self._service.patience.answer):
            await self._channel.stream.send(data)

    async def _linger(self) -> None:
        """Read on for a moment: an end while bytes come would reset the connection and lose the answer."""
        left = _LINGERED
        if self._channel.stream is self._channel.transport:
            await self._channel.transport.send_eof()
        try:
            async with self._service.stopping.within(_LINGERING, _LINGERING):
                while left > 0:
                    left -= len(await self._channel.stream.receive(READ))
        except (TimeoutError, EndOfStream):
            return

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


def _request(head: h11.Request, remote: str) -> Request:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}
    version = f"HTTP/{head.http_version.decode('latin-1')}"
    return Request(head.method.decode("latin-1"), head.target.decode("latin-1"), version, headers, remote)
