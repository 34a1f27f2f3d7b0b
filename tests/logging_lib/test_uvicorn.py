"""uvicorn's own messages reach the file: a real server, alone and with workers."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.logging_lib.processes import Running, asked, running

APP = """
import logging_lib
logging_lib.configure()

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    if scope["path"] == "/boom":
        raise LookupError("no such table")
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"x"})
"""
UVICORN = ("uvicorn", "app:app", "--port", "0", "--host", "127.0.0.1")
SERVICE = {"ATALAIA_SERVICE": "ti-osn"}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Return a directory with the application and the configuration file for the command line."""
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    with (tmp_path / "log.json").open("wb") as file:
        subprocess.run([sys.executable, "-m", "logging_lib.uvicorn"], check=True, stdout=file)
    return tmp_path


def address(server: Running) -> str:
    """Return where the server listens, by its own message."""
    found = re.search(r"http://127\.0\.0\.1:\d+", str(server.event("Uvicorn running on")["event"]))
    assert found
    server.event("Application startup complete")
    return found[0]


@pytest.mark.parametrize(
    "options",
    [(), ("--workers", "2", "--timeout-worker-healthcheck", "60"), ("--no-use-colors",)],
    ids=["one", "workers", "colours"],
)
def test_all_messages_are_lines(directory: Path, options: tuple[str, ...]) -> None:
    """Start, access, the application's exception and the end are in the file, once each; nothing is printed."""
    with running(directory, *UVICORN, "--log-config", "log.json", *options, **SERVICE) as server:
        url = address(server)
        assert (asked(f"{url}/"), asked(f"{url}/boom")) == (200, 500)
        failed = server.event("Exception in ASGI application")
        records = server.stop()
    assert (failed["level"], failed["logger"], failed["error_type"]) == ("ERROR", "uvicorn.error", "LookupError")
    events = [str(record["event"]) for record in records]
    assert sum('"GET / HTTP/1.1" 200' in event for event in events) == 1, "without middleware the access line stays"
    assert sum(event.startswith("Uvicorn running on") for event in events) == 1
    assert any(event.startswith(("Finished server process", "Stopping parent process")) for event in events)
    assert not any("color_message" in record for record in records)
    assert server.output.read_bytes() == b""


def test_without_a_configuration_the_workers_messages_are_lines(directory: Path) -> None:
    """``uvicorn app:app`` as it is: from the application's ``configure`` on, the file has what the terminal has."""
    with running(directory, *UVICORN, **SERVICE) as server:
        url = address(server)
        assert asked(f"{url}/") == 200
        records = server.stop()
    events = [str(record["event"]) for record in records]
    assert sum('"GET / HTTP/1.1" 200' in event for event in events) == 1
    assert any(event.startswith("Finished server process") for event in events)
    assert '"GET / HTTP/1.1" 200' in server.output.read_text(encoding="utf-8")
