"""What runs inside our own containers, run here by the same commands and environment."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import yaml

from tests.kibana.saved_objects import Json, mapping, sequence, text

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def service(name: str) -> dict[str, Json]:
    """Return a service of the compose file."""
    loaded: Json = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return mapping(mapping(mapping(loaded)["services"])[name])


def environment(**replaced: str) -> dict[str, str]:
    """Return an environment like a container's: nothing of ours but what is given."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("ATALAIA", "PYTHON"))}
    return kept | {"PATH": f"{BIN}{os.pathsep}{kept['PATH']}", "PYTHONUNBUFFERED": "1"} | replaced


@contextmanager
def running(*command: str | Path, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command while the block runs, then end it."""
    with subprocess.Popen(
        [str(part) for part in command],
        env=environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=30)


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_the_help_desk_serves_and_logs_where_it_is_told(tmp_path: Path) -> None:
    """The container's own command (on a free port) answers, and its requests are in the shared log folder."""
    command = [text(word) for word in sequence(service("helpdesk")["command"])]
    listen = command.index("--listen=0.0.0.0:8080")
    port = free_port()
    command[listen] = f"--listen=127.0.0.1:{port}"
    command[0] = str(BIN / command[0])
    names = set(mapping(service("helpdesk")["environment"]))
    variables = {"PYTHONPATH": str(ROOT / "docker"), "ATALAIA_LOG_DIRECTORY": str(tmp_path)}
    assert names == {*variables, "ATALAIA_ENVIRONMENT"}
    retrying = httpx.HTTPTransport(retries=6)
    with running(*command, **variables, ATALAIA_ENVIRONMENT="staging"), httpx.Client(transport=retrying) as client:
        assert client.get(f"http://127.0.0.1:{port}/health", timeout=10).status_code == 200
    (file,) = tmp_path.glob("ti-osn-*.ndjson")
    records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    (request,) = [record for record in records if record.get("endpoint") == "/health"]
    assert request["status_code"] == 200
    assert request["environment"] == "staging"
