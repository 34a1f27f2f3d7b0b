"""One POST, and what its answer means for a delivery."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from json import dumps
from typing import Final

import httpx

from analyzers.alerts.channels.channel import DeliveryError
from logging_lib.clock import Clock
from logging_lib.errors import AtalaiaError

_LONGEST_ANSWER: Final = 64 * 1024
"""Bytes of an answer that are read; the rest of a longer one tells nothing."""
_LONGEST_WAIT: Final = timedelta(days=1)
_SHOWN: Final = 200
"""Characters of a server's own words that are shown."""
_RETRIED: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said.

    Attributes:
        status: The HTTP status.
        text: The body, as far as it was read.
        retry_after: The header's text; empty without one.
    """

    status: int
    text: str
    retry_after: str

    @property
    def success(self) -> bool:
        """Whether it is a 2xx."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


def http_url(url: str, what: str) -> httpx.URL:
    """Return an address that can be posted to.

    Raises:
        AtalaiaError: When it is not an HTTP one; the address, which may hold a secret, is not in the message.
    """
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise AtalaiaError(f"the {what}'s address cannot be read", "give an http(s):// address") from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise AtalaiaError(f"the {what}'s address is not an HTTP one", "give an http(s):// address")
    return parsed


def post(  # noqa: PLR0913  # one request, named parts
    url: httpx.URL,
    what: str,
    timeout: timedelta,
    *,
    json: object = None,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
) -> Answer:
    """Post and return the answer, whatever it is; redirects are not followed, certificates are verified.

    Args:
        url: Where to.
        what: The receiver, for messages: ``webhook at hooks.example``.
        timeout: To connect, between two bytes, and for the answer's body altogether.
        json: A JSON body, or
        form: a form.
        headers: Further headers.
        auth: User and password of HTTP basic authentication.

    Raises:
        DeliveryError: When the receiver was not reached, or did not answer in time.
    """
    content = None if json is None else dumps(json).encode("ascii")
    sent = {**(headers or {}), **({} if json is None else {"Content-Type": "application/json"})}
    seconds = timeout.total_seconds()
    deadline = time.monotonic() + seconds
    try:
        with (
            httpx.Client(timeout=seconds, auth=auth) as client,
            client.stream("POST", url, content=content, data=form, headers=sent) as answer,
        ):
            return Answer(answer.status_code, _body(answer, deadline, what), answer.headers.get("Retry-After", ""))
    except (httpx.HTTPError, httpx.StreamError) as error:
        reason = f"{type(error).__name__}: {error}".rstrip(": ")
        raise DeliveryError(f"the {what} was not reached ({reason})") from error


def refusal(answer: Answer, what: str, words: str, clock: Clock) -> DeliveryError:
    """Return the error that an answer other than success means.

    Args:
        answer: What the server said.
        what: The receiver, for messages.
        words: The server's own explanation; empty without one.
        clock: Against which a ``Retry-After`` date is counted.
    """
    permanent = answer.status < HTTPStatus.INTERNAL_SERVER_ERROR and answer.status not in _RETRIED
    said = f": {shown(words)}" if words.strip() else ""
    return DeliveryError(
        f"the {what} answered {answer.status}{said}",
        permanent=permanent,
        retry_after=wait_asked(answer.retry_after, clock()),
    )


def shown(words: str) -> str:
    """Return somebody else's words on one line, cut, for a message."""
    line = " ".join("".join(char if char.isprintable() else " " for char in words).split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def wait_asked(value: str, now: datetime) -> timedelta | None:
    """Return how long a ``Retry-After`` header (RFC 9110, 10.2.3: seconds or a date) asks to wait, at most a day."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=min(int(text[:9]), 10**9)), _LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    zoned = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return min(max(zoned - now, timedelta(0)), _LONGEST_WAIT)


def _body(answer: httpx.Response, deadline: float, what: str) -> str:
    body = bytearray()
    for chunk in answer.iter_bytes():
        body += chunk
        if len(body) >= _LONGEST_ANSWER:
            break
        if time.monotonic() > deadline:
            raise DeliveryError(f"the {what} took too long to answer")
    return bytes(body[:_LONGEST_ANSWER]).decode("utf-8", "replace")
