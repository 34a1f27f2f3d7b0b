"""``atalaia logs --follow`` as a person runs it: another process writes, Ctrl-C ends it."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Timer

from analyzers.store.document import Document
from analyzers.store.open import open_store
from tests.environment import clean_environment


def _write(store: Path, key: str, ago: timedelta = timedelta()) -> None:
    """Write a line that an application said."""
    at = (datetime.now(tz=UTC) - ago).isoformat(timespec="milliseconds")
    with open_store(str(store), writable=True) as opened:
        opened.append([Document("logs-app.event-production", key, {"@timestamp": at, "message": f"line {key}"})])


def test_new_lines_are_printed_as_they_come(tmp_path: Path) -> None:
    """What was there, what comes, what is late by half a minute, each once; then Ctrl-C, with its status."""
    store = tmp_path / "data"
    _write(store, "before", timedelta(minutes=5))
    words = [sys.executable, "-m", "atalaia", "logs", "--follow", "--store", str(store), "--text", "line"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=clean_environment()) as process:
        deadline = Timer(180, process.kill)
        deadline.start()
        assert process.stdout is not None
        assert process.stdout.readline().endswith("line before\n")
        _write(store, "new")
        assert process.stdout.readline().endswith("line new\n")
        _write(store, "late", timedelta(seconds=30))
        assert process.stdout.readline().endswith("line late\n")
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == ""
        assert process.wait() == 130
        deadline.cancel()
