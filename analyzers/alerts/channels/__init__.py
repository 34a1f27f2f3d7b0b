"""Where notices go, one file for each kind of channel."""

from analyzers.alerts.channels.channel import Channel, DeliveryError
from analyzers.alerts.channels.console import ConsoleChannel
from analyzers.alerts.channels.models import ChannelTable, channel_name, checked_names
from analyzers.alerts.channels.webhook import WebhookChannel

__all__ = [
    "Channel",
    "ChannelTable",
    "ConsoleChannel",
    "DeliveryError",
    "WebhookChannel",
    "channel_name",
    "checked_names",
]
