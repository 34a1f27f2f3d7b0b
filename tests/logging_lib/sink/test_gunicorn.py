"""A real gunicorn with four preloaded workers that are recycled: every answered request has its line, whole."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from logging_lib.values import Record

WORKERS = 4
REQUESTS = 1200

# Configured before the fork: with --preload the master imports it, and its workers inherit the open log.
APPLICATION = """
import os
import logging_lib
from flask import Flask
from logging_lib.flask import AtalaiaFlask

logging_lib.configure(service="ti-osn")
app = Flask(__name__)
AtalaiaFlask(app)
log = logging_lib.get_logger("app")

@app.get("/api/chamados/<int:number>")
def chamado(number):
    log.info("asked", number=number)
    return {"worker": os.getpid(), "descriptors": len(os.listdir("/proc/self/fd"))}
"""


@contextmanager
def gunicorn(directory: Path, **environ: str) -> Iterator[httpx.Client]:
    """Serve the application on a Unix socket until the block ends; the server is told to end as systemd does it."""
    (directory / "application.py").write_text(APPLICATION, encoding="utf-8")
    socket = directory / "socket"
    options = (
        f"--preload --timeout 120 --workers {WORKERS} --max-requests 100 --max-requests-jitter 50 --bind unix:{socket}"
    )
    environ |= {"ATALAIA_LOG_DIRECTORY": str(directory / "logs"), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "gunicorn", *options.split(), "application:app"]
    with (directory / "messages").open("wb") as messages:
        server = subprocess.Popen(command, cwd=directory, env=os.environ | environ, stderr=messages)
    try:
        deadline = time.monotonic() + 60
        while not socket.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(socket), retries=5), timeout=120) as client:
            yield client
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(120)


def read(directory: Path) -> list[Record]:
    """Return the lines of the log; each must be whole."""
    return [
        json.loads(line) for path in (directory / "logs").iterdir() for line in path.read_bytes().split(b"\n") if line
    ]


def load(client: httpx.Client) -> list[dict[str, int]]:
    """Send the requests, eight at a time, and return the answers."""

    def ask(number: int) -> dict[str, int]:
        answer: dict[str, int] = client.get(f"http://localhost/api/chamados/{number}").raise_for_status().json()
        return answer

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(ask, range(REQUESTS)))


def test_every_request_has_its_line(tmp_path: Path) -> None:
    """Of 1,200 answered requests each has one record and one message, from more workers than run at once."""
    with gunicorn(tmp_path) as client:
        answers = load(client)
    lines = read(tmp_path)
    paths = Counter(str(line["path"]) for line in lines if "endpoint" in line)
    assert paths == {f"/api/chamados/{number}": 1 for number in range(REQUESTS)}
    asked = Counter(line["number"] for line in lines if line.get("event") == "asked")
    assert asked == dict.fromkeys(range(REQUESTS), 1)
    assert len({answer["worker"] for answer in answers}) > WORKERS  # some were recycled
    assert max(answer["descriptors"] for answer in answers) < 30


def test_repeated_lines_are_all_counted(tmp_path: Path) -> None:
    """A worker that is recycled or told to end says what it held back: shown and held back are the lines logged."""
    with gunicorn(tmp_path, ATALAIA_LOG_REPEAT_LIMIT="20/900s") as client:
        load(client)
    lines = read(tmp_path)
    shown = sum(line.get("event") == "asked" for line in lines)
    told = [int(str(line["held_back"])) for line in lines if line.get("repeated_event") == "asked"]
    assert shown + sum(told) == REQUESTS
    assert shown < REQUESTS / 2


@pytest.mark.parametrize("rate", ["7", "1000"])
def test_sampled_requests_are_all_counted(tmp_path: Path, rate: str) -> None:
    """Workers that are recycled or told to end write what they hold back: the weights are the requests."""
    with gunicorn(tmp_path, ATALAIA_LOG_SAMPLE=rate, ATALAIA_LOG_SAMPLE_SLOW="60") as client:
        load(client)
    lines = [line for line in read(tmp_path) if "endpoint" in line]
    assert sum(int(str(line.get("sample_weight", 1))) for line in lines) == REQUESTS
    assert len(lines) < REQUESTS / 2
