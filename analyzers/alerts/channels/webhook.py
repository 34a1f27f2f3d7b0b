"""A JSON object by HTTP POST."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Final

from analyzers.alerts.channels.http import http_url, post, refusal
from analyzers.alerts.model import Notice
from logging_lib.clock import Clock, system_clock

_TIMEOUT: Final = timedelta(seconds=5)


class WebhookChannel:
    """Posts a notice's payload to an address; any 2xx status means that it was taken.

    The payload's ``id`` (also in the header ``Idempotency-Key``) is the same at every attempt: a receiver that saw it
    can drop a repetition, which happens when the process dies between a delivery and its record.

    Args:
        url: An ``http(s)://`` address; its path and query may hold a secret and are never shown.
        timeout: To connect, and between two bytes.
        name: What the state knows it by; the host and a digest of the address by default.
        token: Sent as ``Authorization: Bearer``.
        clock: Against which a ``Retry-After`` date is counted.

    Raises:
        AtalaiaError: When the address is not an HTTP one.
    """

    def __init__(
        self,
        url: str,
        timeout: timedelta = _TIMEOUT,
        name: str = "",
        token: str | None = None,
        clock: Clock = system_clock,
    ) -> None:
        self._url = http_url(url, f"webhook {name!r}" if name else "webhook")
        self.timeout = timeout
        self._name = name
        self._token = token
        self._clock = clock

    @property
    def name(self) -> str:
        """As given; or the host, and a digest that tells two addresses on it apart."""
        digest = hashlib.sha256(str(self._url).encode()).hexdigest()[:8]
        return self._name or f"webhook {self._url.host} #{digest}"

    def deliver(self, notice: Notice) -> None:
        """Post the payload; redirects are not followed.

        Raises:
            DeliveryError: When the receiver cannot be reached in time or answers with another status than 2xx.
        """
        what = f"webhook at {self._url.host}"
        headers = {"Idempotency-Key": notice.id}
        if self._token is not None:
            headers["Authorization"] = f"Bearer {self._token}"
        answer = post(self._url, what, self.timeout, json=dict(notice.payload), headers=headers)
        if not answer.success:
            raise refusal(answer, what, "", self._clock)
