"""The header of the proxy protocol, version 1. Source: haproxy.org, The PROXY protocol, section 2.1."""

from __future__ import annotations

from typing import Final

from atalaia.pipeline.network.addresses import is_address
from atalaia.pipeline.network.listening import Peer
from atalaia.pipeline.tcp.peer import Origin

LONGEST: Final = 107
"""Bytes a header has at most, its end included."""
_PARTS: Final = 6


class ProxyHeaderError(ValueError):
    """The connection does not begin with a header of the proxy protocol."""


def split_header(data: bytes) -> tuple[bytes, bytes] | None:
    """Return the header and what follows it; ``None`` while more bytes are needed.

    Raises:
        ProxyHeaderError: When this cannot become a header.
    """
    header, end, rest = data.partition(b"\r\n")
    if end and len(header) + len(end) <= LONGEST:
        return header, rest
    if end or len(data) >= LONGEST or not (data.startswith(b"PROXY") or b"PROXY".startswith(data)):
        raise ProxyHeaderError("there is no header of the proxy protocol, version 1")
    return None


def read_header(header: bytes, peer: Peer) -> Origin:
    """Return what a header says; ``PROXY UNKNOWN`` says nothing but that the peer itself is to be named.

    Raises:
        ProxyHeaderError: When it is malformed.
    """
    parts = header.decode("ascii", "replace").split(" ")
    if parts[:2] == ["PROXY", "UNKNOWN"]:
        return Origin(peer.ip, peer.ip, peer.port)
    if len(parts) != _PARTS or parts[0] != "PROXY" or parts[1] not in ("TCP4", "TCP6"):
        raise ProxyHeaderError("the header of the proxy protocol is malformed")
    source, proxy, source_port, proxy_port = parts[2:]
    if not (is_address(source) and is_address(proxy) and source_port.isdecimal() and proxy_port.isdecimal()):
        raise ProxyHeaderError("the header of the proxy protocol names no addresses")
    return Origin(source, source, source_port, proxy, proxy_port)
