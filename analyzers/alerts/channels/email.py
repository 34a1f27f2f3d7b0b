"""E-mail: each notice as one message for one recipient."""

from __future__ import annotations

from analyzers.alerts.channels.mail import mail
from analyzers.alerts.channels.smtp import Mailer, MailServer
from analyzers.alerts.model import Notice
from logging_lib.clock import Clock, system_clock


class EmailChannel:
    """Hands each notice in as one message for one recipient.

    Args:
        name: What the state knows it by.
        server: Where to.
        sender: Whom it is from.
        recipient: Whom to tell.
        clock: The date of the messages.

    Raises:
        AtalaiaError: When the file of certificates cannot be read.
    """

    def __init__(self, name: str, server: MailServer, sender: str, recipient: str, clock: Clock = system_clock) -> None:
        self.name = name
        self.timeout = server.timeout
        self._mailer = Mailer(server)
        self._sender = sender
        self._recipient = recipient
        self._clock = clock

    def deliver(self, notice: Notice) -> None:
        """Hand the message in; it is taken when the server has confirmed all of it.

        Raises:
            DeliveryError: As :meth:`~analyzers.alerts.channels.smtp.Mailer.hand_in`.
        """
        self._mailer.hand_in(mail(notice, self._sender, self._recipient, self._clock()), self._sender, self._recipient)
