"""Run a shipper in this process, and look at what it left."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from atalaia.ship.destination import Wishes, destination
from atalaia.ship.sending import Policy
from atalaia.ship.shipping import Order, Report, ship
from logging_lib.clock import system_clock

DEADLINE = 60.0
"""Seconds a test waits for anything before it fails."""
FAST = Policy(pause=lambda _attempt: 0.02, patience=DEADLINE)
"""Hardly waits between two attempts."""


@dataclass
class Shipper:
    """A shipper and its places.

    Attributes:
        home: Where it keeps positions and dead letters.
        wishes: Where it ships to.
        policy: How it sends.
        said: What it said.
    """

    home: Path
    wishes: Wishes
    policy: Policy = FAST
    said: list[str] = field(default_factory=list)

    @property
    def positions(self) -> Path:
        """Its file of positions."""
        return self.home / "positions"

    @property
    def letters(self) -> list[dict[str, object]]:
        """Its dead letters, in order."""
        path = self.home / "dead-letter" / "ship.ndjson"
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []

    def order(self, *names: str | Path, once: bool = True) -> Order:
        """Return what it is to do."""
        policy = self.policy if once else replace(self.policy, patience=None)
        names_of = tuple(str(each) for each in names)
        return Order(names_of, destination(self.wishes), self.positions, self.home / "dead-letter", once, policy, None)

    def once(self, *names: str | Path) -> Report:
        """Ship what is there."""
        return ship(self.order(*names), threading.Event(), system_clock, self.said.append)

    @contextmanager
    def follow(self, *names: str | Path) -> Iterator[Callable[[], Report]]:
        """Follow files in a thread; yield what stops it and returns its report."""
        stop, reports, failures = threading.Event(), list[Report](), list[BaseException]()
        order = self.order(*names, once=False)

        def work() -> None:
            try:
                reports.append(ship(order, stop, system_clock, self.said.append))
            except BaseException as error:  # noqa: BLE001 - shown to the test
                failures.append(error)

        thread = threading.Thread(target=work)
        thread.start()

        def end() -> Report:
            stop.set()
            thread.join(DEADLINE)
            assert not thread.is_alive(), "the shipper did not end"
            assert not failures, failures
            return reports[0]

        try:
            yield end
        finally:
            stop.set()
            thread.join(DEADLINE)


def until(met: Callable[[], object], what: str = "it") -> None:
    """Wait until something holds.

    Raises:
        AssertionError: When it does not in time.
    """
    end = time.monotonic() + DEADLINE
    while not met():
        assert time.monotonic() < end, f"{what} did not happen"
        time.sleep(0.02)


def write_lines(path: Path, lines: Sequence[bytes]) -> None:
    """Append whole lines to a file, as a writer does: at once."""
    with path.open("ab", buffering=0) as file:
        file.write(b"".join(line + b"\n" for line in lines))


def numbered(first: int, last: int) -> list[bytes]:
    """Return lines that tell their number, ``last`` not included."""
    return [b'{"event_id":"%d"}' % number for number in range(first, last)]
