"""From the ``[[channel]]`` tables to channels that deliver."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO

from analyzers.alerts.channels.channel import Channel
from analyzers.alerts.channels.console import ConsoleChannel
from analyzers.alerts.channels.email import EmailChannel
from analyzers.alerts.channels.models import (
    AppriseTable,
    ChannelTable,
    ConsoleTable,
    EmailTable,
    SlackTable,
    SmsTable,
    WebhookTable,
    channel_name,
)
from analyzers.alerts.channels.secret import Secret, Secrets
from analyzers.alerts.channels.slack import SlackChannel
from analyzers.alerts.channels.sms import SmsChannel, TwilioAccount
from analyzers.alerts.channels.smtp import MailServer
from analyzers.alerts.channels.webhook import WebhookChannel
from analyzers.alerts.routing import Route
from logging_lib.clock import Clock


def build_routes(
    tables: Sequence[ChannelTable], secrets: Secrets, console: TextIO, clock: Clock
) -> dict[str, tuple[Route, ...]]:
    """Return the routes of each channel, by its name in the file; a disabled one has none.

    Mail and text messages have one route for each recipient: what one of them does not take is tried again for that one
    alone.

    Args:
        tables: The ``[[channel]]`` tables.
        secrets: Where their secrets are read.
        console: The stream of a console channel.
        clock: The date of mails.

    Raises:
        AtalaiaError: When a secret is missing or an address cannot be one; the message names channel and key.
    """
    return {
        channel_name(table): tuple(
            Route(channel, table.severities, table.escalation) for channel in _channels(table, secrets, console, clock)
        )
        for table in tables
    }


def _channels(table: ChannelTable, secrets: Secrets, console: TextIO, clock: Clock) -> Iterator[Channel]:
    if not table.enabled:
        return
    name = channel_name(table)
    match table:
        case EmailTable():
            yield from _email(table, name, secrets, clock)
        case SmsTable():
            yield from _sms(table, name, secrets, clock)
        case SlackTable():
            url = _secret(table.webhook_url, "webhook_url", name, secrets)
            yield SlackChannel(name, url, table.timeout, clock)
        case WebhookTable():
            url = table.url if isinstance(table.url, str) else _secret(table.url, "url", name, secrets)
            token = None if table.token is None else _secret(table.token, "token", name, secrets)
            yield WebhookChannel(url, table.timeout, name, token, clock)
        case AppriseTable():
            # The library takes a while to import, and most have no such channel.
            from analyzers.alerts.channels.apprise import AppriseChannel  # noqa: PLC0415

            yield AppriseChannel(name, _secret(table.url, "url", name, secrets), table.timeout)
        case ConsoleTable():
            yield ConsoleChannel(console, name)


def _email(table: EmailTable, name: str, secrets: Secrets, clock: Clock) -> Iterator[Channel]:
    server = mail_server(table, secrets)
    for recipient in table.recipients:
        yield EmailChannel(f"{name}: {recipient}", server, table.sender, recipient, clock)


def mail_server(table: EmailTable, secrets: Secrets) -> MailServer:
    """Return the server that a channel's table names.

    Raises:
        AtalaiaError: When its password is missing; the message names channel and key.
    """
    return MailServer(
        host=table.host,
        port=table.port,
        security=table.security,
        ca_file=None if table.ca_file is None else secrets.folder / table.ca_file,
        username=table.username,
        password=None if table.password is None else _secret(table.password, "password", channel_name(table), secrets),
        timeout=table.timeout,
    )


def _sms(table: SmsTable, name: str, secrets: Secrets, clock: Clock) -> Iterator[Channel]:
    token = _secret(table.auth_token, "auth_token", name, secrets)
    account = TwilioAccount(table.account_sid, token, table.sender, table.messaging_service_sid, table.api_url)
    for number in table.phone_numbers:
        yield SmsChannel(f"{name}: {number}", account, number, table.segments, table.timeout, clock)


def _secret(secret: Secret, key: str, name: str, secrets: Secrets) -> str:
    return secrets.read(secret, f"channel {name!r}: {key}")
