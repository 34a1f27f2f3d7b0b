"""Networks of addresses: the one an address is in, and which addresses a network has; the same in every store."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import Final, TypeAlias

from analyzers.store.query import QueryError

IpNetwork: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

IPV4_BITS: Final = 24
"""A client's network in IPv4: what a provider or an office commonly has."""
IPV6_BITS: Final = 48
"""In IPv6: what one site is commonly given (RFC 6177)."""


@lru_cache(maxsize=4096)
def network_of(address: str) -> str:
    """Return the network of an address in its canonical text: ``203.0.113.0/24``, ``2001:db8:7::/48``."""
    bits = IPV6_BITS if ":" in address else IPV4_BITS
    return str(ipaddress.ip_network((address, bits), strict=False))


@lru_cache(maxsize=1024)
def parse_network(text: str) -> IpNetwork:
    """Return the network that a text means in CIDR notation.

    Raises:
        QueryError: When it means none: no prefix length, bits beyond it, or IPv4 addresses written as IPv6 ones.
    """
    remedy = "write its first address and its length, such as 203.0.113.0/24"
    if "/" not in text:
        raise QueryError(f"{text!r} is not a network", remedy)
    try:
        network = ipaddress.ip_network(text)
    except ValueError as error:
        raise QueryError(f"{text!r} is not a network: {error}", remedy) from error
    if isinstance(network, ipaddress.IPv6Network) and network.subnet_of(MAPPED):
        raise QueryError(f"{text!r} is a network of IPv4 addresses written as IPv6", remedy)
    return network


MAPPED: Final = ipaddress.IPv6Network("::ffff:0:0/96")
"""IPv4 addresses as IPv6 has them; stores keep those as IPv4."""


def holds_address(network: str, address: str) -> bool:
    """Tell whether a canonical address is one of a network's."""
    return ipaddress.ip_address(address) in parse_network(network)
