"""Addresses that requests are sent to."""

from __future__ import annotations

import httpx

from atalaia.pipeline.errors import EventError


def checked_url(url: str) -> str:
    """Return an address that requests can be sent to.

    Raises:
        EventError: When it is none.
    """
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise EventError(f"the url cannot be read: {error}", "give an http(s):// address") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise EventError("the url is not an HTTP one", "give an http(s):// address")
    return url
