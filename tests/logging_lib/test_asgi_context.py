"""What callbacks are told, and what a request leaves behind in the task that served it: nothing."""

from __future__ import annotations

import asyncio
import gc
from uuid import UUID

import httpx
import structlog

import logging_lib
from logging_lib.asgi import AtalaiaASGI
from logging_lib.record import UserId
from logging_lib.request.asgi_exchange import Exchange, Message, Receive, Send
from logging_lib.request.asgi_routes import Scope
from logging_lib.request.trace import RequestTrace
from tests.logging_lib.asgi_stage import BODY, START, as_coroutine, scope_of, sending, serve
from tests.logging_lib.support import Lines, requests_of


def test_a_request_leaves_no_cycle_behind(lines: Lines) -> None:
    """What a request held is free with its end, without the garbage collector; under load that would be a pause."""

    async def drop(_message: Message) -> None:
        await asyncio.sleep(0)

    async def receive() -> Message:
        raise NotImplementedError

    async def main() -> int:
        observed = AtalaiaASGI(sending(START, BODY))
        for _ in range(3):
            await observed(scope_of(), receive, drop)
        return sum(isinstance(living, RequestTrace | Exchange) for living in gc.get_objects())

    gc.collect()
    gc.disable()
    try:
        assert asyncio.run(main()) == 0
    finally:
        gc.enable()
    assert len(requests_of(lines())) == 3


def test_callbacks_and_keys_tell(lines: Lines) -> None:
    """Callbacks get the scope; without them its ``atalaia.*`` keys count; one that raises is logged with the ids."""

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        scope["atalaia.endpoint"] = "/<by key>"
        scope["atalaia.user_id"] = UUID(int=9)
        await send(START)
        await send(BODY)

    def who(scope: Scope) -> UserId:
        raise LookupError(str(scope["path"]))

    async def nothing(_message: Message) -> None:
        await asyncio.sleep(0)

    async def receive() -> Message:
        raise NotImplementedError

    serve(app)
    observed = AtalaiaASGI(app, endpoint=lambda scope: f"/<by {scope['method']}>", user_id=who)
    asyncio.run(as_coroutine(observed(scope_of(), receive, nothing)))
    by_key, by_callback = requests_of(lines())
    assert (by_key["endpoint"], by_key["user_id"]) == ("/<by key>", "00000000-0000-0000-0000-000000000009")
    assert (by_callback["endpoint"], by_callback["user_id"]) == ("/<by GET>", None)
    (failed,) = [line for line in lines() if line.get("event") == "user_id callback failed"]
    assert (failed["error_type"], failed["request_id"]) == ("LookupError", by_callback["request_id"])


def test_a_client_in_the_same_task_keeps_its_own_context(lines: Lines) -> None:
    """Requests served within one task (a test's client) leave nothing bound behind, and take nothing away."""
    seen: list[dict[str, object]] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        seen.append(structlog.contextvars.get_contextvars())
        structlog.contextvars.bind_contextvars(mine="inner", left="behind")
        await send(START)
        await send(BODY)

    async def main() -> dict[str, object]:
        structlog.contextvars.bind_contextvars(mine="outer")
        transport = httpx.ASGITransport(AtalaiaASGI(app))
        async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60) as client:
            await client.get("/1")
            await client.get("/2")
        assert logging_lib.current_trace() is None
        return structlog.contextvars.get_contextvars()

    assert asyncio.run(main()) == {"mine": "outer"}
    records = requests_of(lines())
    ids = ("request_id", "trace_id", "span_id")
    assert seen == [{"mine": "outer", **{key: record[key] for key in ids}} for record in records]
