"""The ``[[channel]]`` tables of ``alerts.toml``: the documented ``ALERT_CHANNELS``, strictly typed."""

from __future__ import annotations

import re
from datetime import timedelta
from email.errors import HeaderParseError
from email.headerregistry import Address
from pathlib import Path
from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from analyzers.alerts.channels.secret import Secret
from analyzers.selection import parse_duration
from analyzers.selection.errors import SelectionError
from analyzers.thresholds import Severity

_E164: Final = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_LONGEST: Final = timedelta(minutes=2)


def _timeout(value: object) -> object:
    """Read ``10s``; what is no text is left for pydantic to refuse."""
    if not isinstance(value, str):
        return value
    try:
        length = parse_duration(value)
    except SelectionError as error:
        raise ValueError(str(error)) from error
    if length.days or length.elapsed > _LONGEST:
        raise ValueError(f"a timeout of {value} is too long; give at most 2m")
    return length.elapsed


def _mailbox(value: str) -> str:
    try:
        address = Address(addr_spec=value)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise ValueError(f"{value!r} is no mail address; write name@example.org") from error
    if not address.username or not address.domain or not value.isprintable() or " " in value:
        raise ValueError(f"{value!r} is no mail address; write name@example.org")
    return value


def _phone_number(value: str) -> str:
    if not _E164.fullmatch(value):
        raise ValueError(f"{value!r} is no phone number; write + and the country's code (E.164), e.g. +351912345678")
    return value


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        raise ValueError(f"named twice: {', '.join(twice)}")
    return values


Timeout: TypeAlias = Annotated[timedelta, BeforeValidator(_timeout, json_schema_input_type=str)]
Mailbox: TypeAlias = Annotated[str, AfterValidator(_mailbox)]
PhoneNumber: TypeAlias = Annotated[str, AfterValidator(_phone_number)]
_Mailboxes: TypeAlias = Annotated[tuple[Mailbox, ...], Field(min_length=1), AfterValidator(_distinct)]
_PhoneNumbers: TypeAlias = Annotated[tuple[PhoneNumber, ...], Field(min_length=1), AfterValidator(_distinct)]


class _Table(BaseModel):
    """What every ``[[channel]]`` says.

    Attributes:
        name: Unique; by default the type.
        enabled: ``false`` keeps the table and tells nobody; its secrets need not be there.
        severity_levels: Of which alerts it is told. The end of an alert is told where the alert was.
        escalation: Whether it is told only about alerts that were escalated.
        timeout: After how long without an answer an attempt is given up.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(default="", max_length=64, pattern=r"^[\w .@/+-]*$")
    enabled: bool = True
    severity_levels: tuple[Literal[Severity.CRITICAL, Severity.WARNING], ...] = Field(
        default=(Severity.CRITICAL, Severity.WARNING), min_length=1
    )
    escalation: bool = False
    timeout: Timeout = timedelta(seconds=10)

    @property
    def severities(self) -> frozenset[Severity]:
        """The levels as a set."""
        return frozenset(self.severity_levels)


class EmailTable(_Table):
    """E-mail by SMTP."""

    type: Literal["email"]
    recipients: _Mailboxes
    sender: Mailbox
    host: str = Field(min_length=1)
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    ca_file: Path | None = None
    username: str | None = None
    password: Secret | None = None

    @model_validator(mode="after")
    def _login(self) -> Self:
        if (self.username is None) != (self.password is None):
            raise ValueError("username and password go together")
        if self.username is not None and self.security == "none":
            raise ValueError('a password is not sent in the clear; use security = "starttls" or "tls"')
        if self.ca_file is not None and self.security == "none":
            raise ValueError('ca_file is for security = "starttls" or "tls"')
        return self


class SlackTable(_Table):
    """A Slack incoming webhook."""

    type: Literal["slack"]
    webhook_url: Secret


class SmsTable(_Table):
    """Text messages by Twilio's API."""

    type: Literal["sms"]
    phone_numbers: _PhoneNumbers
    account_sid: str = Field(pattern=r"^AC[0-9a-fA-F]{32}$")
    auth_token: Secret
    sender: str | None = Field(default=None, min_length=1, pattern=r"^(\+[1-9]\d{6,14}|[A-Za-z0-9 ]{1,11}|\d{3,6})$")
    messaging_service_sid: str | None = Field(default=None, pattern=r"^MG[0-9a-fA-F]{32}$")
    segments: int = Field(default=1, ge=1, le=10)
    api_url: str = Field(default="https://api.twilio.com", pattern=r"^https://[\w.-]+(:\d+)?$")

    @model_validator(mode="after")
    def _one_sender(self) -> Self:
        if (self.sender is None) == (self.messaging_service_sid is None):
            raise ValueError("say either sender or messaging_service_sid")
        return self


class WebhookTable(_Table):
    """A JSON object by HTTP POST."""

    type: Literal["webhook"]
    url: str | Secret
    token: Secret | None = None


class AppriseTable(_Table):
    """Anything the library apprise can reach."""

    type: Literal["apprise"]
    url: Secret


class ConsoleTable(_Table):
    """A line on standard error."""

    type: Literal["console"]


ChannelTable: TypeAlias = Annotated[
    EmailTable | SlackTable | SmsTable | WebhookTable | AppriseTable | ConsoleTable, Field(discriminator="type")
]
"""One ``[[channel]]``: use ``channel: tuple[ChannelTable, ...]`` in a file's model, with ``checked_names``."""


def channel_name(table: ChannelTable) -> str:
    """Return the name of a channel: its own, or its type."""
    return table.name or table.type


def checked_names(tables: tuple[ChannelTable, ...]) -> tuple[ChannelTable, ...]:
    """Return the tables when their names differ; for ``AfterValidator``.

    Raises:
        ValueError: Two have one name.
    """
    names = [channel_name(table) for table in tables]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"two channels are called {twice[0]!r}; give each a name of its own")
    return tables
