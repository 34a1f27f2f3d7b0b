"""Real servers and workers as processes of a test's own, and waiting for what they log."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from logging_lib.values import Record
from tests.logging_lib.support import read_lines

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Running:
    """A server at work, and where it logs."""

    process: subprocess.Popen[bytes]
    logs: Path
    output: Path

    def line(self, wanted: Callable[[Record], bool]) -> Record:
        """Return the first line that is wanted, once it is there."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for record in read_lines(self.logs):
                if wanted(record):
                    return record
            time.sleep(0.02)
        raise AssertionError(f"no such line among {read_lines(self.logs)}\n{self.output.read_text(encoding='utf-8')}")

    def event(self, beginning: str) -> Record:
        """Return the first line whose message begins so, once it is there."""
        return self.line(lambda record: str(record.get("event")).startswith(beginning))

    def printed(self, wanted: str) -> str:
        """Return the first printed line that holds some text, once it is there."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for line in self.output.read_text(encoding="utf-8").splitlines():
                if wanted in line:
                    return line
            time.sleep(0.02)
        raise AssertionError(f"{wanted!r} was not printed: {self.output.read_text(encoding='utf-8')}")

    def stop(self) -> list[Record]:
        """End the server as an administrator would, and return all of its lines."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        return read_lines(self.logs)


@contextmanager
def running(directory: Path, *command: str, **variables: str) -> Iterator[Running]:
    """Run a module of Python's in a directory of its own, where it logs to ``logs``, and end it afterwards."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ATALAIA")}
    environment |= {"PYTHONPATH": f"{ROOT}{os.pathsep}{directory}", "ATALAIA_LOG_DIRECTORY": str(directory / "logs")}
    output = directory / f"{command[0]}.txt"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=directory, env=environment | variables, stdout=file, stderr=file
        )
        try:
            yield Running(process, directory / "logs", output)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def asked(url: str) -> int | None:
    """Return the status of an answer, or ``None`` where the server gave none."""
    try:
        return httpx.get(url, timeout=60).status_code
    except httpx.TransportError:
        return None
