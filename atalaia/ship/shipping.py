"""Ships: follows files, hands their lines to the sender, and keeps positions of what was delivered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from atalaia.pipeline.inputs.running import Reading
from atalaia.ship.blocks import line_feed
from atalaia.ship.destination import Destination
from atalaia.ship.following import Following, follow_plan
from atalaia.ship.hold import Hold, NoRoomError
from atalaia.ship.http_transport import HttpTransport
from atalaia.ship.letters import Letters
from atalaia.ship.outcome import Transport
from atalaia.ship.places import check_free, check_own, patterns_of
from atalaia.ship.sender import Sender
from atalaia.ship.sending import GaveUpError, Policy, Sending
from atalaia.ship.tally import Tally
from atalaia.ship.tcp_transport import TcpTransport
from atalaia.ship.telling import Telling
from logging_lib.clock import Clock

_PAUSE: Final = 0.5
"""Seconds between two looks at files that have brought nothing."""
_ROOM: Final = 1.0
_BATCHES_HELD: Final = 3


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be shipped.

    Attributes:
        names: Directories, files and patterns.
        destination: Where to.
        positions: The file that keeps positions.
        dead_letter: The directory of dead letters.
        once: Whether to end when everything that is there is delivered.
        policy: How lines are sent.
        stats_every: Seconds between two lines of counts; ``None`` for none.
    """

    names: tuple[str, ...]
    destination: Destination
    positions: Path
    dead_letter: Path
    once: bool
    policy: Policy
    stats_every: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """How it ended.

    Attributes:
        tally: What was done.
        behind: Bytes of files that are not delivered.
        unfinished: Files whose last line has no end, with the bytes there are of it.
        gave_up: Why the receiver was given up, if it was.
        unreadable: Files that could not be opened.
        left: Bytes that are not delivered, without those of last lines that have no end.
    """

    tally: Tally
    behind: int
    unfinished: tuple[tuple[str, int], ...]
    gave_up: GaveUpError | None
    unreadable: tuple[str, ...] = ()
    left: int = 0


def ship(order: Order, stop: threading.Event, clock: Clock, say: Callable[[str], None]) -> Report:
    """Ship until everything is delivered (``once``), or until ``stop`` is set.

    Raises:
        ShipError: When it cannot begin.
        PipelineError: When positions cannot be kept or read.
    """
    patterns = patterns_of(order.names)
    letters = Letters(order.dead_letter, clock)
    check_own((order.positions, letters.path), patterns)
    check_free(order.positions)
    run = _Run(order, patterns, letters, stop, clock, say)
    try:
        run.follow()
    except BaseException:
        stop.set()  # the sender would wait for its receiver
        raise
    finally:
        run.end()
    return run.report()


class _Run:
    """One shipper at work."""

    def __init__(
        self,
        order: Order,
        patterns: list[str],
        letters: Letters,
        stop: threading.Event,
        clock: Clock,
        say: Callable[[str], None],
    ) -> None:
        self._order = order
        self._clock = clock
        self._stop = stop
        self._tally = Tally()
        self._telling = Telling(self._tally, order.destination.where, say, order.stats_every, clock)
        self._hold = Hold(_BATCHES_HELD * order.policy.batch_bytes)
        reading = Reading(self._hold.put, stop, None, order.positions.parent, clock)
        plan = follow_plan(patterns, order.positions, once=order.once)
        self._following = Following(plan, line_feed(clock), reading)
        transport = _transport(order.destination, clock)
        sending = Sending(transport, letters, order.policy, self._tally, stop, clock)
        self._sender = Sender(self._hold, transport, sending, order.policy, stop)
        self._gave_up: GaveUpError | None = None
        self._unfinished: tuple[tuple[str, int], ...] = ()
        self._behind = 0
        self._unreadable: tuple[str, ...] = ()
        self._left = 0

    def follow(self) -> None:
        """Look at the files and have them sent, again and again."""
        self._sender.start()
        while not self._over() and self._look():
            self._tell()
        self._hold.close()
        while not self._over():
            self._sender.join(_PAUSE)
            self._following.keep()
            self._tell()

    def end(self) -> None:
        """Wait for the sender, and write positions.

        Raises:
            ShipError: What the sender ended with, unless it gave up.
        """
        if not self._sender.ended:
            self._sender.join()
        if self._order.once:
            self._telling.lost(self._following.losses(self._clock(), timedelta(0)))
        self._behind, self._unfinished = self._following.behind(), tuple(self._following.unfinished())
        self._left, self._unreadable = self._following.left(), tuple(self._following.unreadable())
        self._following.close()
        failure = self._sender.failure
        if isinstance(failure, GaveUpError):
            self._gave_up = failure
        elif failure is not None:
            raise failure

    def report(self) -> Report:
        """Return how it ended."""
        return Report(self._tally, self._behind, self._unfinished, self._gave_up, self._unreadable, self._left)

    def _over(self) -> bool:
        return self._stop.is_set() or self._sender.ended

    def _look(self) -> bool:
        """Look at the files once; return whether to look again."""
        try:
            more = self._following.look()
        except NoRoomError:
            self._following.keep()
            self._hold.wait_for_room(_ROOM)
            return True
        if not more and self._order.once:
            return False
        if not more:
            self._stop.wait(_PAUSE)
        return True

    def _tell(self) -> None:
        self._telling.tick(lambda: (self._following.files(), self._following.behind()))
        if not self._order.once:
            self._telling.lost(self._following.losses(self._clock()))


def _transport(destination: Destination, clock: Clock) -> Transport:
    return HttpTransport(destination, clock) if destination.http else TcpTransport(destination)
