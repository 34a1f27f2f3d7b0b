"""Handing a mail in at a server, by SMTP."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from threading import Timer
from typing import Final, Literal, TypeAlias

from analyzers.alerts.channels.channel import DeliveryError
from analyzers.alerts.channels.http import shown
from logging_lib.errors import AtalaiaError

Security: TypeAlias = Literal["starttls", "tls", "none"]

_PORTS: Final[dict[Security, int]] = {"starttls": 587, "tls": 465, "none": 25}
_PERMANENT: Final = 500
"""Replies from here on say that the same attempt will fail again (RFC 5321, 4.2.1)."""
_NO_ASCII: Final = "its login takes a username and a password of ASCII characters only; choose such ones"
_STEPS: Final = 6
"""So many times the timeout is the most a whole delivery may take, however slowly the server drips its replies."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in.

    Attributes:
        host: The server's name, which its certificate must carry.
        port: By default 587 for STARTTLS, 465 for TLS, 25 for neither.
        security: ``starttls`` and ``tls`` both verify the certificate and never fall back to plain text.
        ca_file: Certificates to trust instead of the system's, in PEM.
        username: Who logs in; ``None``: nobody.
        password: The secret.
        timeout: For the connection and for each reply.
    """

    host: str
    port: int | None = None
    security: Security = "starttls"
    ca_file: Path | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout: timedelta = timedelta(seconds=10)

    @property
    def address(self) -> str:
        """Host and port, for messages."""
        return f"{self.host}:{self.port or _PORTS[self.security]}"


class _Session(smtplib.SMTP):
    """A session that is cut off when it takes too long altogether: smtplib's timeout starts anew with each byte."""

    def connect(self, host: str = "localhost", port: int = 0, source_address: object = None) -> tuple[int, bytes]:
        """Connect as smtplib does, and start the clock."""
        del source_address  # the system chooses it
        self._deadline = Timer(_STEPS * self.timeout, self._cut_off)
        self._deadline.daemon = True
        self._deadline.start()
        try:
            return super().connect(host, port)
        except (OSError, smtplib.SMTPException):
            self._deadline.cancel()
            raise

    def leave(self) -> None:
        """End the session; the message was confirmed, or the error is on its way: a failing QUIT changes neither."""
        try:
            self.quit()
        except (OSError, smtplib.SMTPException):
            self.close()

    def close(self) -> None:
        """Close the connection and stop the clock."""
        self._deadline.cancel()
        super().close()

    def _cut_off(self) -> None:
        """Run in a thread of its own: whoever waits for a reply gets an error."""
        sock: socket.socket | None = getattr(self, "sock", None)
        try:
            if sock is not None:
                sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it ended by itself in this very moment


class _TlsSession(_Session, smtplib.SMTP_SSL):
    """The same within TLS from the first byte."""


class Mailer:
    """Hands mails in, each for one recipient, in a session of its own.

    Args:
        server: Where to.

    Raises:
        AtalaiaError: When the file of certificates cannot be read.
    """

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._trust = _trust(server)

    def hand_in(self, message: EmailMessage, sender: str, recipient: str) -> None:
        """Hand a mail in; it is taken when the server has confirmed all of it.

        Raises:
            DeliveryError: When the server is not reached in time, is not the one its certificate names, or refuses
                the login, the sender, the recipient or the message; its own words are shown.
        """
        try:
            self._send(message, sender, recipient)
        except ssl.SSLCertVerificationError as error:
            raise self._failure(f"its certificate is not trusted: {error.verify_message}", permanent=True) from error
        except smtplib.SMTPNotSupportedError as error:
            raise self._failure(shown(str(error)), permanent=True) from error
        except smtplib.SMTPRecipientsRefused as error:
            raise self._refused(f"refused {recipient}", *error.recipients[recipient]) from error
        except smtplib.SMTPAuthenticationError as error:
            raise self._refused("refused the login", error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPResponseException as error:
            raise self._refused("refused", error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise self._failure(f"{type(error).__name__}: {shown(str(error))}".rstrip(": ")) from error

    def _send(self, message: EmailMessage, sender: str, recipient: str) -> None:
        with self._connected() as client:
            if self._server.username is not None:
                self._log_in(client, self._server.username, self._server.password or "")
            client.send_message(message, sender, [recipient])

    def _log_in(self, client: smtplib.SMTP, username: str, password: str) -> None:
        if not (
            username.isascii() and password.isascii()
        ):  # smtplib cannot send others, and would say so with a traceback
            raise self._failure(_NO_ASCII, permanent=True)
        client.login(username, password)

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """Yield a session that is as safe as it was asked for, and is cut off when it takes too long altogether."""
        client = self._session()
        try:
            if self._server.security == "starttls":
                client.starttls(context=self._trust)
                client.ehlo()
            yield client
        finally:
            client.leave()

    def _session(self) -> _Session:
        server = self._server
        port, seconds = server.port or _PORTS[server.security], server.timeout.total_seconds()
        if server.security == "tls":
            return _TlsSession(server.host, port, _own_name(), timeout=seconds, context=self._trust)
        return _Session(server.host, port, _own_name(), timeout=seconds)

    def _refused(self, what: str, code: int, words: bytes | str) -> DeliveryError:
        said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        return self._failure(f"{what}: {code} {shown(said)}".rstrip(), permanent=code >= _PERMANENT)

    def _failure(self, reason: str, *, permanent: bool = False) -> DeliveryError:
        return DeliveryError(f"the mail server {self._server.address}: {reason}", permanent=permanent)


def _trust(server: MailServer) -> ssl.SSLContext | None:
    if server.security == "none":
        return None
    try:
        return ssl.create_default_context(cafile=server.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise AtalaiaError(
            f"cannot read the certificates in {server.ca_file}: {error}", "name a file of certificates in PEM"
        ) from error


def _own_name() -> str:
    """Return this machine's name for the greeting, without asking a name server as smtplib would."""
    name = socket.gethostname()
    return name if name.isascii() and " " not in name else "localhost"
