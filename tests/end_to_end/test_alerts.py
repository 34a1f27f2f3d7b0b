"""Alerts as people run them: on a real Elasticsearch, and a replay that is ended from the keyboard."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analyzers.store.document import Document
from analyzers.store.open import open_store
from atalaia.cli.main import main
from atalaia.cli.runtime import Runtime
from tests.analyzers.alerts.receiver import receiving
from tests.analyzers.events import at, requests

CHECKOUT = Path(__file__).parents[2]
TEN = at("2024-01-15T10:00:00Z")
RULES = """
environment = "{environment}"

[[rule]]
name = "errors"
kind = "threshold"
measure = "error_rate"

[[rule]]
name = "by-endpoint"
kind = "threshold"
measure = "count"
stream = "logs-web.request"
by = ["endpoint"]
above = {{ critical = 90 }}

[[channel]]
type = "webhook"
name = "hook"
url = "{url}"
"""


def half_an_hour(environment: str) -> list[Document]:
    """Return twenty requests a minute, of which every third fails from 10:10 to 10:20."""
    events: list[Document] = []
    for minute in range(30):
        bad = 7 if minute // 10 == 1 else 0
        events += requests(TEN + timedelta(minutes=minute), 20 - bad, bad)
    return [Document(f"logs-web.request-{environment}", f"{environment}-{each.id}", each.body) for each in events]


def test_alerts_on_elasticsearch(
    elasticsearch_url: str,
    unique_environment: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A check tells and remembers, a later one resolves, the list shows both; a replay tells the same as the checks.

    100 requests of one endpoint in five minutes are above 90 from the fifth minute on.
    """
    monkeypatch.chdir(tmp_path)
    with open_store(elasticsearch_url, writable=True) as store:
        store.append(half_an_hour(unique_environment))

    def run(*words: str) -> int:
        return main(list(words), Runtime(clock=lambda: TEN + timedelta(days=1)))

    with receiving() as receiver:
        text = RULES.format(environment=unique_environment, url=receiver.url)
        Path("alerts.toml").write_text(text, encoding="utf-8")
        assert run("alerts", "list") == 2
        assert "there is no alert state" in capsys.readouterr().err
        for minutes in range(5, 36, 5):
            run("alerts", "check", "--store", elasticsearch_url, "--at", (TEN + timedelta(minutes=minutes)).isoformat())
        told = receiver.kinds
        capsys.readouterr()
        assert run("alerts", "list", "--format", "json") == 1
        listed = {each["rule"]: each["state"] for each in json.loads(capsys.readouterr().out)["alerts"]}
        words = ("--since", "2024-01-15T10:00:00Z", "--until", "2024-01-15T10:35:00Z")
        assert run("alerts", "replay", *words, "--store", elasticsearch_url, "--format", "json") == 0
    replayed = json.loads(capsys.readouterr().out)["rows"]
    assert told == [("firing", "by-endpoint"), ("firing", "errors"), ("resolved", "errors")]
    assert listed["by-endpoint"] == "firing"  # after 10:30 there are no requests: unmeasured, not over
    assert [(each["at"][11:16], each["kind"], each["group"]) for each in replayed] == [
        ("10:05", "firing", "by-endpoint"),
        ("10:15", "firing", "errors"),
        ("10:25", "resolved", "errors"),
    ]


def read_out(terminal: int) -> None:
    """Read what a terminal shows until nobody writes there any more, which Linux reports as an error."""
    with suppress(OSError):
        while os.read(terminal, 65_536):
            pass


def test_ctrl_c_at_a_running_replay(tmp_path: Path) -> None:
    """A month by ten seconds, ended in its third second: what was found is shown, and the exit status is 130."""
    start = datetime.fromisoformat("2024-01-15T10:15:00Z")
    with open_store(str(tmp_path / "data"), writable=True) as store:
        store.append(half_an_hour("production"))
    span = ("--since", start.isoformat(), "--until", (start + timedelta(days=30)).isoformat(), "--every", "10s")
    command = [sys.executable, "-m", "atalaia", "alerts", "replay", *span, "--store", str(tmp_path / "data")]
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "TERM": "xterm", "COLUMNS": "200"}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while not re.search(rb"0:00:(0[2-9]|[1-5])", shown):  # the bar's clock, which may leave seconds out
            shown += os.read(ours, 65_536)
        process.send_signal(signal.SIGINT)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(read_out, ours)  # or it would wait for somebody to look at its bar
            out, _ = process.communicate(timeout=180)
    os.close(ours)
    assert process.returncode == 130
    table = " ".join(out.decode().split())
    assert re.search(r" evaluations? from 2024-01-15T10:15:00Z to 2024-02-14T10:15:00Z; nothing was sent", table)
    assert "firing critical: error_rate, to console" in table
