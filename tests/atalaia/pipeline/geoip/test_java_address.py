"""Addresses as Java reads them; the expected texts are what OpenJDK 25's ``InetAddress`` gave."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.geoip.java_address import host_address, read_address

ADDRESSES = [
    ("1.2.3.4", "1.2.3.4"),
    ("010.1.2.03", "10.1.2.3"),
    ("1.2.3", "1.2.0.3"),
    ("127.1", "127.0.0.1"),
    ("16909060", "1.2.3.4"),
    ("4294967295", "255.255.255.255"),
    ("4294967296", None),
    ("1.2.65536", None),
    ("1.16777216", None),
    ("256.1.1.1", None),
    ("000000000000001", "0.0.0.1"),
    ("0000000000000001", None),
    ("1.2.3.4.", None),
    ("1..2", None),
    (" 1.2.3.4", None),
    ("1.2.3.4/24", None),
    ("1.2.3.4:80", None),
    ("0x7f.1", None),
    ("٣.1.1.1", None),
    ("[1.2.3.4]", None),
    ("localhost", None),
    ("::1", "0:0:0:0:0:0:0:1"),
    ("[2001:DB8::A]", "2001:db8:0:0:0:0:0:a"),
    ("[::1", None),
    ("1::2::3", None),
    ("::ffff:1.2.3.4", "1.2.3.4"),
    ("::ffff:0:1", "0.0.0.1"),
    ("::1.2.3.4", "0:0:0:0:0:0:102:304"),
]


@pytest.mark.parametrize(("text", "expected"), ADDRESSES)
def test_addresses(text: str, expected: str | None) -> None:
    """Short forms of version 4, brackets, and version 4 within version 6; no host names."""
    address = read_address(text)
    assert (None if address is None else host_address(address)) == expected


@given(st.ip_addresses())
def test_what_is_printed_is_read_back(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    """An address is itself again, whichever way it is written."""
    expected = address if isinstance(address, ipaddress.IPv4Address) else address.ipv4_mapped or address
    assert read_address(str(address)) == expected
    assert read_address(host_address(address)) == expected


@given(st.text("0123456789abcdef.:[]%", max_size=20))
def test_any_text_is_read_or_not(text: str) -> None:
    """Nothing is raised, and what is read is an address."""
    address = read_address(text)
    assert address is None or read_address(host_address(address)) == address
