"""A real SMTP server, by aiosmtpd: TLS, login, and every way to go wrong."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Thread

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "atalaia", "correct horse"


@dataclass
class MailHost:
    """How the server behaves from now on, and what it took.

    Attributes:
        rcpt: Its reply to a recipient.
        data: Its reply to a message.
        cut: Whether it drops the connection instead of confirming a message that it has.
        taken: The messages, as a mail program reads them.
        envelopes: Sender and recipients of each.
        logins: The passwords that were tried.
        port: Where it listens, on the loopback interface.
        ca_file: The certificate to trust.
    """

    rcpt: str = "250 OK"
    data: str = "250 OK"
    cut: bool = False
    taken: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str | None, list[str]]] = field(default_factory=list)
    logins: list[bytes] = field(default_factory=list)
    port: int = 0
    ca_file: Path = Path()

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer as told."""
        del server, session
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message and answer as told, or not at all."""
        del session
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        if self.cut:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return self.data

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        """Let the one user in."""
        del server, session, envelope, mechanism
        assert isinstance(data, LoginPassword)
        self.logins.append(data.password)
        known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=known, handled=False)


@contextmanager
def mail_host(folder: Path, security: str = "starttls", name: str = "localhost") -> Iterator[MailHost]:
    """Serve until the block ends.

    Args:
        folder: Where the certificate is written.
        security: ``starttls`` or ``tls``, both with login; or ``none``.
        name: What the certificate is for.
    """
    host = MailHost(ca_file=folder / "ca.pem")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(host.ca_file)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    login = security != "none"

    def protocol() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # aiosmtpd does not know that "tls" means TLS from the first byte
            return SMTP(
                host,
                hostname="mail.test",
                tls_context=context if security == "starttls" else None,
                require_starttls=security == "starttls",
                auth_required=login,
                auth_require_tls=security == "starttls",
                authenticator=host.authenticate if login else None,
            )

    async def serve(ready: Future[int], stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        over = context if security == "tls" else None
        server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=over)
        ready.set_result(server.sockets[0].getsockname()[1])
        await stop.wait()
        server.close()

    with _running(serve) as host.port:
        yield host


@contextmanager
def _running(serve: object) -> Iterator[int]:
    """Run a server's coroutine in a loop and thread of its own; yield its port."""
    loop, stop, ready = asyncio.new_event_loop(), asyncio.Event(), Future[int]()
    assert callable(serve)
    thread = Thread(target=loop.run_until_complete, args=(serve(ready, stop),))
    thread.start()
    try:
        yield ready.result(timeout=60)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
