"""How many requests a second a Flask application answers under gunicorn, with the middleware and without it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.figures import Figure

REQUESTS: Final = 1_500
ROUNDS: Final = 9
LIMIT: Final = 0.95
PATHS: Final = {"a page of 20 tickets": "/chamados/ti", "the smallest answer": "/chamado/7"}


def figures() -> list[Figure]:
    """Measure both in turn on two servers that stand beside each other, one worker each; one client asks."""
    with tempfile.TemporaryDirectory() as name:
        logs = Path(name)
        with _gunicorn(logs, logged="no") as plain, _gunicorn(logs, logged="yes") as logged:
            found = [figure for what, path in PATHS.items() for figure in _compared(what, path, plain, logged)]
        lines = sum(path.read_bytes().count(b"\n") for path in logs.iterdir())
        asked = len(PATHS) * (ROUNDS + 1) * REQUESTS
        if lines < asked:
            raise ValueError(f"{lines} lines for {asked} requests")
    return found


def _compared(what: str, path: str, plain: int, logged: int) -> Iterator[Figure]:
    _rate(plain, path)
    _rate(logged, path)
    pairs = [(_rate(plain, path), _rate(logged, path)) for _ in range(ROUNDS)]
    yield Figure(f"{what}, without", median(one for one, _ in pairs), "requests/s")
    yield Figure(f"{what}, with", median(two for _, two in pairs), "requests/s")
    least = LIMIT if what == next(iter(PATHS)) else None
    yield Figure(f"{what}, with / without", median(two / one for one, two in pairs), least=least)


def _rate(port: int, path: str) -> float:
    """Return the requests a second of one client that asks again as soon as it is answered."""
    started = time.perf_counter()
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for _ in range(REQUESTS):
        client.request("GET", path)
        answer = client.getresponse()
        answer.read()
        if answer.status != http.client.OK:
            raise ValueError(answer.status)
    client.close()
    return REQUESTS / (time.perf_counter() - started)


@contextmanager
def _gunicorn(logs: Path, *, logged: str) -> Iterator[int]:
    """Serve the application on a free port of the loopback interface."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port: int = listener.getsockname()[1]
        environ = {**os.environ, "LOGGED": logged, "ATALAIA_LOG_DIRECTORY": str(logs)}
        command = [
            sys.executable, "-m", "gunicorn", "benchmarks.logging.helpdesk:create()", "--workers", "1",
            "--threads", "2", "--bind", f"fd://{listener.fileno()}", "--log-level", "error",
        ]  # fmt: skip
        server = subprocess.Popen(command, env=environ, pass_fds=[listener.fileno()])
        try:
            yield port
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
