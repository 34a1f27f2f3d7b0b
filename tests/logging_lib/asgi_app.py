"""An application with one route for each way an ASGI request can go; FastAPI, Starlette and mounts mixed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

from fastapi import APIRouter, BackgroundTasks, FastAPI, HTTPException, Request, WebSocket
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse, StreamingResponse
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

import logging_lib

HERE = Path(__file__)


class Teapot(Exception):  # noqa: N818 - the name a reader looks for in the record
    """What a view raises."""


class Handled(Exception):  # noqa: N818 - as above
    """What a view raises and a handler answers with 503."""


class Gates:
    """Where the test and a view wait for each other."""

    def __init__(self) -> None:
        self.first_byte_read = threading.Event()
        self.stream_closed = threading.Event()
        self.arrived = threading.Event()
        self.background = threading.Event()


def fastapi_app(gates: Gates) -> FastAPI:  # noqa: C901, PLR0915 - a list of small views
    """Return the application."""
    app = FastAPI()
    log = logging_lib.get_logger("app")

    @app.get("/api/chamados/{number}")
    async def show(number: int) -> dict[str, int]:
        await asyncio.sleep(0)
        log.info("shown", number=number)
        return {"id": number}

    @app.get("/threaded/{number}")
    def threaded(number: int) -> dict[str, int]:
        log.info("shown", number=number)
        return {"id": number}

    @app.post("/body")
    async def body(request: Request) -> int:
        gates.arrived.set()
        return len(await request.body())

    @app.get("/boom")
    async def boom() -> None:
        raise Teapot("short and stout")

    @app.get("/refused")
    async def refused() -> None:
        raise HTTPException(503)

    @app.get("/handled")
    async def handled() -> None:
        raise Handled("handled")

    @app.exception_handler(Handled)
    async def answer(_request: Request, _error: Exception) -> JSONResponse:
        return JSONResponse({}, status_code=503)

    @app.get("/slow")
    async def slow() -> StreamingResponse:
        async def chunks() -> AsyncIterator[bytes]:
            yield b"first"
            await asyncio.to_thread(gates.first_byte_read.wait, 10)
            yield b"last"

        return StreamingResponse(chunks())

    @app.get("/broken")
    async def broken() -> StreamingResponse:
        async def chunks() -> AsyncIterator[bytes]:
            yield b"first"
            raise Teapot("in the middle")

        return StreamingResponse(chunks())

    @app.get("/endless")
    async def endless() -> StreamingResponse:
        async def chunks() -> AsyncIterator[bytes]:
            try:
                while True:
                    yield b"x" * 65536
                    await asyncio.sleep(0)
            finally:
                gates.stream_closed.set()

        return StreamingResponse(chunks())

    @app.get("/file")
    async def file() -> FileResponse:
        return FileResponse(HERE)

    @app.get("/later")
    async def later(tasks: BackgroundTasks) -> str:
        def fail() -> None:
            log.info("in the background")
            gates.background.wait(60)
            raise Teapot("too late")

        tasks.add_task(fail)
        return "ok"

    @app.websocket("/ws")
    async def talk(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(str(sorted(logging_lib.outgoing_headers())))
        await socket.close()

    def echo(value: str) -> str:
        return value

    inner = APIRouter(prefix="/notes")
    inner.add_api_route("/{value}", echo)
    outer = APIRouter(prefix="/v1/{team}")
    outer.include_router(inner)
    app.include_router(outer, prefix="/api")
    app.mount("/static", StaticFiles(directory=HERE.parent))
    sub = FastAPI()
    sub.add_api_route("/x/{value}", echo)
    app.mount("/sub", sub)
    app.router.add_route("/plain/{removed}", plain, methods=["DELETE"])
    app.router.add_route("/plain/{shown}", plain)
    app.mount("/tenants/{tenant}", Starlette(routes=routes()))
    return app


async def plain(_request: Request) -> PlainTextResponse:
    """Answer as Starlette's own routes do."""
    await asyncio.sleep(0)
    return PlainTextResponse("page")


def routes() -> list[Route | Mount]:
    """Return routes of Starlette, a mount within among them."""
    return [
        Route("/pages/{page:int}", plain),
        Mount("/deep/{level}", routes=[Route("/{leaf}", plain, methods=["POST"])]),
        Mount("/flat", routes=[Route("/{leaf}", plain)]),
        Mount("/files", app=StaticFiles(directory=HERE.parent)),
    ]
