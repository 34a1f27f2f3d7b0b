"""gunicorn's own messages reach the file: a real master, real workers, real deaths."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.logging_lib.processes import Running, asked, running

APP = """
import os, signal, time
from flask import Flask
import logging_lib
from logging_lib.flask import AtalaiaFlask

logging_lib.configure()
app = Flask("app")
AtalaiaFlask(app)

@app.get("/")
def index():
    return "x"

@app.get("/die")
def die():
    os.kill(os.getpid(), signal.SIGKILL)

@app.get("/hang")
def hang():
    time.sleep(60)
"""
ALWAYS = ("gunicorn", "--bind", "127.0.0.1:0", "--workers", "1", "--access-logfile", "-", "app:app")
OURS = (*ALWAYS, "--logger-class", "logging_lib.gunicorn.Logger")
SERVICE = {"ATALAIA_SERVICE": "ti-osn"}


def address(server: Running) -> str:
    """Return where the server listens, by its own message."""
    found = re.search(r"http://127\.0\.0\.1:\d+", str(server.event("Listening at")["event"]))
    assert found
    return found[0]


@pytest.mark.parametrize("options", [(), ("--preload",)], ids=["plain", "preload"])
def test_deaths_of_workers_are_lines(tmp_path: Path, options: tuple[str, ...]) -> None:
    """Start, a killed worker, one that hangs and the end are told by the master; requests by the workers, once each."""
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    # Long enough for a worker to begin on a busy machine: it imports the application in this time.
    with running(tmp_path, *OURS, *options, "--timeout", "6", **SERVICE) as server:
        url = address(server)
        assert asked(f"{url}/") == 200
        assert asked(f"{url}/die") is None
        killed = server.line(lambda record: "SIGKILL" in str(record.get("event")))
        assert asked(f"{url}/hang") in {None, 500}  # the worker is told to stop, and may still answer
        hung = server.event("WORKER TIMEOUT")
        assert asked(f"{url}/") == 200
        records = server.stop()
    assert (killed["level"], killed["logger"], killed["service"]) == ("ERROR", "gunicorn.error", "ti-osn")
    assert hung["level"] == "CRITICAL"
    events = [str(record.get("event")) for record in records]
    assert sum(event.startswith("Starting gunicorn") for event in events) == 1
    assert events[-1].startswith("Shutting down")
    assert [record["status_code"] for record in records if record.get("endpoint") == "/"] == [200, 200]
    assert not [record for record in records if record["logger"] == "gunicorn.access"], "the request's record says it"
    printed = server.output.read_text(encoding="utf-8")
    assert printed.count("Listening at") == 1
    assert printed.count('"GET / HTTP/1.1" 200') == 2, "the access log that was asked for is still written"


def test_what_is_printed_already_is_not_printed_twice(tmp_path: Path) -> None:
    """With JSON on standard output, for a container, gunicorn's own text is left out of both streams."""
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    with running(tmp_path, *OURS, **SERVICE, ATALAIA_LOG_STREAM="stdout") as server:
        assert asked(f"{address(server)}/") == 200
        records = server.stop()
    printed = server.output.read_text(encoding="utf-8").splitlines()
    assert len(printed) == len(records)
    assert all(line.startswith("{") for line in printed)


def test_an_application_that_does_not_load_is_told(tmp_path: Path) -> None:
    """The worker's exception is a line with its trace."""
    (tmp_path / "app.py").write_text("raise LookupError('no such table')", encoding="utf-8")
    with running(tmp_path, *OURS, **SERVICE) as server:
        record = server.event("Exception in worker process")
        assert server.process.wait(60) != 0
    assert (record["error_type"], record["error_message"]) == ("LookupError", "no such table")


def test_without_a_service_the_master_says_what_to_do(tmp_path: Path) -> None:
    """Gunicorn ends at once, with the remedy and without a traceback."""
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    with running(tmp_path, *OURS) as server:
        assert server.process.wait(60) == 1
    printed = server.output.read_text(encoding="utf-8")
    assert "pass service=... or set ATALAIA_SERVICE" in printed
    assert "Traceback" not in printed


def test_the_configuration_file_may_name_the_service(tmp_path: Path) -> None:
    """``configure`` in gunicorn's own file holds for the master and its workers."""
    (tmp_path / "app.py").write_text(APP.replace("logging_lib.configure()", ""), encoding="utf-8")
    (tmp_path / "gunicorn.conf.py").write_text("import logging_lib\nlogging_lib.configure(service='by-file')\n")
    with running(tmp_path, *OURS) as server:
        assert asked(f"{address(server)}/") == 200
        records = server.stop()
    assert {record["service"] for record in records} == {"by-file"}
    assert len([record for record in records if "endpoint" in record]) == 1


def test_without_the_class_a_workers_messages_are_lines(tmp_path: Path) -> None:
    """An application that only calls ``configure`` has what its worker says from then on."""
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    with running(tmp_path, *ALWAYS, **SERVICE) as server:
        found = re.search(r"http://127\.0\.0\.1:\d+", server.printed("Listening at"))
        assert found
        assert asked(f"{found[0]}/") == 200
        records = server.stop()
    exits = [record for record in records if str(record.get("event")).startswith("Worker exiting")]
    assert [(record["logger"], record["level"]) for record in exits] == [("gunicorn.error", "INFO")]
