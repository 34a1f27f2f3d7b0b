"""Addresses on this site, where a browser may be sent."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from flask import Request

_OWN: Final = re.compile(r"/(?![/\\])[^\x00-\x20\\\x7f]*")
"""A path of this site: browsers take two slashes, of either kind, for another host, and drop tabs and line ends."""


def own_address(address: str | None) -> str:
    """Return an address when it can only be one of this site; else that of its first page."""
    return address if address is not None and _OWN.fullmatch(address) else "/"


def present_address(request: Request) -> str:
    """Return the address of a request, path and query, as it can stand in a link."""
    query = request.query_string.decode("ascii", "replace")
    return own_address(quote(request.path) + (f"?{query}" if query else ""))
