"""``make bench``: what the pipeline and the store cost, as a ratio to a hand-written parser in the same run."""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from analyzers.store.open import open_store
from atalaia.ingest import find_pipeline, ingest

LINES: Final = 10_000
COMBINED: Final = re.compile(
    r'(\S+) (\S+) (\S+) \[([^\]]+)\] "(\S+) (\S+) HTTP/([\d.]+)" (\d{3}) (\d+|-) "([^"]*)" "([^"]*)"'
)
AGENT: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def write_log(path: Path) -> None:
    """Write an access log of LINES lines, one a second."""
    start = datetime(2024, 1, 15, tzinfo=UTC)
    with path.open("w", encoding="ascii") as file:
        for number in range(LINES):
            instant = (start + timedelta(seconds=number)).strftime("%d/%b/%Y:%H:%M:%S +0000")
            status = 500 if number % 200 == 0 else 200
            file.write(
                f'192.0.2.{number % 250} - - [{instant}] "GET /p/{number % 40} HTTP/1.1" {status} 512 "-" "{AGENT}"\n'
            )


def by_hand(log: Path, target: Path) -> None:
    """Do the least a program of one's own would: match each line, convert, write JSON."""
    with log.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as output:
        for line in lines:
            found = COMBINED.match(line)
            if found is None:
                raise ValueError(line)
            ip, _, user, instant, method, path, version, status, size, referrer, agent = found.groups()
            document = {
                "@timestamp": datetime.strptime(instant, "%d/%b/%Y:%H:%M:%S %z").isoformat(),
                "client": {"ip": ip},
                "user": {"name": user},
                "http": {"version": version, "method": method, "status_code": int(status), "bytes": int(size)},
                "url": {"path": path},
                "referrer": referrer,
                "user_agent": {"original": agent},
            }
            output.write(json.dumps(document) + "\n")


def by_pipeline(log: Path, directory: Path) -> None:
    """Run the shipped access pipeline into a new embedded store: grok, date, user agent, durable segments."""
    with open_store(str(directory), writable=True) as store:
        summary = ingest(
            [log],
            find_pipeline("access"),
            store,
            dead_letter=directory / "dead-letter",
            clock=lambda: datetime.now(UTC),
        )
    if summary.stored != LINES:
        raise ValueError(summary)


def seconds(work: Callable[[], None]) -> float:
    """Return how long the work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    """Print lines a second of both ways, and their ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = folder / "access.log"
        write_log(log)
        hand = seconds(lambda: by_hand(log, folder / "by-hand.ndjson"))
        pipeline = seconds(lambda: by_pipeline(log, folder / "store"))
    print(f"by hand:     {LINES / hand:10,.0f} lines/s (match, convert, write JSON)")
    print(f"by pipeline: {LINES / pipeline:10,.0f} lines/s (access.conf into the embedded store)")
    print(f"ratio:       {hand / pipeline:10.3f} of the hand-written program's speed")


if __name__ == "__main__":
    main()
