"""What every channel can do."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from analyzers.alerts.model import Notice
from logging_lib.errors import AtalaiaError


class DeliveryError(AtalaiaError):
    """A channel did not take a notice.

    Args:
        message: Why, without secrets: the server's own words where it said any.
        permanent: Whether the same attempt will fail again until a person changes something (a wrong password, an
            unknown recipient). The notice is kept and shown all the same, and tried again at long intervals.
        retry_after: How long the receiver asked to be left alone.
    """

    def __init__(self, message: str, *, permanent: bool = False, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after


class Channel(Protocol):
    """A way to tell one recipient."""

    @property
    def name(self) -> str:
        """What the state knows the channel by: stable from check to check, and without secrets."""
        ...

    @property
    def timeout(self) -> timedelta:
        """After how long without an answer an attempt is given up."""
        ...

    def deliver(self, notice: Notice) -> None:
        """Hand over a notice; when this returns, the channel has taken it.

        Raises:
            DeliveryError: When it has not.
        """
        ...
