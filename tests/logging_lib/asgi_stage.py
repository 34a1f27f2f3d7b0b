"""An ASGI server played by hand, for what no server at hand does; and applications that only send."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from logging_lib.asgi import ASGIApp, AtalaiaASGI
from logging_lib.request.asgi_exchange import Message, Receive, Send
from logging_lib.request.asgi_routes import Scope

START: Message = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]}
BODY: Message = {"type": "http.response.body", "body": b"body"}


def scope_of(**more: object) -> Scope:
    """Return the scope of a request."""
    return {"type": "http", "method": "GET", "path": "/ol\u00e1", "headers": [], "client": None, **more}


def sending(*messages: Message) -> ASGIApp:
    """Return an application that sends just these messages."""

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        for message in messages:
            await send(message)

    return app


def serve(app: ASGIApp, *, refuse: int | None = None, says: str = "http.request", **scope: object) -> list[Message]:
    """Serve one request; from the message of that number on, sending raises, as from spec version 2.4 on."""
    taken: list[Message] = []

    async def receive() -> Message:
        await asyncio.sleep(0)
        return {"type": says, "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        await asyncio.sleep(0)
        if refuse is not None and len(taken) >= refuse:
            raise BrokenPipeError("the client has left")
        taken.append(message)

    async def main() -> None:
        await AtalaiaASGI(app)(scope_of(**scope), receive, send)

    asyncio.run(main())
    return taken


async def as_coroutine(waiting: Awaitable[None]) -> None:
    """Wait for something that may not be a coroutine."""
    await waiting
