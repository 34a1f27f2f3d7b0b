"""What runs inside our own containers, run here by the same commands and environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import yaml

from tests.atalaia.kibana.standin import StandIn, serving
from tests.kibana.saved_objects import Json, mapping, sequence, text
from tests.ports import free_port

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
    with running_in(None, command, variables) as process:
        yield process


@contextmanager
def running_in(
    folder: Path | None, command: Sequence[str | Path], variables: Mapping[str, str]
) -> Iterator[subprocess.Popen[str]]:
    """Run a command in a folder while the block runs, then end it."""
    with subprocess.Popen(
        [str(part) for part in command],
        env=environment(**variables),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=30)


def logged(folder: Path, endpoint: str) -> dict[str, Json]:
    """Wait for the one record of an endpoint: it is written when the last byte is sent, so just after the answer."""
    deadline = time.monotonic() + 60
    while True:
        lines = [line for file in folder.glob("ti-osn-*.ndjson") for line in file.read_text("utf-8").splitlines()]
        found = [record for record in map(json.loads, lines) if record.get("endpoint") == endpoint]
        if found:
            (record,) = found
            return mapping(record)
        assert time.monotonic() < deadline, f"no record of {endpoint} in {folder}"
        time.sleep(0.02)


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
    retrying = httpx.HTTPTransport(retries=8)
    with (
        running(*command, **variables, ATALAIA_ENVIRONMENT="staging"),
        httpx.Client(transport=retrying, timeout=60) as client,
    ):
        assert client.get(f"http://127.0.0.1:{port}/health", timeout=60).status_code == 200
        request = logged(tmp_path, "/health")
    assert request["status_code"] == 200
    assert request["environment"] == "staging"


def printed(process: subprocess.Popen[str], expected: str, times: int = 1) -> None:
    """Read the output until a text has come as often as asked for; fail when the process ends before."""
    assert process.stdout is not None
    seen: list[str] = []
    for line in process.stdout:
        seen.append(line)
        if sum(expected in each for each in seen) == times:
            return
    raise AssertionError(f"the process ended before printing {expected!r} {times} times:\n{''.join(seen)}")


def wait_for(path: Path) -> None:
    """Wait until a file is there."""
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline, f"no {path}"
        time.sleep(0.02)


def last_week() -> str:
    """Return the last complete ISO week in UTC, as the file of its report is named."""
    year, week, _ = (datetime.now(UTC) - timedelta(days=7)).isocalendar()
    return f"{year}-W{week:02d}"


def analyzers(folder: Path, store: str) -> tuple[list[str], dict[str, str]]:
    """Return the container's command and variables, with its working directory here and a check each second."""
    described = service("analyzers")
    words = [text(word) for word in sequence(described["command"])]
    schedule = (ROOT / "docker" / "schedule.toml").read_text(encoding="utf-8")
    (folder / "schedule.toml").write_text(schedule.replace('every = "1m"', 'every = "1s"'), encoding="utf-8")
    given = {"ATALAIA_STORE": store, "ATALAIA_SCHEDULE": "schedule.toml", "ATALAIA_WEBHOOK": ""}
    assert set(given) <= set(mapping(described["environment"]))
    return [str(BIN / words[0]), *words[1:]], given


def health() -> list[str]:
    """Return the container's health check."""
    check = [text(word) for word in sequence(mapping(service("analyzers")["healthcheck"])["test"])]
    assert check[0] == "CMD"
    return [str(BIN / check[1]), *check[2:]]


def test_the_analyzers_check_and_report_on_a_schedule(tmp_path: Path) -> None:
    """The scheduler runs the real commands on a real store: a check each turn, the weekly report once."""
    log = tmp_path / "access.log"
    now = datetime.now(UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")
    log.write_text(f'192.0.2.1 - - [{now}] "GET / HTTP/1.1" 200 12 "-" "-"\n' * 30, encoding="ascii")
    store = tmp_path / "store"
    ingest = [str(word) for word in (BIN / "atalaia", "ingest", log, "--pipeline", "access", "--store", store)]
    subprocess.run(ingest, check=True, env=environment(), capture_output=True)
    command, variables = analyzers(tmp_path, str(store))
    with running_in(tmp_path, command, variables) as process:
        printed(process, "error_rate", times=2)
        wait_for(tmp_path / "reports" / f"{last_week()}.html")
    assert (tmp_path / "atalaia-alerts.sqlite").is_file()
    assert [path.name for path in (tmp_path / "reports").iterdir()] == [f"{last_week()}.html"]


def test_an_unreachable_store_is_unhealthy_and_does_not_end_the_scheduler(tmp_path: Path) -> None:
    """No answer is told and makes the container unhealthy; the next turn tries again."""
    command, variables = analyzers(tmp_path, f"http://127.0.0.1:{free_port()}")
    with running_in(tmp_path, command, variables) as process:
        printed(process, "FAILED alerts: failed (2)", times=2)
        checked = subprocess.run(health(), check=False, cwd=tmp_path, env=environment(**variables), capture_output=True)
    assert checked.returncode == 1
    assert b"cannot reach" in checked.stdout


def test_the_dashboards_are_imported_by_the_containers_own_command() -> None:
    """The set-up job's command and environment, with the address of a server that answers as Kibana does."""
    described = service("kibana-setup")
    words = [text(word) for word in sequence(described["command"])]
    given = {name: text(value) for name, value in mapping(described["environment"]).items()}
    kibana = StandIn(starting=1, authorization="Basic ZWxhc3RpYzpwYSR3b3Jk")
    with serving(kibana) as url:
        variables = given | {"ATALAIA_KIBANA": url, "ATALAIA_ES_PASSWORD": "pa$word", "PYTHONPATH": str(ROOT)}
        command = [str(BIN / words[0]), *words[1:]]
        done = subprocess.run(command, check=False, env=environment(**variables), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert ("dashboard", "atalaia-operations") in kibana.objects
