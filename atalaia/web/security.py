"""What keeps the live page to itself: no foreign host, no foreign script, nothing kept in caches."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, request

from logging_lib.errors import AtalaiaError

_MISDIRECTED: Final = 421
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def protect(app: Flask) -> None:
    """Refuse requests that were sent to another name, and add the headers to every response.

    A page of another site can make its own name resolve to 127.0.0.1 and then read what it likes (DNS rebinding); the
    browser still sends that name in ``Host``.
    """

    @app.before_request
    def refuse_foreign_hosts() -> tuple[str, int] | None:
        if is_loopback(_host_name(request.host)):
            return None
        return "This page answers to localhost only.\n", _MISDIRECTED

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response


def is_loopback(name: str) -> bool:
    """Whether a host name or address can only mean this machine."""
    if name.lower() == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def loopback_address(host: str) -> str:
    """Return the loopback address that a person named.

    Raises:
        AtalaiaError: When other machines could reach it.
    """
    if not is_loopback(host):
        raise AtalaiaError(
            f"the live page would be open to other machines at {host!r}",
            "give a loopback --host such as 127.0.0.1, and reach it from elsewhere through ssh -L",
        )
    return "127.0.0.1" if host.lower() == "localhost" else host


def _host_name(header: str) -> str:
    """Return the name in a ``Host`` header, without port and brackets; empty when there is none."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""
