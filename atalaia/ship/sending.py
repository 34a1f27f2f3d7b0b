"""Sends batches until every line of them is delivered or a dead letter: in order, one batch at a time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.inputs.running import Arrival, StoppedError
from atalaia.ship.backoff import backoff
from atalaia.ship.batches import chunks, entries_of, size_of, split_utf_8, with_event_id
from atalaia.ship.blocks import Entry
from atalaia.ship.errors import ShipError
from atalaia.ship.letters import Letters
from atalaia.ship.outcome import Delivered, Failed, Outcome, Refused, Transport
from atalaia.ship.tally import Tally, Waiting
from logging_lib.clock import Clock

BATCH_LINES: Final = 5_000
BATCH_BYTES: Final = 2 << 20
_LOOK: Final = 0.1
_GRACE: Final = 5.0
"""Seconds that a batch on its way has to be answered when the shipper is stopped."""
_DOUBTFUL: Final = 10
"""So many lines refused in a row, and none taken between, say more of the receiver than of the lines."""


class GaveUpError(ShipError):
    """The receiver did not take lines for as long as was to be waited."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How lines are sent.

    Attributes:
        batch_lines: The most lines of a batch.
        batch_bytes: The most bytes of a batch, line ends included; a single line may have more.
        patience: Seconds a receiver may fail before it is given up; ``None`` for never.
        add_event_id: Whether JSON objects without an ``event_id`` are given one.
        pause: Seconds to wait after so many failed attempts.
    """

    batch_lines: int = BATCH_LINES
    batch_bytes: int = BATCH_BYTES
    patience: float | None = None
    add_event_id: bool = False
    pause: Callable[[int], float] = backoff


class Sending:
    """Delivers what it is given.

    Args:
        transport: The way to the receiver.
        letters: Takes what cannot be delivered.
        policy: How lines are sent.
        tally: Counts.
        stop: Ends it: a batch on its way has five seconds to be answered.
        clock: The present instant.
    """

    def __init__(
        self,
        transport: Transport,
        letters: Letters,
        policy: Policy,
        tally: Tally,
        stop: threading.Event,
        clock: Clock,
    ) -> None:
        self._transport = transport
        self._letters = letters
        self._policy = policy
        self._tally = tally
        self._stop = stop
        self._clock = clock
        self._most_bytes = policy.batch_bytes
        self._refused_in_a_row = 0

    async def ship(self, arrivals: list[Arrival]) -> None:
        """Deliver everything that came in, or make dead letters of it.

        Raises:
            StoppedError: When it is to end before that.
            GaveUpError: When the receiver failed for too long.
        """
        for arrival in arrivals:
            for letter in arrival.dead_letters:
                self._letters.add(letter)
                self._count_letter(letter.reason)
        entries = entries_of(arrivals)
        if self._transport.utf_8_only:
            entries, foreign = split_utf_8(entries)
            for entry, reason in foreign:
                self._letters.add_line(entry, reason)
                self._count_letter(reason)
        if self._policy.add_event_id:
            entries = [with_event_id(entry) for entry in entries]
        for chunk in chunks(entries, self._policy.batch_lines, self._most_bytes):
            await self._send(chunk)
        await self._commit_letters()

    async def _send(self, chunk: list[Entry]) -> None:
        """Deliver a batch; what is refused is halved until the line that is at fault stands alone."""
        parts = [chunk]
        while parts:
            part = parts.pop()
            refusal = await self._refusal(part)
            if refusal is None:
                self._refused_in_a_row = 0
            elif len(part) > 1:
                middle = len(part) // 2
                parts += [part[middle:], part[:middle]]
                if refusal.too_large:
                    self._most_bytes = max(1, min(self._most_bytes, size_of(part) // 2))
            else:
                self._refused_in_a_row += 1
                self._letters.add_line(part[0], refusal.reason)
                self._count_letter(refusal.reason)
                await self._commit_letters()

    async def _refusal(self, part: list[Entry]) -> Refused | None:
        """Send lines until there is an answer that is about them; return it when it is a refusal."""
        attempts = 0
        lines = [entry.content for entry in part]
        while True:
            outcome = await self._answer(lines)
            if isinstance(outcome, Delivered):
                self._note_delivered(part)
                return None
            if isinstance(outcome, Refused):
                if len(part) > 1 or self._refused_in_a_row < _DOUBTFUL or attempts:
                    return outcome
                remedy = "check --to: it refuses one line after another"
                outcome = Failed(outcome.reason, remedy)
            attempts += 1
            self._tally.again += 1
            await self._wait(max(attempts, self._refused_in_a_row - _DOUBTFUL + 1), outcome)

    async def _answer(self, lines: list[bytes]) -> Outcome:
        """Send lines once.

        Raises:
            StoppedError: When it is to end, and there is no answer in time.
        """
        if self._stop.is_set():
            raise StoppedError("ship: asked to stop")
        task = asyncio.create_task(self._transport.deliver(lines))
        left = _GRACE
        while not task.done():
            await asyncio.wait({task}, timeout=_LOOK)
            left -= _LOOK if self._stop.is_set() else 0.0
            if left <= 0 and not task.done():
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
                raise StoppedError("ship: asked to stop before the receiver has answered")
        return task.result()

    async def _wait(self, attempts: int, failed: Failed) -> None:
        """Wait before the next attempt.

        Raises:
            StoppedError: When it is to end.
            GaveUpError: When it was waited for too long.
        """
        now = self._clock()
        before = self._tally.waiting
        since = now if before is None else before.since
        self._tally.waiting = Waiting(since, attempts, failed.reason, failed.remedy)
        patience = self._policy.patience
        if patience is not None and (failed.remedy or (now - since).total_seconds() >= patience):
            raise GaveUpError(failed.reason, failed.remedy or "nothing is lost: the same command goes on from there")
        loop = asyncio.get_running_loop()
        end = loop.time() + max(self._policy.pause(attempts), failed.after)
        while not self._stop.is_set() and (left := end - loop.time()) > 0:  # noqa: ASYNC110 - it is set by another thread
            await asyncio.sleep(min(left, _LOOK))
        if self._stop.is_set():
            raise StoppedError(f"ship: asked to stop before everything was delivered: {failed.reason}")

    def _note_delivered(self, part: list[Entry]) -> None:
        self._tally.waiting = None
        self._tally.lines += len(part)
        self._tally.size += size_of(part)
        self._tally.batches += 1

    def _count_letter(self, reason: str) -> None:
        self._tally.letters += 1
        self._tally.reasons.add(reason)

    async def _commit_letters(self) -> None:
        """Write dead letters, again and again while the disk refuses: nothing is passed without."""
        attempts = 0
        while True:
            try:
                self._letters.commit()
            except PipelineError as error:
                attempts += 1
                await self._wait(attempts, Failed(error.message, error.remedy))
            else:
                if attempts:
                    self._tally.waiting = None
                return
