"""Each line has the ids of its own request: in tasks, in threads of the pool, and over WebSockets there are none."""

from __future__ import annotations

import asyncio
import threading

import httpx
import pytest
import structlog
import websockets.sync.client
from fastapi import FastAPI, Request
from starlette.authentication import AuthCredentials, AuthenticationBackend, BaseUser, SimpleUser
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import HTTPConnection

import logging_lib
from logging_lib.asgi import AtalaiaASGI
from tests.logging_lib.asgi_app import Gates, fastapi_app
from tests.logging_lib.serving import uvicorn_in_thread
from tests.logging_lib.support import Lines, awaited


def interleaving_app() -> FastAPI:
    """Return an application whose requests bind values and log in tasks and threads, with time for others between."""
    app = FastAPI()
    log = logging_lib.get_logger("app")

    def count() -> None:
        trace = logging_lib.current_trace()
        assert trace is not None
        trace.add_query(0.5)

    async def say(number: int, where: str) -> None:
        await asyncio.sleep(0.002)
        await asyncio.to_thread(count)
        log.info("said", number=number, where=where)

    @app.get("/lines/{number}")
    async def lines(number: int) -> str:
        structlog.contextvars.bind_contextvars(bound=number)
        await say(number, "call")
        await asyncio.gather(say(number, "task"), asyncio.create_task(say(number, "task")))
        await asyncio.to_thread(log.info, "said", number=number, where="thread")
        return "ok"

    @app.get("/threaded/{number}")
    def threaded(number: int) -> str:
        structlog.contextvars.bind_contextvars(bound=number)
        threading.Event().wait(0.002)
        count()
        log.info("said", number=number, where="pool")
        return "ok"

    return app


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_nothing_leaks_between_tasks_and_threads(lines: Lines, loop: str) -> None:
    """120 requests at once, over connections kept open: ids, bound values and query counts are each request's own."""
    assert lines() == []

    async def ask_all(url: str) -> None:
        limits = httpx.Limits(max_connections=30)
        async with httpx.AsyncClient(base_url=url, limits=limits, timeout=30) as client:
            await asyncio.gather(*(ask(client, number) for number in range(120)))

    async def ask(client: httpx.AsyncClient, number: int) -> None:
        path = "/threaded" if number % 3 == 0 else "/lines"
        answer = await client.get(f"{path}/{number}", headers={"X-Request-ID": f"id-{number}"})
        assert (answer.status_code, answer.headers["X-Request-ID"]) == (200, f"id-{number}")

    with uvicorn_in_thread(AtalaiaASGI(interleaving_app()), loop=loop) as (host, port):
        asyncio.run(ask_all(f"http://{host}:{port}"))
    records = awaited(lines, 120)
    assert [record["db_queries"] for record in records] == [
        1 if record["endpoint"] == "/threaded/{number}" else 3 for record in records
    ]
    said = [line for line in lines() if line.get("event") == "said"]
    assert len(said) == 40 + 80 * 4
    assert all((line["request_id"], line["bound"]) == (f"id-{line['number']}", line["number"]) for line in said)
    ids = {(record["request_id"], record["trace_id"], record["span_id"]) for record in records}
    assert {(line["request_id"], line["trace_id"], line["span_id"]) for line in said} == ids


def test_a_websocket_passes_and_has_no_record(lines: Lines) -> None:
    """A real WebSocket works through the middleware; there is no request to hand ids on from, and no record."""
    with uvicorn_in_thread(AtalaiaASGI(fastapi_app(Gates()))) as (host, port):
        with websockets.sync.client.connect(f"ws://{host}:{port}/ws") as talk:
            assert talk.recv() == "[]"
        httpx.get(f"http://{host}:{port}/docs", timeout=60)
    assert [record["endpoint"] for record in awaited(lines, 1)] == ["/docs"]


class Keyed(BaseUser):
    """A user with an identity of its own."""

    @property
    def is_authenticated(self) -> bool:
        """Tell that it is one."""
        return True

    @property
    def identity(self) -> str:
        """Return the key."""
        return "user-5"


class ByHeader(AuthenticationBackend):
    """Believes a header."""

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, BaseUser] | None:
        """Return whom the header names, or nobody."""
        await asyncio.sleep(0)
        name = conn.headers.get("x-name")
        if name is None:
            return None
        return AuthCredentials(), Keyed() if name == "keyed" else SimpleUser(name)


def test_the_user_is_where_starlette_puts_it(lines: Lines) -> None:
    """By AuthenticationMiddleware (identity, else name), by the session, by request.state; else nobody."""
    plain, guarded = FastAPI(), FastAPI()

    @plain.get("/login")
    async def login(request: Request) -> str:
        request.session["user_id"] = 123
        return "ok"

    @plain.get("/state")
    async def state(request: Request) -> str:
        request.state.user_id = "by-state"
        return "ok"

    @plain.get("/")
    async def index() -> str:
        return "ok"

    plain.add_middleware(SessionMiddleware, secret_key="test")  # noqa: S106 - signs a test's cookies
    guarded.add_middleware(AuthenticationMiddleware, backend=ByHeader())
    with (
        uvicorn_in_thread(AtalaiaASGI(plain)) as (host, port),
        httpx.Client(base_url=f"http://{host}:{port}", timeout=60) as client,
    ):
        for path in ("/", "/state", "/login", "/"):
            client.get(path)
    with uvicorn_in_thread(AtalaiaASGI(guarded)) as (host, port):
        for name in ("keyed", "ana"):
            httpx.get(f"http://{host}:{port}/", headers={"X-Name": name}, timeout=60)
        httpx.get(f"http://{host}:{port}/", timeout=60)
    users = [record["user_id"] for record in awaited(lines, 7)]
    assert users == [None, "by-state", 123, 123, "user-5", "ana", None]


@pytest.mark.parametrize(("proxies", "expected"), [("0", "127.0.0.1"), ("1", "203.0.113.9"), ("2", "198.51.100.7")])
def test_proxies_in_front_of_uvicorn(
    lines: Lines, monkeypatch: pytest.MonkeyPatch, proxies: str, expected: str
) -> None:
    """Header lines count in their order, as many as there are proxies; uvicorn's own belief is switched off."""
    monkeypatch.setenv("ATALAIA_TRUSTED_PROXIES", proxies)
    headers = [("X-Forwarded-For", "6.6.6.6, 198.51.100.7"), ("X-Forwarded-For", "203.0.113.9")]
    with uvicorn_in_thread(AtalaiaASGI(FastAPI()), proxy_headers=False) as (host, port):
        httpx.get(f"http://{host}:{port}/", headers=headers, timeout=60)
    assert [record["ip_address"] for record in awaited(lines, 1)] == [expected]
