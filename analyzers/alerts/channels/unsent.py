"""Routes that nothing is sent on, for a replay: the channels' names and what they would be told, without secrets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from analyzers.alerts.channels.channel import DeliveryError
from analyzers.alerts.channels.models import ChannelTable, EmailTable, SmsTable, channel_name
from analyzers.alerts.model import Notice
from analyzers.alerts.routing import Route


@dataclass(frozen=True, slots=True)
class UnsentChannel:
    """A channel that takes nothing.

    Attributes:
        name: What the state knows the channel by.
    """

    name: str

    @property
    def timeout(self) -> timedelta:
        """Nothing is waited for."""
        return timedelta(0)

    def deliver(self, notice: Notice) -> None:
        """Refuse.

        Raises:
            DeliveryError: Always.
        """
        raise DeliveryError(f"{notice.id} is not sent to {self.name!r}: nothing is", permanent=True)


def unsent_routes(tables: Sequence[ChannelTable]) -> tuple[Route, ...]:
    """Return the routes of the enabled channels, under the names that they have where notices are sent.

    Args:
        tables: The ``[[channel]]`` tables.
    """
    return tuple(
        Route(UnsentChannel(name), table.severities, table.escalation)
        for table in tables
        if table.enabled
        for name in _names(table)
    )


def _names(table: ChannelTable) -> list[str]:
    name = channel_name(table)
    match table:
        case EmailTable():
            return [f"{name}: {recipient}" for recipient in table.recipients]
        case SmsTable():
            return [f"{name}: {number}" for number in table.phone_numbers]
        case _:
            return [name]
