"""The cidr filter; expected answers are worked out by hand, and by arithmetic on the addresses' bits."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.errors import ConfigurationError
from tests.atalaia.pipeline.filters.running import run_filter


@given(st.ip_addresses(v=4), st.ip_addresses(v=4), st.integers(0, 32))
def test_membership_is_arithmetic(address: ipaddress.IPv4Address, base: ipaddress.IPv4Address, bits: int) -> None:
    """An address is in a network when their first bits agree."""
    section = f'cidr {{ address => ["%{{ip}}"] network => ["{base}/{bits}"] add_tag => ["in"] }}'
    expected = int(address) >> (32 - bits) == int(base) >> (32 - bits)
    assert ("tags" in run_filter(section, {"ip": str(address)})) is expected


def test_one_text_may_hold_several_networks() -> None:
    """Networks of a field are separated by commas and may be padded."""
    section = 'cidr { address => ["%{ip}"] network => ["%{nets}"] add_tag => ["in"] }'
    fields = run_filter(section, {"ip": "10.1.1.1", "nets": "192.0.2.0/24, 10.0.0.0/8"})
    assert fields["tags"] == ["in"]


def test_networks_in_a_file_are_refused_by_name() -> None:
    """The option is documented but not supported: the message names it."""
    with pytest.raises(ConfigurationError, match="network_path"):
        run_filter('cidr { address => ["%{ip}"] network_path => "/etc/networks" }', {"ip": "10.1.1.1"})
