"""The documented record for every request, by a real WSGI server and a real HTTP client."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import httpx
import pytest
from flask import Blueprint, Flask, Response, abort, g, request, session, stream_with_context

import logging_lib
from atalaia.demo.helpdesk.server import serve_in_thread
from logging_lib import DOCUMENTED_KEYS, OPTIONAL_KEYS, UNMATCHED, AtalaiaError
from logging_lib.flask import AtalaiaFlask
from logging_lib.record import UserId
from tests.logging_lib.support import Lines, awaited, requests_of

CHUNK = b"x" * 65536


class Teapot(Exception):  # noqa: N818 - the name a reader looks for in the record
    """What a view raises."""


class Gates:
    """Where the test and the streaming view wait for each other."""

    def __init__(self) -> None:
        self.first_byte_read = threading.Event()
        self.stream_closed = threading.Event()


def make_app(gates: Gates, **options: bool) -> Flask:
    """Return an application with one view for each way a request can go."""
    app = Flask(__name__, static_folder=str(Path(__file__).parent), static_url_path="/static")
    app.secret_key = "test"  # noqa: S105 - signs a test's cookies
    app.config.update({name.upper(): value for name, value in options.items()})
    app.register_blueprint(views(gates))

    @app.before_request
    def maybe_fail() -> None:
        if "early" in request.args:
            raise Teapot("before the view")

    AtalaiaFlask(app)
    return app


def views(gates: Gates) -> Blueprint:  # noqa: C901 - a list of small views
    """Return the views."""
    pages = Blueprint("pages", __name__)

    @pages.get("/api/chamados/<int:number>")
    def show(number: int) -> dict[str, int]:
        logging_lib.get_logger("app").info("shown", number=number)
        return {"id": number}

    @pages.post("/login")
    def login() -> str:
        session["user_id"] = 123
        return "ok"

    @pages.get("/boom")
    def boom() -> NoReturn:
        raise Teapot("short and stout")

    @pages.get("/aborted")
    def aborted() -> NoReturn:
        abort(503)

    @pages.get("/slow")
    def slow() -> Response:
        def body() -> Iterator[bytes]:
            yield b"first"
            gates.first_byte_read.wait(60)
            yield b"last"

        return Response(stream_with_context(body()))

    @pages.get("/broken")
    def broken() -> Response:
        def body() -> Iterator[bytes]:
            yield b"first"
            raise Teapot("in the middle")

        return Response(body())

    @pages.get("/endless")
    def endless() -> Response:
        def body() -> Iterator[bytes]:
            try:
                while True:
                    yield CHUNK
            finally:
                gates.stream_closed.set()

        return Response(body())

    return pages


@pytest.fixture
def gates() -> Gates:
    """Return the gates between a test and its views."""
    return Gates()


@pytest.fixture
def client(lines: Lines, gates: Gates) -> Iterator[httpx.Client]:
    """Return a client of the application behind waitress."""
    assert lines() == []
    with serve_in_thread(make_app(gates)) as server, httpx.Client(base_url=server.url, timeout=60) as http:
        http.headers["User-Agent"] = "Test/1.0"
        yield http


def one(lines: Lines) -> dict[str, object]:
    """Return the only request record."""
    (record,) = awaited(lines, 1)
    return dict(record)


def test_the_record_has_the_documented_keys_in_order(client: httpx.Client, lines: Lines) -> None:
    """The nine documented keys come first, then optional ones in the documented order, and the values are right."""
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
        "endpoint": "/api/chamados/<int:number>",
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


@pytest.mark.parametrize(
    ("method", "path", "endpoint", "status", "level"),
    [
        ("GET", "/nowhere/42", UNMATCHED, 404, "WARNING"),
        ("PUT", "/api/chamados/9", "/api/chamados/<int:number>", 405, "WARNING"),
        ("HEAD", "/api/chamados/9", "/api/chamados/<int:number>", 200, "INFO"),
        ("OPTIONS", "/login", "/login", 200, "INFO"),
        ("GET", "/static/conftest.py", "/static/<path:filename>", 200, "INFO"),
        ("GET", "/static/none", "/static/<path:filename>", 404, "WARNING"),
        ("GET", "/aborted", "/aborted", 503, "ERROR"),
        ("GET", "/boom", "/boom", 500, "ERROR"),
        ("GET", "/api/chamados/1?early=1", "/api/chamados/<int:number>", 500, "ERROR"),
    ],
)
def test_every_way_a_request_can_go(  # noqa: PLR0913, PLR0917 - one case of a table
    client: httpx.Client,
    lines: Lines,
    method: str,
    path: str,
    endpoint: str,
    status: int,
    level: str,
) -> None:
    """Template, status and level for each; the bytes are those the client received; the outcome is completed."""
    answer = client.request(method, path)
    record = one(lines)
    assert answer.status_code == status
    assert (record["endpoint"], record["status_code"], record["level"]) == (endpoint, status, level)
    assert record["response_bytes"] == len(answer.content)
    assert record["outcome"] == "completed"
    assert [key for key in DOCUMENTED_KEYS if key not in record] == []


@pytest.mark.parametrize("path", ["/boom", "/api/chamados/1?early=1"])
def test_an_unhandled_exception_is_told(client: httpx.Client, lines: Lines, path: str) -> None:
    """Type, message and stack trace are in the record; the framework's own line has the same request id."""
    client.get(path)
    record = one(lines)
    assert record["error_type"] == f"{Teapot.__module__}.Teapot"
    assert record["error_message"] in {"short and stout", "before the view"}
    assert str(record["stack_trace"]).startswith("Traceback (most recent call last):\n")
    framework = [line for line in lines() if str(line.get("event")).startswith("Exception on")]
    assert [line["request_id"] for line in framework] == [record["request_id"]]


