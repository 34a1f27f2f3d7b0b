"""Who the client of a request is: its address behind proxies, and the request id it may bring."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import Final

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}", re.ASCII)
_BRACKETED: Final = re.compile(r"\[([^\]]+)\](?::\d+)?")
_WITH_PORT: Final = re.compile(r"([0-9.]+):\d+", re.ASCII)
# An address with brackets, zone and port is shorter; longer text must not fill the cache.
_LONGEST_ADDRESS: Final = 80


def client_address(peer: str, forwarded_for: str, trusted_proxies: int) -> str | None:
    """Return the client's IP address, or ``None`` where the server does not know it (a Unix socket).

    Each proxy appends the address it was called from to ``X-Forwarded-For``; the entries further left are whatever
    the client claimed. So with N proxies in front, the N-th entry from the right is the client, and nothing else is
    believed. Where that entry is missing or is no address, the request did not come through the proxies and
    the address of the connection is the truth.

    Args:
        peer: The address of the connection, empty where there is none.
        forwarded_for: The header's value; several lines of it joined by commas in their order.
        trusted_proxies: How many proxies stand in front of the server; 0 believes no header.
    """
    if trusted_proxies and forwarded_for:
        claims = forwarded_for.rsplit(",", trusted_proxies)[-trusted_proxies:]
        claimed = ip_address(claims[0].strip()) if len(claims) == trusted_proxies else None
        if claimed:
            return claimed
    return ip_address(peer)


def is_request_id(text: str) -> bool:
    """Tell whether a header's value has the shape of a request id: 1 to 128 letters, digits and ``._:/+=@-``."""
    return _REQUEST_ID.fullmatch(text) is not None


def ip_address(text: str) -> str | None:
    """Return an address without brackets, port and zone, or ``None`` if it is none.

    An IPv4 address in IPv6 clothes (``::ffff:192.0.2.1``, what a server that listens on both sees) is the IPv4 one.
    """
    return _ip_address(text) if 0 < len(text) <= _LONGEST_ADDRESS else None


@lru_cache(maxsize=1024)
def _ip_address(text: str) -> str | None:
    inside = _BRACKETED.fullmatch(text) or _WITH_PORT.fullmatch(text)
    try:
        address = ipaddress.ip_address((inside[1] if inside else text).partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)
