"""Who the client is: addresses behind proxies, and request ids."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from logging_lib.request.asgi_exchange import facts_of
from logging_lib.request.asgi_routes import Scope
from logging_lib.request.client import client_address, ip_address, is_request_id

ADDRESSES = st.ip_addresses().filter(lambda address: not (isinstance(address, IPv6Address) and address.ipv4_mapped))
WRITTEN: tuple[Callable[[object], str], ...] = (str, lambda address: f" {address} ", "[{}]:4711".format, "[{}]".format)
CLAIMS = st.one_of(
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60),
    st.lists(ADDRESSES.map(str), max_size=4).map(", ".join),
    st.just(","),
    st.just(",,,"),
)


@given(claimed=CLAIMS, addresses=st.lists(ADDRESSES, min_size=1, max_size=5), form=st.sampled_from(WRITTEN))
@example(claimed="6.6.6.6", addresses=[IPv4Address("203.0.113.9")], form=str)
def test_whatever_a_client_sends_its_address_is_the_proxies_word(
    claimed: str, addresses: list[IPv4Address | IPv6Address], form: Callable[[object], str]
) -> None:
    """A client behind N proxies sends any header; each proxy appends whom it was called by; the client is found."""
    client, *proxies = addresses
    header = ",".join([claimed, *(form(address) for address in [client, *proxies][: len(addresses)])])
    peer = "192.0.2.77"  # the last proxy, which the server sees itself
    assert client_address(peer, header, trusted_proxies=len(addresses)) == str(client)


@given(claimed=CLAIMS, peer=ADDRESSES)
def test_without_proxies_no_header_is_believed(claimed: str, peer: IPv4Address | IPv6Address) -> None:
    """The address of the connection is the answer, whatever the header says."""
    assert client_address(str(peer), claimed, trusted_proxies=0) == str(peer)


@given(lines=st.lists(CLAIMS, max_size=3), client=ADDRESSES, proxy=ADDRESSES, split=st.booleans())
def test_several_header_lines_are_one_list(
    lines: list[str], client: IPv4Address | IPv6Address, proxy: IPv4Address | IPv6Address, *, split: bool
) -> None:
    """A proxy may append by a line of its own (RFC 9110, 5.3); lines are read in their order."""
    appended = [str(client), str(proxy)] if split else [f"{client}, {proxy}"]
    headers = [(b"x-forwarded-for", line.encode("latin-1")) for line in [*lines, *appended]]
    scope: Scope = {"type": "http", "method": "GET", "path": "/", "headers": headers, "client": ("192.0.2.77", 1)}
    facts = facts_of(scope, b"x-request-id")
    assert client_address(facts.peer, facts.forwarded_for, trusted_proxies=2) == str(client)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("203.0.113.9:80", "203.0.113.9"),
        ("[2001:DB8::1]:80", "2001:db8::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::1"),
        ("", None),
        ("localhost", None),
        ("unknown", None),
        ("203.0.113.09", None),
        ("1" * 100, None),
    ],
)
def test_addresses_are_written_one_way(written: str, expected: str | None) -> None:
    """Port, brackets and zone are no part of an address, a mapped IPv4 address is one, and the rest is none."""
    assert ip_address(written) == expected


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("a", True),
        ("x" * 128, True),
        ("7b2e/1.2:3_4-5+6=@", True),
        ("", False),
        ("x" * 129, False),
        ("a b", False),
        ("a\n", False),
        ("a,b", False),
        ("\u00e9", False),
        ("<script>", False),
    ],
)
def test_a_request_id_has_a_shape(text: str, valid: bool) -> None:  # noqa: FBT001 - a column of the table
    """What could break a line, a header or a page is no request id."""
    assert is_request_id(text) is valid