@pytest.mark.parametrize("option", ["propagate_exceptions", "testing"])
def test_a_propagated_exception_is_recorded_once(lines: Lines, gates: Gates, option: str) -> None:
    """Where Flask passes the exception on, the record is written with status 500 and the exception goes on."""
    app = make_app(gates, **{option: True})
    with pytest.raises(Teapot):
        app.test_client().get("/boom")
    record = one(lines)
    assert (record["status_code"], record["level"], record["endpoint"]) == (500, "ERROR", "/boom")
    assert record["error_message"] == "short and stout"


def test_a_streamed_body_counts_until_its_last_byte(client: httpx.Client, lines: Lines, gates: Gates) -> None:
    """While the body is under way there is no record; afterwards its time covers the wait in the middle."""
    with client.stream("GET", "/slow") as answer:
        body = answer.iter_raw()
        assert next(body) == b"first"
        began = datetime.now(tz=UTC)
        assert requests_of(lines()) == []
        threading.Event().wait(0.05)
        gates.first_byte_read.set()
        assert b"".join(body) == b"last"
        waited = (datetime.now(tz=UTC) - began).total_seconds()
    record = one(lines)
    assert float(str(record["response_time"])) >= 0.05
    assert waited >= 0.05
    assert (record["response_bytes"], record["outcome"], record["status_code"]) == (9, "completed", 200)


def test_a_stream_that_breaks_is_an_error(client: httpx.Client, lines: Lines) -> None:
    """The status had been sent as 200; outcome, level and error say what happened."""
    with pytest.raises(httpx.RemoteProtocolError):
        client.get("/broken")
    record = one(lines)
    assert (record["status_code"], record["outcome"], record["level"]) == (200, "stream_failed", "ERROR")
    assert (record["error_message"], record["response_bytes"]) == ("in the middle", 5)


def test_a_client_that_leaves_is_told_apart(client: httpx.Client, lines: Lines, gates: Gates) -> None:
    """A client that hangs up in an endless body ends it; the record says who gave up."""
    with socket.create_connection((client.base_url.host, client.base_url.port or 80)) as raw:
        raw.sendall(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 200")
    assert gates.stream_closed.wait(60)
    record = one(lines)
    assert (record["status_code"], record["outcome"], record["level"]) == (200, "client_disconnected", "WARNING")
    assert record["user_agent"] is None


def test_the_sessions_user_is_in_the_record(client: httpx.Client, lines: Lines) -> None:
    """The request that signs in and those after it carry the user; another client stays anonymous."""
    client.post("/login")
    client.get("/api/chamados/1")
    httpx.get(f"{client.base_url}/api/chamados/1", timeout=60)
    assert [record["user_id"] for record in awaited(lines, 3)] == [123, 123, None]


def test_a_callback_tells_the_user_and_may_fail(lines: Lines) -> None:
    """The callback runs within the request; its exception is logged with the request id and breaks nothing."""
    app = Flask(__name__)

    def who() -> UserId:
        name: str = g.nome
        return name

    @app.get("/<nome>")
    def index(nome: str) -> str:
        if nome != "ninguem":
            g.nome = nome
        return "ok"

    AtalaiaFlask(app, user_id=who)
    assert [app.test_client().get(path).text for path in ("/ana", "/ninguem")] == ["ok", "ok"]
    first, second = awaited(lines, 2)
    assert (first["user_id"], second["user_id"]) == ("ana", None)
    (failed,) = [record for record in lines() if record.get("event") == "user_id callback failed"]
    assert (failed["error_type"], failed["request_id"]) == ("AttributeError", second["request_id"])


def test_a_callback_nobody_would_wait_for_is_refused() -> None:
    """Flask's own views may be coroutine functions; this would never be awaited."""

    async def who() -> str:
        await asyncio.sleep(0)
        return "ana"

    with pytest.raises(AtalaiaError, match="the user_id callback is a coroutine function"):
        AtalaiaFlask(user_id=who)  # type: ignore[arg-type] # the mistake itself


def test_nothing_leaks_from_one_request_to_another(client: httpx.Client, lines: Lines) -> None:
    """Eight threads at once: every line of a request has its own request id, and no line outside one has any."""

    def ask(thread: int) -> None:
        with httpx.Client(base_url=client.base_url, timeout=60) as own:
            for number in range(20):
                sent = thread * 100 + number
                own.get(f"/api/chamados/{sent}", headers={"X-Request-ID": f"id-{sent}"})

    threads = [threading.Thread(target=ask, args=(thread,)) for thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    awaited(lines, 160)
    logging_lib.get_logger("app").info("outside")
    written = [line for line in lines() if line["logger"] == "app"]
    shown = [line for line in written if line["event"] == "shown"]
    assert len(shown) == 160
    assert all(line["request_id"] == f"id-{line['number']}" for line in shown)
    assert ["request_id" in line for line in written if line["event"] == "outside"] == [False]


def test_the_extension_wants_configuration_once(lines: Lines) -> None:
    """Without a configuration, or twice on one application, it refuses and says what to do."""
    app = Flask(__name__)
    extension = AtalaiaFlask(app)
    assert lines() == []
    with pytest.raises(AtalaiaError, match="initialise it once"):
        extension.init_app(app)
    logging_lib.shutdown()
    with pytest.raises(AtalaiaError, match="configure"):
        AtalaiaFlask(Flask(__name__))
