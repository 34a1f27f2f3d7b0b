"""Addresses as Java's ``InetAddress`` reads and prints them.

Source: ``InetAddress.getByName`` and ``getHostAddress`` of OpenJDK 25. Zones are not read.
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final, TypeAlias

Address: TypeAlias = "IPv4Address | IPv6Address"

_PARTS: Final = re.compile(r"\d+(?:\.\d+){0,3}", re.ASCII)
_LONGEST: Final = 15
_PART_BITS: Final = 8
_PARTS_OF_4: Final = 4


def read_address(text: str) -> Address | None:
    """Return the address that a text is; ``None`` for a host name and anything else.

    ``1.2.3`` is 1.2.0.3 and ``16909060`` is 1.2.3.4: the last part fills what is left. A version 6 address may stand in
    brackets; one that holds a version 4 address (``::ffff:1.2.3.4``) is that address.
    """
    if _PARTS.fullmatch(text) and len(text) <= _LONGEST:
        return _version_4(text)
    inner = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    if "%" in inner:
        return None
    try:
        address = IPv6Address(inner)
    except AddressValueError:
        return None
    return address.ipv4_mapped or address


def host_address(address: Address) -> str:
    """Return its text; of version 6 all eight groups, without zeros before them."""
    if isinstance(address, IPv4Address):
        return str(address)
    return ":".join(f"{int(group, 16):x}" for group in address.exploded.split(":"))


def _version_4(text: str) -> IPv4Address | None:
    *parts, last = (int(part) for part in text.split("."))
    left = _PART_BITS * (_PARTS_OF_4 - len(parts))
    if any(part >> _PART_BITS for part in parts) or last >> left:
        return None
    number = 0
    for part in parts:
        number = number << _PART_BITS | part
    return IPv4Address(number << left | last)
