"""The thread that sends: takes what was read, has it delivered, and says of it that it is done."""

from __future__ import annotations

import asyncio
import threading
from typing import Final

from atalaia.pipeline.inputs.running import StoppedError
from atalaia.ship.hold import Hold
from atalaia.ship.outcome import Transport
from atalaia.ship.sending import Policy, Sending

_LOOK: Final = 0.2


class Sender:
    """Sends until there is nothing more, it is stopped, or the receiver is given up.

    Args:
        hold: Where it takes from.
        transport: The way to the receiver; closed at the end.
        sending: Delivers.
        policy: How many lines are taken at a time.
        stop: Ends it.

    Attributes:
        failure: Why it ended before its time.
    """

    def __init__(
        self, hold: Hold, transport: Transport, sending: Sending, policy: Policy, stop: threading.Event
    ) -> None:
        self.failure: Exception | None = None
        self._hold = hold
        self._transport = transport
        self._sending = sending
        self._policy = policy
        self._stop = stop
        self._thread = threading.Thread(target=self._run, name="ship-sender", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self, seconds: float | None = None) -> None:
        """Wait for its end, no longer than so many seconds."""
        self._thread.join(seconds)

    @property
    def ended(self) -> bool:
        """Whether it has ended."""
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            with asyncio.Runner() as runner:
                try:
                    self._send(runner)
                finally:
                    runner.run(self._transport.close())
        except StoppedError:
            return
        except Exception as error:  # noqa: BLE001 - handed to the thread that waits for this one, which raises it
            self.failure = error
        finally:
            self._hold.close()

    def _send(self, runner: asyncio.Runner) -> None:
        while not self._stop.is_set():
            arrivals = self._hold.take(self._policy.batch_lines, self._policy.batch_bytes, _LOOK)
            if arrivals is None:
                return
            if arrivals:
                runner.run(self._sending.ship(arrivals))
                for arrival in arrivals:
                    arrival.settled()
                self._hold.done(arrivals)
