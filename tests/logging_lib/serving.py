"""Real servers for the library's tests: uvicorn in a thread, gunicorn as a process, and raw sockets as clients."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import cast

import uvicorn

from tests.ports import free_port

ROOT = Path(__file__).parents[2]


def wait_until(reached: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something, but not for ever."""
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@contextmanager
def uvicorn_in_thread(app: object, **options: object) -> Iterator[tuple[str, int]]:
    """Serve an ASGI application with uvicorn on a free port of the loopback; yield host and port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        config = uvicorn.Config(app, log_config=None, **options)  # type: ignore[arg-type] # the options of the test
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            wait_until(lambda: server.started or not thread.is_alive())
            yield cast("tuple[str, int]", listening.getsockname())
        finally:
            server.should_exit = True
            thread.join(60)


@contextmanager
def gunicorn(module: Path, *arguments: str, **environ: str) -> Iterator[tuple[str, int]]:
    """Serve ``app`` of a module's file with gunicorn in processes of their own; yield host and port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *arguments, f"{module.stem}:app"]
    path = os.pathsep.join([str(module.parent), str(ROOT)])
    process = subprocess.Popen(command, cwd=module.parent, env={**os.environ, "PYTHONPATH": path, **environ})
    try:
        wait_until(lambda: process.poll() is not None or _listens(port))
        yield "127.0.0.1", port
    finally:
        process.terminate()
        process.wait(60)


def leave_early(address: tuple[str, int], request: bytes, wait: int = 1) -> None:
    """Send a request, read a few bytes of the answer and break the connection off (a reset, not a goodbye)."""
    with socket.create_connection(address, timeout=60) as raw:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raw.sendall(request)
        if wait:
            assert raw.recv(wait)


def _listens(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0
