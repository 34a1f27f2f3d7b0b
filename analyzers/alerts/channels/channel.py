"""What every channel can do."""

from __future__ import annotations

from typing import Protocol

from analyzers.alerts.model import Notice
from logging_lib.errors import AtalaiaError


class DeliveryError(AtalaiaError):
    """A channel did not take a notice; it is tried again at the next check."""


class Channel(Protocol):
    """A way to tell people."""

    @property
    def name(self) -> str:
        """What the state knows the channel by: stable from check to check, and without secrets."""
        ...

    def deliver(self, notice: Notice) -> None:
        """Hand over a notice; when this returns, the channel has taken it.

        Raises:
            DeliveryError: When it has not.
        """
        ...
