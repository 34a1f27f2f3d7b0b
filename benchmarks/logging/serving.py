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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from typing import Final, NamedTuple, TypeAlias

import psutil

from benchmarks.figures import Figure
from benchmarks.logging import helpdesk
from tests.servers import PostgresServer, RedisServer

REQUESTS: Final = 200
ROUNDS: Final = 5
STARTS: Final = 9
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


Costs: TypeAlias = Mapping[str, Mapping[str, Cost]]
"""Path -> what ``LOGGED`` said -> what a request took."""


def figures() -> list[Figure]:
    """Measure servers that stand beside each other in turn; one client asks.

    Two servers that are the same differ by some hundredths, by where their memory lies and which comes first. So all
    are started anew again and again, each time in another order, and the medians over all starts count.
    """
    with tempfile.TemporaryDirectory() as name, PostgresServer() as postgresql, RedisServer() as cache:
        helpdesk.fill(postgresql.url())
        servers = {"DATABASE": postgresql.url(), "REDIS": f"redis://127.0.0.1:{cache.port}"}
        environ = {**os.environ, **servers, "ATALAIA_LOG_DIRECTORY": name}
        starts = [_start(environ, _turned(list(KINDS), start)) for start in range(STARTS)]
        lines = sum(path.read_bytes().count(b"\n") for path in Path(name).iterdir())
        asked = STARTS * (len(KINDS) - 1) * len(PATHS) * (ROUNDS + 1) * REQUESTS
        if lines < asked:
            raise ValueError(f"{lines} lines for {asked} requests")
    return [figure for path in PATHS for figure in _compared(path, starts)]


def _turned(kinds: list[str], start: int) -> list[str]:
    """Return the kinds beginning with another one at each start, and every other time backwards."""
    turn = start % len(kinds)
    turned = kinds[turn:] + kinds[:turn]
    return turned[::-1] if start % 2 else turned


def _start(environ: Mapping[str, str], kinds: Sequence[str]) -> Costs:
    """Start the servers and return what a request of each path costs on each, as medians over the rounds."""
    with ExitStack() as stack:
        servers = {logged: stack.enter_context(_gunicorn({**environ, "LOGGED": logged})) for logged in kinds}
        return {path: _rounds(path, servers) for path in PATHS}


def _rounds(path: str, servers: Mapping[str, Server]) -> dict[str, Cost]:
    rounds = [{logged: _cost(server, path) for logged, server in servers.items()} for _ in range(ROUNDS + 1)][1:]
    return {
        logged: Cost(median(each[logged].clock for each in rounds), fmean(each[logged].processor for each in rounds))
        for logged in servers
    }


def _compared(path: str, starts: Sequence[Costs]) -> Iterator[Figure]:
    what = PATHS[path]
    found = [start[path] for start in starts]
    yield Figure(f"{what}, without", median(1 / each["no"].clock for each in found), "requests/s")
    for logged, called in KINDS.items():
        if logged == "no":
            continue
        ratio = median(each["no"].clock / each[logged].clock for each in found)
        added = fmean(each[logged].processor - each["no"].processor for each in found)
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
