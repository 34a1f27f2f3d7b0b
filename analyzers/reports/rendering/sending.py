"""Reports by mail: where mail is handed in, and each recipient's own copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter, ValidationError

from analyzers.alerts.channels.building import mail_server
from analyzers.alerts.channels.channel import DeliveryError
from analyzers.alerts.channels.models import ChannelTable, EmailTable, Mailbox
from analyzers.alerts.channels.secret import Secrets
from analyzers.alerts.channels.smtp import Mailer, MailServer
from analyzers.language import Language
from analyzers.reports.document import Report
from analyzers.reports.rendering.mail import Attachment, Envelope, report_mail
from logging_lib.clock import Clock
from logging_lib.errors import AtalaiaError

_REMEDY: Final = (
    'put a [[channel]] with type = "email" into alerts.toml (docs/channels.md), or set ATALAIA_SMTP_HOST and '
    "ATALAIA_MAIL_FROM"
)
_VARIABLES: Final = {
    "host": "ATALAIA_SMTP_HOST",
    "port": "ATALAIA_SMTP_PORT",
    "security": "ATALAIA_SMTP_SECURITY",
    "ca_file": "ATALAIA_SMTP_CA_FILE",
    "username": "ATALAIA_SMTP_USERNAME",
    "sender": "ATALAIA_MAIL_FROM",
}
"""Key of an e-mail channel to the variable that says the same."""
_PASSWORD: Final = "ATALAIA_SMTP_PASSWORD"  # noqa: S105  # the variable's name
_MAILBOXES: Final = TypeAdapter(tuple[Mailbox, ...])
_NOBODY: Final = "nobody@example.org"


@dataclass(frozen=True, slots=True)
class Postbox:
    """Where reports are handed in.

    Attributes:
        server: The mail server.
        sender: Whom mails are from.
        recipients: Whom they are for where nobody else is named; empty when it does not say.
    """

    server: MailServer
    sender: str
    recipients: tuple[str, ...] = ()


def find_postbox(channels: Sequence[ChannelTable], secrets: Secrets) -> Postbox:
    """Return the postbox: what the environment says, else the first enabled e-mail channel of ``alerts.toml``.

    The variables are ``ATALAIA_SMTP_HOST``, ``ATALAIA_MAIL_FROM`` and, where needed, ``ATALAIA_SMTP_PORT``,
    ``_SECURITY`` (``starttls``, ``tls``, ``none``), ``_CA_FILE``, ``_USERNAME`` and ``_PASSWORD``.

    Args:
        channels: The ``[[channel]]`` tables; empty without a file.
        secrets: The environment, and the folder of the file.

    Raises:
        AtalaiaError: When neither says where mail is handed in, or says something wrong.
    """
    if secrets.environment.get(_VARIABLES["host"]):
        table = _of_environment(secrets.environment)
        return Postbox(mail_server(table, secrets), table.sender)
    for channel in channels:
        if isinstance(channel, EmailTable) and channel.enabled:
            return Postbox(mail_server(channel, secrets), channel.sender, channel.recipients)
    raise AtalaiaError("nothing says by which server reports are mailed", _REMEDY)


def mail_report(
    report: Report,
    language: Language,
    postbox: Postbox,
    clock: Clock,
    *,
    recipients: Sequence[str] = (),
    attachments: tuple[Attachment, ...] = (),
) -> tuple[str, ...]:
    """Mail a report to each recipient by themselves, and return who has it.

    Args:
        report: What to send.
        language: In whose words.
        postbox: Where mail is handed in.
        clock: The date of the mails.
        recipients: Whom to tell; by default those of the postbox.
        attachments: Files that go with it.

    Raises:
        AtalaiaError: When there is no recipient, an address is none, or somebody's mail was not taken: the others have
            theirs, and the message says whose was not, with the server's own words.
    """
    told = tuple(dict.fromkeys(recipients or postbox.recipients))
    if not told:
        raise AtalaiaError("nobody is named to mail the report to", "name recipients")
    mailer = Mailer(postbox.server)
    failures = []
    for recipient in _mailboxes(told):
        mail = report_mail(report, language, Envelope(postbox.sender, recipient, clock()), attachments)
        try:
            mailer.hand_in(mail, postbox.sender, recipient)
        except DeliveryError as error:
            failures.append(f"{recipient}: {error}")
    if failures:
        raise AtalaiaError(
            f"the report was not taken for {len(failures)} of {len(told)}: {'; '.join(failures)}",
            "mend that and mail it again: mail programs show those who have it already the same one once",
        )
    return told


def _mailboxes(recipients: tuple[str, ...]) -> tuple[str, ...]:
    """Return the addresses.

    Raises:
        AtalaiaError: When one cannot be an address.
    """
    try:
        return _MAILBOXES.validate_python(recipients)
    except ValidationError as error:
        raise AtalaiaError(_complaint(error), "mend the recipients") from error


def _of_environment(environment: Mapping[str, str]) -> EmailTable:
    """Return the channel that the variables describe."""
    said = {key: environment[name] for key, name in _VARIABLES.items() if environment.get(name)}
    secret = {"password": {"env": _PASSWORD}} if environment.get(_PASSWORD) else {}
    try:
        return EmailTable.model_validate({"type": "email", "recipients": (_NOBODY,), **said, **secret})
    except ValidationError as error:
        raise AtalaiaError(f"the mail server of the environment: {_complaint(error)}", _REMEDY) from error


def _complaint(error: ValidationError) -> str:
    """Return what is wrong, with the variables' names where there are."""
    return "; ".join(
        ": ".join((*_places(each["loc"]), each["msg"].removeprefix("Value error, "))) for each in error.errors()
    )


def _places(location: tuple[int | str, ...]) -> tuple[str, ...]:
    return tuple(_VARIABLES[key] for key in location if isinstance(key, str) and key in _VARIABLES)
