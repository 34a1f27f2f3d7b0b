"""Embedded stores for the tests of ``atalaia store``, and what is done to them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from analyzers.store.document import Document, JsonValue
from analyzers.store.embedded.settings import Settings
from analyzers.store.embedded.store import EmbeddedStore
from atalaia.cli.main import main
from atalaia.cli.runtime import Runtime

CHECKOUT = Path(__file__).resolve().parents[3]
STREAM = "logs-web.request-test"
START = datetime(2024, 1, 15, tzinfo=UTC)
WRITTEN = datetime(2024, 2, 1, 12, tzinfo=UTC)
"""When the stores of these tests are written."""


def request(number: int, *, stream: str = STREAM, day: int = 0) -> Document:
    """Return a request: one a minute from midnight on, ``day`` days after ``START``; every fourth one failed."""
    at = START + timedelta(days=day, minutes=number)
    status = 500 if number % 4 == 0 else 200
    body: dict[str, JsonValue] = {
        "@timestamp": f"{at:%Y-%m-%dT%H:%M:%S}Z",
        "http": {"response": {"status_code": status}},
    }
    return Document(stream, f"{day}-{number:04d}", body)


def fill(root: Path, *batches: Iterable[Document], at: datetime = WRITTEN, settings: Settings | None = None) -> None:
    """Write batches, each in a commit of its own."""
    with EmbeddedStore(root, writable=True, clock=lambda: at, settings=settings) as store:
        for batch in batches:
            store.append(list(batch))


def segments(root: Path) -> list[Path]:
    """Return the files of all segments."""
    return sorted((root / "streams").rglob("*.parquet"))


def flip(path: Path, place: int) -> None:
    """Flip one bit of a file."""
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def run(*words: str, now: datetime = WRITTEN) -> int:
    """Run a command line in this process, and return its exit status."""
    return main(words, Runtime(clock=lambda: now))


@contextmanager
def endless_writer(root: Path) -> Iterator[subprocess.Popen[str]]:
    """Have another process write batches for ever; it has acknowledged the first one."""
    command = [sys.executable, "-m", "tests.analyzers.store.embedded.crashing_writer", str(root)]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline()
            yield process
        finally:
            process.kill()
