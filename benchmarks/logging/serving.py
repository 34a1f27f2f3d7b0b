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
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

import psutil

from benchmarks.figures import Figure
from benchmarks.logging import helpdesk
from tests.servers import PostgresServer, RedisServer

REQUESTS: Final = 1_000
ROUNDS: Final = 15
LIMIT: Final = 0.95
PATHS: Final = {"/chamados/ti": "a page of the help desk", "/chamado/7": "the smallest answer"}
KINDS: Final = {"no": "nothing", "yes": "the middleware", "observed": "the middleware and the listener"}
"""What ``LOGGED`` says to the application, and what that is."""


@dataclass(frozen=True, slots=True)
class Server:
    """A gunicorn with one worker.

    Attributes:
        port: On the loopback interface.
        worker: The process that answers.
    """

    port: int
    worker: psutil.Process


class Cost(NamedTuple):
    """What a round of requests took, for each: seconds by the clock, and seconds of the worker's processor time."""

    clock: float
    processor: float


def figures() -> list[Figure]:
    """Measure servers that stand beside each other in turn, again and again; one client asks."""
    with tempfile.TemporaryDirectory() as name, PostgresServer() as postgresql, ExitStack() as stack:
        cache = stack.enter_context(RedisServer())
        helpdesk.fill(postgresql.url())
        environ = {
            **os.environ,
            "DATABASE": postgresql.url(),
            "REDIS": f"redis://127.0.0.1:{cache.port}",
            "ATALAIA_LOG_DIRECTORY": name,
        }
        servers = {logged: stack.enter_context(_gunicorn({**environ, "LOGGED": logged})) for logged in KINDS}
        found = [figure for path in PATHS for figure in _compared(path, servers)]
        lines = sum(path.read_bytes().count(b"\n") for path in Path(name).iterdir())
        asked = (len(KINDS) - 1) * len(PATHS) * (ROUNDS + 1) * REQUESTS
        if lines < asked:
            raise ValueError(f"{lines} lines for {asked} requests")
    return found


def _compared(path: str, servers: Mapping[str, Server]) -> Iterator[Figure]:
    what = PATHS[path]
    rounds = [{logged: _cost(server, path) for logged, server in servers.items()} for _ in range(ROUNDS + 1)][1:]
    yield Figure(f"{what}, without", median(1 / each["no"].clock for each in rounds), "requests/s")
    for logged, called in KINDS.items():
        if logged == "no":
            continue
        ratio = median(each["no"].clock / each[logged].clock for each in rounds)
        added = median(each[logged].processor - each["no"].processor for each in rounds)
        limited = path == next(iter(PATHS)) and logged == "yes"
        yield Figure(f"{what}, {called} / without", ratio, least=LIMIT if limited else None)
        yield Figure(f"{what}, processor time of {called}", added * 1e6, "µs")


def _cost(server: Server, path: str) -> Cost:
    """Let one client ask again as soon as it is answered, over one connection."""
    used = _processor_seconds(server.worker)
    started = time.perf_counter()
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    for _ in range(REQUESTS):
        client.request("GET", path)
        answer = client.getresponse()
        answer.read()
        if answer.status != http.client.OK:
            raise ValueError(answer.status)
    client.close()
    clock = time.perf_counter() - started
    return Cost(clock / REQUESTS, (_processor_seconds(server.worker) - used) / REQUESTS)


def _processor_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


@contextmanager
def _gunicorn(environ: Mapping[str, str]) -> Iterator[Server]:
    """Serve the application on a free port of the loopback interface."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port: int = listener.getsockname()[1]
        command = [
            sys.executable, "-m", "gunicorn", "benchmarks.logging.helpdesk:create()", "--workers", "1",
            "--threads", "2", "--bind", f"fd://{listener.fileno()}", "--log-level", "error",
        ]  # fmt: skip
        server = subprocess.Popen(command, env=environ, pass_fds=[listener.fileno()])
        try:
            yield Server(port, _worker(psutil.Process(server.pid)))
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def _worker(master: psutil.Process) -> psutil.Process:
    """Return the worker once there is one.

    Raises:
        ValueError: When there is none within half a minute.
    """
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for child in master.children():
            return child
        time.sleep(0.05)
    raise ValueError("gunicorn has started no worker")
