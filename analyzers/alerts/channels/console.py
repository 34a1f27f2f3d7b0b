"""A line of text for each notice."""

from __future__ import annotations

from datetime import timedelta
from typing import TextIO

from analyzers.alerts.channels.channel import DeliveryError
from analyzers.alerts.channels.look import one_line
from analyzers.alerts.model import Notice


class ConsoleChannel:
    """Writes notices to a text stream, one line each.

    Args:
        stream: Where to; standard error for a command whose data goes to standard output.
        name: What the state knows it by.
    """

    timeout = timedelta(0)

    def __init__(self, stream: TextIO, name: str = "console") -> None:
        self.name = name
        self._stream = stream

    def deliver(self, notice: Notice) -> None:
        """Write one line and flush it.

        Raises:
            DeliveryError: When the stream is closed or full.
        """
        try:
            self._stream.write(f"{one_line(notice.subject)}\n")
            self._stream.flush()
        except (OSError, ValueError) as error:
            raise DeliveryError(f"the console did not take the notice: {error}") from error
