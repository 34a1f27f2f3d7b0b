"""A JSON object by HTTP POST."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Final

import httpx

from analyzers.alerts.channels.channel import DeliveryError
from analyzers.alerts.model import Notice
from logging_lib.errors import AtalaiaError

_TIMEOUT: Final = 5.0
"""Seconds to connect, and between two bytes."""


class WebhookChannel:
    """Posts a notice's payload to an address; any 2xx status means that it was taken.

    The payload's ``id`` (also in the header ``Idempotency-Key``) is the same at every attempt: a receiver that saw it
    can drop a repetition, which happens when the process dies between a delivery and its record.

    Args:
        url: An ``http(s)://`` address; its path and query may hold a secret and are never shown.
        timeout: Seconds to connect, and between two bytes.

    Raises:
        AtalaiaError: When the address is not an HTTP one.
    """

    def __init__(self, url: str, timeout: float = _TIMEOUT) -> None:
        try:
            parsed = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise AtalaiaError(
                f"the webhook's address cannot be read: {error}", "give an http(s):// address"
            ) from error
        if parsed.scheme not in {"http", "https"} or not parsed.host:
            raise AtalaiaError("the webhook's address is not an HTTP one", "give an http(s):// address")
        self._url = parsed
        self._timeout = timeout

    @property
    def timeout(self) -> timedelta:
        """As given."""
        return timedelta(seconds=self._timeout)

    @property
    def name(self) -> str:
        """The host, and a digest that tells two addresses on it apart."""
        digest = hashlib.sha256(str(self._url).encode()).hexdigest()[:8]
        return f"webhook {self._url.host} #{digest}"

    def deliver(self, notice: Notice) -> None:
        """Post the payload; redirects are not followed.

        Raises:
            DeliveryError: When the receiver cannot be reached in time or answers with another status than 2xx.
        """
        try:
            answer = httpx.post(
                self._url,
                json=dict(notice.payload),
                headers={"Idempotency-Key": notice.id},
                timeout=self._timeout,
            )
        except httpx.HTTPError as error:
            reason = f"{type(error).__name__}: {error}".rstrip(": ")
            raise DeliveryError(f"the webhook at {self._url.host} was not reached ({reason})") from error
        if not answer.is_success:
            raise DeliveryError(f"the webhook at {self._url.host} answered {answer.status_code}")
