"""What a server that speaks the newest ASGI may do, played by hand: raise, cancel, send files itself, go on."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import logging_lib
from logging_lib import UNMATCHED
from logging_lib.asgi import ASGIApp, AtalaiaASGI
from logging_lib.request.asgi_exchange import Message, Receive, Send
from logging_lib.request.asgi_routes import Scope
from tests.logging_lib.asgi_stage import BODY, START, as_coroutine, scope_of, sending, serve
from tests.logging_lib.support import Lines, requests_of


def one(lines: Lines) -> dict[str, object]:
    """Return the only request record."""
    (record,) = requests_of(lines())
    return dict(record)


def test_a_bare_application_is_unmatched(lines: Lines) -> None:
    """No framework, no peer (a Unix socket), no header, no raw path: the record is whole, the path percent-encoded."""
    answer = serve(sending(START, BODY))
    record = one(lines)
    assert (record["endpoint"], record["ip_address"], record["user_agent"]) == (UNMATCHED, None, None)
    assert (record["path"], record["response_bytes"], record["outcome"]) == ("/ol%C3%A1", 4, "completed")
    assert answer[0]["headers"] == [
        (b"content-length", b"4"),
        (b"x-request-id", str(record["request_id"]).encode()),
    ]


def test_the_line_is_there_before_the_last_byte(lines: Lines) -> None:
    """When the server gets the message that ends the answer, the record is written: a kill then loses no line."""
    written: list[int] = []

    async def receive() -> Message:
        raise NotImplementedError

    async def send(_message: Message) -> None:
        await asyncio.sleep(0)
        written.append(len(requests_of(lines())))

    chunk: Message = {**BODY, "more_body": True}
    asyncio.run(as_coroutine(AtalaiaASGI(sending(START, chunk, BODY))(scope_of(), receive, send)))
    assert written == [0, 0, 1]


@pytest.mark.parametrize(("at", "status"), [(0, 200), (1, 200)])
def test_sending_to_a_client_that_left_raises(lines: Lines, at: int, status: int) -> None:
    """The server's OSError goes on to the application and out of it; the record says who left, and no error."""
    chunk: Message = {**BODY, "more_body": True}
    with pytest.raises(BrokenPipeError):
        serve(sending(START, chunk, chunk, BODY), refuse=at)
    record = one(lines)
    assert (record["status_code"], record["outcome"], record["level"]) == (status, "client_disconnected", "WARNING")
    assert "error_type" not in record


@pytest.mark.parametrize(
    ("says", "outcome", "status", "error"),
    [
        ("http.request", "stream_failed", 500, "asyncio.exceptions.CancelledError"),
        ("http.disconnect", "client_disconnected", 499, None),
    ],
)
def test_cancelling(lines: Lines, says: str, outcome: str, status: int, error: str | None) -> None:
    """An application that is cancelled has failed, unless its client had left before: then nobody waits for it."""

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        await receive()
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        serve(app, says=says)
    record = one(lines)
    assert (record["outcome"], record["status_code"], record.get("error_type")) == (outcome, status, error)


@pytest.mark.parametrize(
    ("messages", "status"), [((), 500), ((START,), 200), ((START, {**BODY, "more_body": True}), 200)]
)
def test_an_answer_that_never_ends_has_failed(lines: Lines, messages: tuple[Message, ...], status: int) -> None:
    """An application that returns without a whole response: the server breaks the connection off."""
    serve(sending(*messages))
    record = one(lines)
    assert (record["outcome"], record["status_code"], record["level"]) == ("stream_failed", status, "ERROR")


def test_an_answer_after_the_client_left(lines: Lines) -> None:
    """An application that answers all the same keeps its status; what it makes of the loss (a 500) is not its error."""

    def answering(status: int) -> ASGIApp:
        async def app(_scope: Scope, receive: Receive, send: Send) -> None:
            await receive()
            await send({**START, "status": status})
            await send(BODY)

        return app

    serve(answering(200), says="http.disconnect")
    serve(answering(500), says="http.disconnect")
    told = [(record["status_code"], record["outcome"], record["level"]) for record in requests_of(lines())]
    assert told == [(200, "client_disconnected", "WARNING"), (499, "client_disconnected", "WARNING")]


@pytest.mark.parametrize(
    ("message", "declared", "size"),
    [
        ({"type": "http.response.pathsend", "path": __file__}, b"4", 4),
        ({"type": "http.response.pathsend", "path": __file__}, None, None),
        ({"type": "http.response.zerocopysend", "file": 0, "count": 9}, None, 9),
        ({"type": "http.response.zerocopysend", "file": 0}, b"4", 4),
    ],
)
def test_files_that_the_server_sends(lines: Lines, message: Message, declared: bytes | None, size: int | None) -> None:
    """The extensions pass through untouched and end the response; the bytes are those said or declared, if any."""
    headers = [] if declared is None else [(b"content-length", declared)]
    taken = serve(sending({**START, "headers": headers}, message))
    assert taken[1] is message
    record = one(lines)
    assert (record["outcome"], record.get("response_bytes")) == ("completed", size)


def test_a_file_the_server_cannot_send(lines: Lines) -> None:
    """A client that leaves while the server sends a file is told apart, too."""
    with pytest.raises(BrokenPipeError):
        serve(sending(START, {"type": "http.response.pathsend", "path": str(Path(__file__))}), refuse=1)
    assert one(lines)["outcome"] == "client_disconnected"


def test_other_scopes_pass_untouched(lines: Lines) -> None:
    """Lifespan and WebSocket get the server's own functions, and no record."""
    seen: list[tuple[Scope, Receive, Send]] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0)
        seen.append((scope, receive, send))
        assert logging_lib.current_trace() is None

    async def receive() -> Message:
        raise NotImplementedError

    async def send(_message: Message) -> None:
        raise NotImplementedError

    scopes: list[Scope] = [{"type": "lifespan"}, {"type": "websocket", "path": "/", "headers": []}]
    for scope in scopes:
        asyncio.run(as_coroutine(AtalaiaASGI(app)(scope, receive, send)))
    assert seen == [(scope, receive, send) for scope in scopes]
    assert all(got is sent for (got, _, _), sent in zip(seen, scopes, strict=True))
    assert requests_of(lines()) == []
