"""The documented record for every HTTP request of FastAPI and Starlette, served by a real uvicorn."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from fastapi import Request, Response

import logging_lib
from logging_lib import DOCUMENTED_KEYS, OPTIONAL_KEYS, UNMATCHED, AtalaiaError
from logging_lib.asgi import AtalaiaASGI
from logging_lib.request.asgi_routes import Scope
from tests.logging_lib.asgi_app import Gates, Handled, Teapot, fastapi_app
from tests.logging_lib.serving import leave_early, uvicorn_in_thread, wait_until
from tests.logging_lib.support import Lines, awaited, requests_of


@pytest.fixture
def gates() -> Gates:
    """Return the gates between a test and its views."""
    return Gates()


@pytest.fixture(params=["h11", "httptools"])
def client(request: pytest.FixtureRequest, lines: Lines, gates: Gates) -> Iterator[httpx.Client]:
    """Return a client of the application behind uvicorn, with each of its two HTTP parsers."""
    assert lines() == []
    with (
        uvicorn_in_thread(AtalaiaASGI(fastapi_app(gates)), http=request.param) as (host, port),
        httpx.Client(base_url=f"http://{host}:{port}", timeout=60) as http,
    ):
        http.headers["User-Agent"] = "Test/1.0"
        yield http


def address(client: httpx.Client) -> tuple[str, int]:
    """Return where a client's server listens."""
    return client.base_url.host, client.base_url.port or 80


def one(lines: Lines) -> dict[str, object]:
    """Return the only request record."""
    (record,) = awaited(lines, 1)
    return dict(record)


def test_the_record_has_the_documented_keys_in_order(client: httpx.Client, lines: Lines) -> None:
    """The same record as from Flask: nine documented keys first, then the optional ones in order, values right."""
    before = datetime.now(tz=UTC)
    answer = client.get("/api/chamados/7?q=1&token=abc", headers={"X-Request-ID": "abc-1"})
    record = one(lines)
    keys = list(record)
    assert tuple(keys[:9]) == DOCUMENTED_KEYS
    assert keys[9:] == [key for key in OPTIONAL_KEYS if key in record]
    began = datetime.fromisoformat(str(record["timestamp"]))
    assert abs((began - before).total_seconds()) < 5
    assert 0 < float(str(record["response_time"])) < 5
    assert re.fullmatch("[0-9a-f]{32} [0-9a-f]{16}", f"{record.pop('trace_id')} {record.pop('span_id')}")
    del record["timestamp"], record["response_time"], record["event_id"], record["host"]
    assert record == {
        "level": "INFO",
        "service": "ti-osn",
        "endpoint": "/api/chamados/{number}",
        "user_id": None,
        "status_code": 200,
        "user_agent": "Test/1.0",
        "ip_address": "127.0.0.1",
        "request_id": "abc-1",
        "method": "GET",
        "path": "/api/chamados/7",
        "query": "q=1&token=[redacted]",
        "response_bytes": len(answer.content),
        "environment": "test",
        "logger": "logging_lib.request",
        "outcome": "completed",
    }
    assert answer.headers["X-Request-ID"] == "abc-1"


def test_an_unhandled_exception_is_told(client: httpx.Client, lines: Lines) -> None:
    """Type, message and stack trace are in the record of the request that Starlette answers with 500, once."""
    assert client.get("/boom").status_code == 500
    record = one(lines)
    assert record["error_type"] == f"{Teapot.__module__}.Teapot"
    assert record["error_message"] == "short and stout"
    assert str(record["stack_trace"]).startswith("Traceback (most recent call last):\n")
    wait_until(lambda: any(str(line.get("event")).startswith("Exception in ASGI") for line in lines()))
    assert [line for line in lines() if line.get("event") == "failed after the response"] == []


def test_a_handled_exception_behind_a_5xx_is_told(client: httpx.Client, lines: Lines) -> None:
    """A handler's 503 names the exception it stands for; one that is a status itself (HTTPException) is no error."""
    client.get("/handled")
    client.get("/refused")
    handled, refused = awaited(lines, 2)
    assert (handled["status_code"], handled["error_type"]) == (503, f"{Handled.__module__}.Handled")
    assert (refused["status_code"], "error_type" in refused) == (503, False)


def test_a_streamed_body_counts_until_its_last_byte(client: httpx.Client, lines: Lines, gates: Gates) -> None:
    """While the body is under way there is no record; afterwards its time covers the wait in the middle."""
    with client.stream("GET", "/slow") as answer:
        body = answer.iter_raw()
        assert next(body) == b"first"
        assert requests_of(lines()) == []
        threading.Event().wait(0.05)
        gates.first_byte_read.set()
        assert b"".join(body) == b"last"
    record = one(lines)
    assert float(str(record["response_time"])) >= 0.05
    assert (record["response_bytes"], record["outcome"], record["status_code"]) == (9, "completed", 200)


def test_a_stream_that_breaks_is_an_error(client: httpx.Client, lines: Lines) -> None:
    """The status had been sent as 200; outcome, level and error say what happened."""
    with pytest.raises(httpx.RemoteProtocolError):
        client.get("/broken")
    record = one(lines)
    assert (record["status_code"], record["outcome"], record["level"]) == (200, "stream_failed", "ERROR")
    assert (record["error_message"], record["response_bytes"]) == ("in the middle", 5)


