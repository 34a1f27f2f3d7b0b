"""Anything that the library apprise can reach."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final
from urllib.parse import unquote, unquote_plus

import apprise

from analyzers.alerts.channels.channel import DeliveryError
from analyzers.alerts.channels.http import shown
from analyzers.alerts.channels.look import look_of, one_line
from analyzers.alerts.model import Kind, Notice
from analyzers.thresholds import Severity
from logging_lib.errors import AtalaiaError

_TYPES: Final = {
    Severity.OK: apprise.NotifyType.SUCCESS,
    Severity.WARNING: apprise.NotifyType.WARNING,
    Severity.CRITICAL: apprise.NotifyType.FAILURE,
    Severity.UNMEASURED: apprise.NotifyType.INFO,
}
_SHORTEST: Final = 4
"""Shorter parts of an address are no secrets, and to hide them would make messages unreadable."""


class AppriseChannel:
    """Sends each notice to one apprise address.

    Args:
        name: What the state knows it by.
        url: The address, such as ``tgram://token/chat``; it is a secret, and no message shows a part of it.
        timeout: To connect, and for the answer.

    Raises:
        AtalaiaError: When apprise does not know such an address.
    """

    def __init__(self, name: str, url: str, timeout: timedelta = timedelta(seconds=10)) -> None:
        self.name = name
        self.timeout = timeout
        self._url = url
        with _logged():
            service = apprise.Apprise.instantiate(url, suppress_exceptions=True)
        if not isinstance(service, apprise.NotifyBase):
            raise AtalaiaError(
                f"channel {name!r}: apprise does not know an address like that", "see the list in apprise's documents"
            )
        service.socket_connect_timeout = service.socket_read_timeout = timeout.total_seconds()
        self._service = service

    def deliver(self, notice: Notice) -> None:
        """Send the notice.

        Raises:
            DeliveryError: When apprise says that it was not sent; what it wrote into its log is the reason.
        """
        sender = apprise.Apprise()
        sender.add(self._service)
        kind = apprise.NotifyType.INFO if notice.kind is Kind.TEST else _TYPES[notice.severity]
        with _logged() as log:
            sent = sender.notify(
                title=f"{look_of(notice).sign} {one_line(notice.subject)}",
                body=notice.text,
                notify_type=kind,
                body_format=apprise.NotifyFormat.TEXT,
            )
        if not sent:
            reason = shown(self.without_secrets(" ".join(log))) or "it gives no reason"
            raise DeliveryError(f"apprise did not send it: {reason}")

    def without_secrets(self, text: str) -> str:
        """Return a text without any part of the address but its scheme, as it is written or decoded."""
        written = re.split(r"[:/@?&=,#]+", self._url)[1:]
        parts = {*written, *map(unquote, written), *map(unquote_plus, written)}
        for part in sorted(parts, key=len, reverse=True):
            if len(part) >= _SHORTEST:
                text = text.replace(part, "***")
        return text


class _Lines(logging.Handler):
    """Keeps the messages of a log."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one message."""
        self._lines.append(record.getMessage())


@contextmanager
def _logged() -> Iterator[list[str]]:
    """Yield what apprise warns of while the block runs, and keep it from the terminal: it swallows exceptions."""
    lines: list[str] = []
    handler, logger = _Lines(lines), logging.getLogger("apprise")
    logger.addHandler(handler)
    try:
        yield lines
    finally:
        logger.removeHandler(handler)
