"""Who the client of a request is, from a WSGI environment: address, request id, trace id."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from wsgiref.types import WSGIEnvironment

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}", re.ASCII)
_TRACEPARENT: Final = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?", re.ASCII)
_BRACKETED: Final = re.compile(r"\[([^\]]+)\](?::\d+)?")
_WITH_PORT: Final = re.compile(r"([0-9.]+):\d+", re.ASCII)
_NO_TRACE: Final = "0" * 32


def client_address(environ: WSGIEnvironment, trusted_proxies: int) -> str | None:
    """Return the client's IP address, or ``None`` where the server does not know it (a Unix socket).

    Each proxy appends the address it was called from to ``X-Forwarded-For``; the entries further left are whatever
    the client claimed. So with N proxies in front, the N-th entry from the right is the client, and nothing else is
    believed. Where that entry is missing or is no address, the request did not come through the proxies and
    the address of the connection is the truth.

    Args:
        environ: The WSGI environment.
        trusted_proxies: How many proxies stand in front of the server; 0 believes no header.
    """
    if trusted_proxies:
        claims = str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")
        if len(claims) >= trusted_proxies:
            claimed = _ip(claims[-trusted_proxies].strip())
            if claimed:
                return claimed
    return str(environ.get("REMOTE_ADDR", "")) or None


def incoming_request_id(environ: WSGIEnvironment, header: str) -> str | None:
    """Return the request id a proxy or another service sent, if it has the shape of one."""
    sent = str(environ.get("HTTP_" + header.upper().replace("-", "_"), ""))
    return sent if _REQUEST_ID.fullmatch(sent) else None


def incoming_trace_id(environ: WSGIEnvironment) -> str | None:
    """Return the trace id of a W3C ``traceparent`` header, if there is a valid one."""
    found = _TRACEPARENT.fullmatch(str(environ.get("HTTP_TRACEPARENT", "")))
    return found[1] if found and found[1] != _NO_TRACE else None


def _ip(text: str) -> str | None:
    """Return the address without brackets and port, or ``None`` if it is none."""
    inside = _BRACKETED.fullmatch(text) or _WITH_PORT.fullmatch(text)
    try:
        return str(ipaddress.ip_address(inside[1] if inside else text))
    except ValueError:
        return None
