"""A plain WSGI application with its log lines, for servers that run in processes of their own; and a Flask one.

``WHAT`` in the environment chooses the application, ``LOGS`` the directory of the log.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import copy_context
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import structlog

import logging_lib
from logging_lib.wsgi import RequestLog

BIG = 2_000_000
Answer = Iterable[bytes]


def plain(environ: WSGIEnvironment, start_response: StartResponse) -> Answer:
    """Serve by the first part of the path."""
    name = environ["PATH_INFO"].split("/")[1]
    environ["atalaia.endpoint"] = f"/{name}/<rest>"
    return PAGES.get(name, none)(environ, start_response)


def none(_environ: WSGIEnvironment, start_response: StartResponse) -> Answer:
    """Answer 404."""
    start_response("404 Not Found", [("Content-Length", "2")])
    return [b"no"]


def file(environ: WSGIEnvironment, start_response: StartResponse) -> Answer:
    """Hand this file, or the big one, over to the server."""
    path = Path(__file__) if "big" not in environ["PATH_INFO"] else Path(os.environ["LOGS"]) / "big.bin"
    opened = path.open("rb")
    start_response("200 OK", [("Content-Length", str(path.stat().st_size))])
    wrapped: Answer = environ["wsgi.file_wrapper"](opened)
    return wrapped


def stream(_environ: WSGIEnvironment, start_response: StartResponse) -> Answer:
    """Stream without end."""
    start_response("200 OK", [])
    while True:
        yield b"x" * 65536


def boom(_environ: WSGIEnvironment, _start_response: StartResponse) -> Answer:
    """Fail before the response begins."""
    raise ValueError("short and stout")


def lines(environ: WSGIEnvironment, start_response: StartResponse) -> Answer:
    """Bind a value, say something before, in the middle and at the end, with time for others in between."""
    number = int(environ["PATH_INFO"].rsplit("/", 1)[1])
    log = logging_lib.get_logger("app")
    structlog.contextvars.bind_contextvars(bound=number)

    def say(where: str) -> None:
        log.info("said", number=number, where=where)

    def body() -> Iterator[bytes]:
        say("first")
        time.sleep(0.003)
        yield b"a"
        helper = threading.Thread(target=copy_context().run, args=(say, "helper"))
        helper.start()
        helper.join()
        time.sleep(0.003)
        yield b"b"
        say("last")

    say("call")
    time.sleep(0.003)
    start_response("200 OK", [])
    return body()


PAGES: dict[str, Callable[[WSGIEnvironment, StartResponse], Answer]] = {
    "file": file,
    "stream": stream,
    "boom": boom,
    "lines": lines,
}

if "LOGS" in os.environ:
    logging_lib.configure(service="ti-osn", environment="test", directory=os.environ["LOGS"])
    app = RequestLog(plain)
