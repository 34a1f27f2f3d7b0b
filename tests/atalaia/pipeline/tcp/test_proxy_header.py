"""The header of the proxy protocol, version 1."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atalaia.pipeline.network.listening import Peer
from atalaia.pipeline.tcp.peer import Origin
from atalaia.pipeline.tcp.proxy_header import LONGEST, ProxyHeaderError, read_header, split_header

PEER = Peer("203.0.113.9", 4711)
LONGEST_EXAMPLE = b"PROXY TCP6 " + b" ".join([b"ffff:" * 7 + b"ffff"] * 2) + b" 65535 65535\r\n"
"""The worst case of the specification's section 2.1."""


def test_the_examples_of_the_specification() -> None:
    """An address of each kind, and a connection of the proxy's own."""
    assert len(LONGEST_EXAMPLE) == 104
    split = split_header(LONGEST_EXAMPLE + b"rest")
    assert split is not None
    origin = read_header(split[0], PEER)
    assert (origin.port, origin.proxy_port, split[1]) == ("65535", "65535", b"rest")
    four = read_header(b"PROXY TCP4 192.168.0.1 192.168.0.11 56324 443", PEER)
    assert four == Origin("192.168.0.1", "192.168.0.1", "56324", "192.168.0.11", "443")
    own = Origin("203.0.113.9", "203.0.113.9", 4711)
    assert read_header(b"PROXY UNKNOWN", PEER) == own
    assert read_header(b"PROXY UNKNOWN ffff::1 ffff::2 1 2", PEER) == own


@settings(deadline=None)
@given(st.binary(max_size=130) | st.binary(max_size=110).map(lambda rest: b"PROXY " + rest))
def test_any_bytes_are_a_header_or_none(data: bytes) -> None:
    """Whatever comes is split, waited for, or refused; nothing is waited for beyond a header's longest."""
    try:
        split = split_header(data)
        if split is None:
            assert len(data) < LONGEST
            return
        read_header(split[0], PEER)
    except ProxyHeaderError:
        return


@pytest.mark.parametrize("cut", range(46))
def test_a_header_in_two_pieces_is_waited_for(cut: int) -> None:
    """Every beginning of a header asks for more."""
    assert split_header(b"PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n"[:cut]) is None
