"""Real schedulers: started, read, killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[3]


def environment() -> dict[str, str]:
    """Return an environment without ours, in which this checkout is found."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ATALAIA")}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def atalaia(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command line in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "atalaia", *words],
        cwd=folder,
        env=environment(),
        check=False,
        capture_output=True,
        text=True,
        timeout=180,
    )


def until(condition: Callable[[], bool], what: str, seconds: float = 180) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.02)


class Running:
    """A scheduler in a folder.

    Args:
        folder: Where its schedule is.
    """

    def __init__(self, folder: Path, *options: str) -> None:
        self._log = folder / f"log-{time.monotonic_ns()}"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "atalaia", "schedule", "run", "--grace", "1s", *options],
                cwd=folder,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def log(self) -> str:
        """What it has written."""
        return self._log.read_text(encoding="utf-8")

    def says(self, text: str, times: int = 1) -> None:
        """Wait until it has written a text so often."""
        until(lambda: self.log.count(text) >= times, f"{text!r} {times} times in:\n{self.log}")

    def kill(self) -> None:
        """End it without a chance to do anything."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Ask it to end and return its exit status."""
        self.process.terminate()
        return self.process.wait(timeout=180)


@contextmanager
def scheduler(folder: Path, *options: str) -> Iterator[Running]:
    """Run a scheduler while the block runs."""
    running = Running(folder, *options)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.stop()


def children(folder: Path, word: str) -> list[psutil.Process]:
    """Return the runs that live in a folder and have a word in their command line."""
    found = []
    for process in psutil.process_iter():
        try:
            line, cwd = process.cmdline(), process.cwd()
        except psutil.Error:
            continue
        if cwd == str(folder) and "atalaia.scheduler.child" in line and word in line:
            found.append(process)
    return found


def kill_all(processes: list[psutil.Process]) -> None:
    """Kill processes that this test's scheduler started."""
    for process in processes:
        os.kill(process.pid, signal.SIGKILL)


def listed(folder: Path) -> dict[str, dict[str, object]]:
    """Return what ``schedule list`` says of each job."""
    done = atalaia(folder, "schedule", "list", "--format", "json")
    rows: list[dict[str, object]] = json.loads(done.stdout)["rows"]
    return {str(row["job"]): row for row in rows}
