"""Real servers under load whose workers are killed: every answered request has its lines, whole."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from tests.end_to_end.load.client import Client
from tests.end_to_end.load.talking import LINES_EACH
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
LINES = 550_000  # for each of the two servers: more than 1,000,000 in all
WORKERS = 4
KILLS = 20

GUNICORN = (
    "gunicorn",
    "tests.end_to_end.load.flask_app:create()",
    "--preload",
    "--threads",
    "4",
    "--log-level",
    "error",
)
UVICORN = (
    *("uvicorn", "--factory", "tests.end_to_end.load.asgi_app:create", "--log-level", "error", "--no-access-log"),
    *("--timeout-worker-healthcheck", "60"),
)


@contextmanager
def served(server: Sequence[str], logs: Path) -> Iterator[tuple[int, psutil.Process]]:
    """Run a server with four workers on a free port; yield the port and the process that minds the workers."""
    port = free_port()
    where = ["--bind", f"127.0.0.1:{port}"] if server[0] == "gunicorn" else ["--port", f"{port}"]
    command = [sys.executable, "-m", *server, "--workers", f"{WORKERS}", *where]
    environ = {**os.environ, "ATALAIA_LOG_DIRECTORY": str(logs), "ATALAIA_LOG_CONSOLE": "no"}
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.DEVNULL)
    try:
        await_answer(port)
        yield port, psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(300)  # uvicorn first waits five seconds for each worker that has just been killed


def await_answer(port: int) -> None:
    """Wait until somebody listens, two minutes at the most."""
    deadline = time.monotonic() + 120
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return


def kill_workers(master: psutil.Process, done: threading.Event, killed: list[int]) -> None:
    """Kill one worker after the other with SIGKILL, chosen by chance, until it is enough."""
    chance = random.Random(6)  # noqa: S311 - a schedule, not a secret
    while len(killed) < KILLS and not done.wait(chance.uniform(0.2, 0.6)):
        workers = [child for child in master.children() if is_worker(child)]
        if len(workers) > 1:
            worker = chance.choice(workers)
            with suppress(psutil.NoSuchProcess):  # the server itself has just replaced it
                worker.send_signal(signal.SIGKILL)
                killed.append(worker.pid)


def is_worker(child: psutil.Process) -> bool:
    """Tell a living worker from one that was killed and from multiprocessing's own helper."""
    try:
        return child.status() != psutil.STATUS_ZOMBIE and "resource_tracker" not in " ".join(child.cmdline())
    except psutil.Error:  # it ended meanwhile
        return False


@pytest.mark.slow
@pytest.mark.timeout(1800)  # for a machine that has other work, too
@pytest.mark.parametrize("server", [GUNICORN, UVICORN], ids=lambda server: str(server[0]))
def test_every_answered_request_has_its_line_and_none_is_torn(server: Sequence[str], tmp_path: Path) -> None:
    """Workers are killed while a client asks without pause; then the file is read, line by line.

    The kernel may end the last line of a process that is killed at a page of the file: that is the only broken line.
    """
    logs = tmp_path / "logs"
    done = threading.Event()
    killed: list[int] = []
    with served(server, logs) as (port, master), ThreadPoolExecutor(1) as pool:
        client = Client(port)
        killer = pool.submit(kill_workers, master, done, killed)
        try:
            client.ask_until(lambda: killer.done() and len(client.answered) * (LINES_EACH + 1) >= LINES)
        finally:
            done.set()
        killer.result()
    lines = [line for path in sorted(logs.glob("*.ndjson")) for line in path.read_bytes().splitlines(keepends=True)]
    assert len(lines) >= LINES
    records = [record for line in lines if (record := whole(line)) is not None]
    assert len(lines) - len(records) <= KILLS
    assert len({record["event_id"] for record in records}) == len(records)
    requests = Counter(record["request_id"] for record in records if "endpoint" in record)
    assert [name for name in client.answered if requests[name] != 1] == []
    said = Counter(record["request_id"] for record in records if record.get("event") == "working")
    assert [name for name in client.answered if said[name] != LINES_EACH] == []
    assert len(killed) == KILLS
    assert client.broken > 0  # the kills hit requests under way


def whole(line: bytes) -> dict[str, object] | None:
    """Return the record of a line; nothing of one that was cut."""
    try:
        record: dict[str, object] = json.loads(line)
    except ValueError:
        assert line.startswith(b'{"timestamp":"'), line
        return None
    return record
