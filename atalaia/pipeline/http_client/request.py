"""What an ``http`` output makes of an event, and what its requests have in common."""

from __future__ import annotations

import ssl
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProxyAddress:
    """Where a proxy is.

    Attributes:
        url: Its address.
        auth: User and password, for basic authentication.
    """

    url: str
    auth: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Connecting:
    """How a server is reached.

    Attributes:
        connect_timeout: Seconds a connection may take.
        socket_timeout: Seconds between two bytes.
        request_timeout: Seconds the whole request may take, redirections included.
        connections: How many there may be at a time.
        keepalive: Whether they are kept for further requests.
        cookies: Whether cookies are kept and sent.
        follow_redirects: Whether redirections are followed.
        auth: User and password, for basic authentication.
        proxy: The proxy; ``None`` for none, whatever the environment says.
        tls: For ``https``.
    """

    connect_timeout: float
    socket_timeout: float
    request_timeout: float
    connections: int
    keepalive: bool
    cookies: bool
    follow_redirects: bool
    auth: tuple[str, str] | None
    proxy: ProxyAddress | None
    tls: ssl.SSLContext


@dataclass(frozen=True, slots=True)
class Retrying:
    """What is done when a request fails. Source: logstash-output-http 6, Retry policy.

    Attributes:
        failed: Whether a request is sent again, as often as it takes, after a retryable status or a broken connection.
        codes: The retryable statuses.
        ignored: Statuses beside 2xx that count as success.
        at_once: How often a request is repeated without delay when its connection broke under way.
        any_method: Whether that holds for POST and PATCH too.
    """

    failed: bool
    codes: frozenset[int]
    ignored: frozenset[int]
    at_once: int
    any_method: bool


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """What the requests of one output have in common; known by its identity.

    Attributes:
        plugin_id: The output's id.
        method: The HTTP method.
        parallel: How many requests are under way at a time; 1 keeps the order of the events.
        batch: Whether the bodies of a batch are the items of one JSON array, sent in one request.
        compress: Whether bodies are compressed.
        connecting: How the server is reached.
        retrying: What is done when a request fails.
    """

    plugin_id: str
    method: str
    parallel: int
    batch: bool
    compress: bool
    connecting: Connecting
    retrying: Retrying


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What is to be sent for one event.

    Attributes:
        endpoint: What it shares with others.
        url: Where to.
        headers: Names and values.
        body: The body; in a batch, an item of it.
    """

    endpoint: Endpoint
    url: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
