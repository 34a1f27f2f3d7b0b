"""Run a network input in a process of its own, whose memory a test can measure.

As a program: takes the input's configuration and its port, prints ``ready``, and once its standard input ends prints
what came as JSON: the number of events, and how many dead letters there were for each reason.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psutil

from atalaia.pipeline.inputs.running import Arrival
from tests.atalaia.pipeline.inputs.network_inputs import DEADLINE, Sink, run_input

ROOT = Path(__file__).resolve().parents[4]


class Counting(Sink):
    """Counts what comes, keeps nothing, and settles at once."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.reasons: Counter[str] = Counter()

    def emit(self, arrival: Arrival) -> None:
        """Count an arrival."""
        self.count += len(arrival.events)
        self.reasons.update(letter.reason for letter in arrival.dead_letters)
        arrival.settled()


@dataclass
class Served:
    """An input in another process.

    Attributes:
        port: Its port.
        process: Its process.
        events: How many events came; known once it has ended.
        reasons: How many dead letters there were for each reason; likewise.
    """

    port: int
    process: psutil.Process
    events: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def megabytes(self) -> float:
        """Return the memory it has resident."""
        return self.process.memory_info().rss / (1 << 20)


class Peak:
    """Watches the memory of an input.

    Attributes:
        megabytes: The most it had resident, so far.
    """

    def __init__(self, served: Served) -> None:
        self._served = served
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.megabytes = served.megabytes()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._end.wait(0.01):
            self.megabytes = max(self.megabytes, self._served.megabytes())


@contextmanager
def serve_input(text: str, port: int) -> Iterator[Served]:
    """Run an input in another process, and end it.

    Raises:
        AssertionError: When it fails.
    """
    command = [sys.executable, "-m", "tests.atalaia.pipeline.inputs.serving", text, str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            assert child.stdout.readline() == "ready\n"
            served = Served(port, psutil.Process(child.pid))
            yield served
            child.stdin.close()
            result = json.loads(child.stdout.readline())
            assert child.wait(DEADLINE) == 0
        finally:
            child.kill()
    served.events, served.reasons = result["events"], result["reasons"]


def main() -> None:
    """Run the program."""
    sink = Counting()
    with run_input(sys.argv[1], sink, int(sys.argv[2])):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.read()
    sys.stdout.write(json.dumps({"events": sink.count, "reasons": sink.reasons}) + "\n")


if __name__ == "__main__":
    main()
