"""Addresses of the Internet Protocol in text."""

from __future__ import annotations

import ipaddress


def is_address(text: str) -> bool:
    """Tell whether a text is an address, of version 4 or 6."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
