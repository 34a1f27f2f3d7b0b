"""Whether a request that changes something comes from a page of this site."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from werkzeug.datastructures import Headers

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that never change anything."""


def is_from_here(headers: Headers) -> bool:
    """Whether the browser says that a page of this very site sent the request.

    ``Sec-Fetch-Site`` is what a page cannot forge. Browsers send it over TLS and to loopback addresses only; else
    ``Origin`` is compared with ``Host``. A request with neither is refused: every browser of today sends one with a
    form.
    """
    site = headers.get("Sec-Fetch-Site")
    origin, host = headers.get("Origin"), headers.get("Host", "")
    if site is not None:
        return site == "same-origin"
    return origin is not None and urlsplit(origin).netloc.lower() == host.lower() != ""
