"""Lines in the bodies of HTTP requests: an answer of 2xx is the receiver's word that it has all of them."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

import httpx

from atalaia.pipeline.http_client.attempt import Outcome as Answer
from atalaia.pipeline.http_client.attempt import Verdict, attempt, make_client
from atalaia.pipeline.http_client.request import Connecting, Endpoint, Retrying
from atalaia.ship.destination import Destination
from atalaia.ship.outcome import Delivered, Failed, Outcome, Refused
from atalaia.ship.trouble import trouble
from logging_lib.clock import Clock

_CONNECT_SECONDS: Final = 10.0
_CONTENT_TYPE: Final = "application/x-ndjson"
_ABOUT_THE_LINES: Final = frozenset((HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY))
_LONGEST_PAUSE: Final = 300.0
_REMEDIES: Final[Mapping[int, str]] = {
    HTTPStatus.UNAUTHORIZED: "check --user and ATALAIA_SHIP_PASSWORD, or --header",
    HTTPStatus.FORBIDDEN: "check --user and ATALAIA_SHIP_PASSWORD, or --header",
    HTTPStatus.NOT_FOUND: "check the path in --to",
    HTTPStatus.METHOD_NOT_ALLOWED: "check the path in --to",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "leave out --compress, or set another Content-Type with --header",
}


class HttpTransport:
    """Posts lines, one request at a time.

    A receiver makes text of a body and puts U+FFFD where it is no UTF-8, so that other bytes would be lost.

    Args:
        destination: Where to, and how.
        clock: For a ``Retry-After`` that is a date.
    """

    utf_8_only = True

    def __init__(self, destination: Destination, clock: Clock) -> None:
        self._destination = destination
        self._clock = clock
        self._endpoint = _endpoint(destination)
        self._client = make_client(self._endpoint.connecting)
        self._headers = _headers(destination)

    async def deliver(self, lines: Sequence[bytes]) -> Outcome:
        """See :meth:`Transport.deliver`."""
        body = b"\n".join(lines) + b"\n"
        content = gzip.compress(body, 6, mtime=0) if self._endpoint.compress else body
        request = self._client.build_request("POST", self._destination.url, headers=self._headers, content=content)
        return self._judged(await attempt(self._client, self._endpoint, request))

    async def close(self) -> None:
        """See :meth:`Transport.close`."""
        await self._client.aclose()

    def _judged(self, answer: Answer) -> Outcome:
        if answer.verdict is Verdict.DELIVERED:
            return Delivered()
        if answer.error is not None:
            if isinstance(answer.error, TimeoutError | httpx.TimeoutException):
                return Failed(f"{self._destination.where} did not answer in time")
            return trouble(self._destination.where, answer.error)
        if answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return Refused(answer.reason, too_large=True)
        if answer.status in _ABOUT_THE_LINES:
            return Refused(answer.reason)
        return Failed(answer.reason, self._remedy(answer.status), self._pause(answer.retry_after))

    @staticmethod
    def _remedy(status: int | None) -> str:
        if status is not None and HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            return "write the address that it redirects to in --to"
        return "" if status is None else _REMEDIES.get(status, "")

    def _pause(self, retry_after: str | None) -> float:
        """Return the seconds of a ``Retry-After`` (RFC 9110, section 10.2.3), at most five minutes."""
        text = (retry_after or "").strip()
        if text.isdecimal():
            return min(float(text), _LONGEST_PAUSE)
        try:
            until = parsedate_to_datetime(text)
        except ValueError:
            return 0.0
        instant = until if until.tzinfo is not None else until.replace(tzinfo=UTC)
        return min(max((instant - self._clock()).total_seconds(), 0.0), _LONGEST_PAUSE)


def _endpoint(destination: Destination) -> Endpoint:
    connecting = Connecting(
        connect_timeout=_CONNECT_SECONDS,
        socket_timeout=destination.timeout,
        request_timeout=destination.timeout,
        connections=1,
        keepalive=True,
        cookies=False,
        follow_redirects=False,
        auth=destination.auth,
        proxy=None,
        tls=destination.tls_or_default(),
    )
    retrying = Retrying(failed=True, codes=frozenset(), ignored=frozenset(), at_once=1, any_method=True)
    return Endpoint(
        "ship", "POST", 1, batch=False, compress=destination.compress, connecting=connecting, retrying=retrying
    )


def _headers(destination: Destination) -> httpx.Headers:
    headers = httpx.Headers({"User-Agent": "atalaia-ship", "Content-Type": _CONTENT_TYPE})
    headers.update(dict(destination.headers))
    if destination.compress:
        headers["Content-Encoding"] = "gzip"
    return headers
