"""One attempt to deliver a request: sent, redirections followed, its answer judged."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from typing import Final

import httpx

from atalaia.pipeline.http_client.request import Connecting, Endpoint

_MOST_REDIRECTS: Final = 20
_DRAINED: Final = 1 << 16
"""Bytes of an answer that are read so that its connection can be kept."""
_SHOWN: Final = 200
_IDEMPOTENT: Final = frozenset({"GET", "HEAD", "PUT", "DELETE"})
_NO_COOKIES: Final = DefaultCookiePolicy(allowed_domains=[])
_BROKEN: Final = (httpx.ReadError, httpx.WriteError, httpx.CloseError, httpx.RemoteProtocolError)
"""Connections that broke under way; one that cannot be had at all is not tried again at once."""


class Verdict(Enum):
    """What became of a request."""

    DELIVERED = auto()
    FAILED = auto()
    REFUSED = auto()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of an attempt.

    Attributes:
        verdict: Delivered; failed, perhaps not the next time; or refused for good.
        reason: Why not delivered.
        status: The answer's status; ``None`` without an answer that counts.
        retry_after: The answer's ``Retry-After``, as it was written.
        error: What went wrong when there was no answer.
    """

    verdict: Verdict
    reason: str = ""
    status: int | None = None
    retry_after: str | None = None
    error: Exception | None = None


async def attempt(client: httpx.AsyncClient, endpoint: Endpoint, request: httpx.Request) -> Outcome:
    """Send a request, again at once when its connection breaks and the endpoint allows it, and judge the answer."""
    where = f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"
    again = endpoint.retrying.at_once if endpoint.retrying.any_method or request.method in _IDEMPOTENT else 0
    while True:
        try:
            async with asyncio.timeout(endpoint.connecting.request_timeout):
                return await _answered(client, endpoint, request, where)
        except (httpx.TransportError, OSError) as error:  # httpx lets some errors of TLS through as they are
            if isinstance(error, (httpx.UnsupportedProtocol, httpx.LocalProtocolError)):
                return Outcome(Verdict.REFUSED, f"it cannot be sent to {where}: {error}")
            if again > 0 and isinstance(error, _BROKEN):
                again -= 1
                continue
            said = f"{type(error).__name__}: {error}".rstrip(": ")
            return Outcome(Verdict.FAILED, f"{where} was not reached ({said})", error=error)


async def _answered(client: httpx.AsyncClient, endpoint: Endpoint, request: httpx.Request, where: str) -> Outcome:
    for _ in range(_MOST_REDIRECTS):
        response = await client.send(request, stream=True)
        try:
            body = await _start_of(response)
        finally:
            await response.aclose()
        following = response.next_request if endpoint.connecting.follow_redirects else None
        if following is None:
            return _judged(endpoint, response, where, body)
        if following.method != request.method:
            return Outcome(
                Verdict.REFUSED,
                f"{where} answered {response.status_code}, a redirection that would drop the body; correct the url",
            )
        request = following
    return Outcome(Verdict.REFUSED, f"{where} redirects without end")


def _judged(endpoint: Endpoint, response: httpx.Response, where: str, body: bytes) -> Outcome:
    status = response.status_code
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES or status in endpoint.retrying.ignored:
        return Outcome(Verdict.DELIVERED)
    said = " ".join(body[:_SHOWN].decode("utf-8", "replace").split())
    reason = f"{where} answered {status}" + (f": {said}" if said else "")
    verdict = Verdict.FAILED if status in endpoint.retrying.codes else Verdict.REFUSED
    return Outcome(verdict, reason, status, response.headers.get("retry-after"))


async def _start_of(response: httpx.Response) -> bytes:
    """Read the first bytes of a body; a short one is read to its end, so that the connection can be kept."""
    start = b""
    async for part in response.aiter_raw(_DRAINED):
        start += part
        if len(start) >= _DRAINED:
            break
    return start


def make_client(connecting: Connecting) -> httpx.AsyncClient:
    """Return a client for an endpoint; redirections and answers' encodings are not its to handle."""
    kept = connecting.connections if connecting.keepalive else 0
    client = httpx.AsyncClient(
        auth=connecting.auth,
        verify=connecting.tls,
        proxy=None if connecting.proxy is None else httpx.Proxy(connecting.proxy.url, auth=connecting.proxy.auth),
        trust_env=False,
        timeout=httpx.Timeout(connecting.socket_timeout, connect=connecting.connect_timeout, pool=None),
        limits=httpx.Limits(max_connections=connecting.connections, max_keepalive_connections=kept),
        headers={"User-Agent": "atalaia", "Accept-Encoding": "identity"},
    )
    if not connecting.cookies:
        client.cookies.jar.set_policy(_NO_COOKIES)
    return client