def test_a_client_that_leaves_is_told_apart(client: httpx.Client, lines: Lines, gates: Gates) -> None:
    """A client that hangs up in an endless body ends it; the record says who gave up, and names no error."""
    leave_early(address(client), b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
    assert gates.stream_closed.wait(60)
    record = one(lines)
    assert (record["status_code"], record["outcome"], record["level"]) == (200, "client_disconnected", "WARNING")
    assert "error_type" not in record


def test_a_client_that_leaves_before_the_answer_is_no_error(client: httpx.Client, lines: Lines, gates: Gates) -> None:
    """A client that hangs up while the application reads its body gets no answer: 499, a warning, no server error."""
    head = b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf"
    leave_early(address(client), head, wait=0)
    record = one(lines)
    assert (record["status_code"], record["outcome"], record["level"]) == (499, "client_disconnected", "WARNING")
    assert (record["endpoint"], record["request_bytes"], gates.arrived.is_set()) == ("/body", 1000, True)


def test_a_background_task_has_the_ids_and_a_line_if_it_fails(client: httpx.Client, lines: Lines, gates: Gates) -> None:
    """The record is there with the answer, while the task still runs; the task's lines carry the request's ids."""
    assert client.get("/later").text == '"ok"'
    record = one(lines)
    assert (record["outcome"], record["level"]) == ("completed", "INFO")
    gates.background.set()
    wait_until(lambda: any(line.get("event") == "failed after the response" for line in lines()))
    written = [line for line in lines() if line.get("event") in {"in the background", "failed after the response"}]
    ids = ("request_id", "trace_id", "span_id")
    assert [[line[key] for key in ids] for line in written] == [[record[key] for key in ids]] * 2
    assert written[1]["error_message"] == "too late"


def test_added_as_a_middleware_of_the_framework(lines: Lines, gates: Gates) -> None:
    """Within Starlette's own middleware the records are the same, but for the headers of an unhandled error."""
    app = fastapi_app(gates)
    app.add_middleware(AtalaiaASGI)
    with uvicorn_in_thread(app) as (host, port), httpx.Client(base_url=f"http://{host}:{port}", timeout=60) as http:
        http.headers["Connection"] = "close"
        answers = [http.get(path) for path in ("/sub/x/1", "/boom", "/none")]
    assert [answer.status_code for answer in answers] == [200, 500, 404]
    records = awaited(lines, 3)
    assert [(record["endpoint"], record["status_code"]) for record in records] == [
        ("/sub/x/{value}", 200),
        ("/boom", 500),
        (UNMATCHED, 404),
    ]
    assert records[1]["error_message"] == "short and stout"


def test_it_wants_a_configuration(lines: Lines, gates: Gates) -> None:
    """Without a configuration it refuses and says what to do; observed twice, a request has one record."""
    app = AtalaiaASGI(AtalaiaASGI(fastapi_app(gates)))
    with uvicorn_in_thread(app) as (host, port):
        httpx.get(f"http://{host}:{port}/docs", timeout=60)
    assert one(lines)["endpoint"] == "/docs"
    logging_lib.shutdown()
    with pytest.raises(AtalaiaError, match="configure"):
        AtalaiaASGI(fastapi_app(gates))


def test_a_callback_nobody_would_wait_for_is_refused(lines: Lines, gates: Gates) -> None:
    """A coroutine function as a callback would never run: it is refused when the application starts."""
    assert lines() == []

    async def who(scope: Scope) -> str:
        await asyncio.sleep(0)
        return str(scope)

    with pytest.raises(AtalaiaError, match=r"the user_id callback is a coroutine function.*make it a plain function"):
        AtalaiaASGI(fastapi_app(gates), user_id=who)  # type: ignore[arg-type] # the mistake itself


def test_a_middleware_with_tasks_of_its_own(lines: Lines, gates: Gates) -> None:
    """Below Starlette's BaseHTTPMiddleware, which runs the application in another task, nothing is lost."""
    app = fastapi_app(gates)

    @app.middleware("http")
    async def around(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        logging_lib.get_logger("app").info("around")
        return await go_on(request)

    gates.first_byte_read.set()
    with (
        uvicorn_in_thread(AtalaiaASGI(app)) as (host, port),
        httpx.Client(base_url=f"http://{host}:{port}", timeout=60) as http,
    ):
        http.headers["Connection"] = "close"
        for path in ("/api/chamados/7", "/slow", "/boom"):
            http.get(path)
    shown, slow, boom = awaited(lines, 3)
    assert (shown["endpoint"], slow["endpoint"]) == ("/api/chamados/{number}", "/slow")
    assert (slow["response_bytes"], slow["outcome"]) == (9, "completed")
    assert (boom["endpoint"], boom["status_code"], boom["error_message"]) == ("/boom", 500, "short and stout")
    said = [line["request_id"] for line in lines() if line.get("event") in {"around", "shown"}]
    assert said == [shown["request_id"], shown["request_id"], slow["request_id"], boom["request_id"]]


def test_a_file_is_the_servers_own_size(client: httpx.Client, lines: Lines) -> None:
    """A file sent in pieces counts all its bytes, and a part of it only those."""
    whole = Path(__file__).with_name("asgi_app.py").stat().st_size
    client.get("/file")
    client.get("/file", headers={"Range": "bytes=10-19"})
    assert [record["response_bytes"] for record in awaited(lines, 2)] == [whole, 10]
