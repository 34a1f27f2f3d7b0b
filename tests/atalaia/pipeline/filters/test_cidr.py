"""The cidr filter; expected answers are worked out by hand, and by arithmetic on the addresses' bits."""

from __future__ import annotations

import ipaddress
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.values import Value
from tests.atalaia.pipeline.filters.running import NOW, RunningFilter, run_filter


def inside(options: str, fields: dict[str, Value], directory: Path = Path("/")) -> bool:
    """Tell whether the filter applied its common options to an event."""
    return "tags" in run_filter(f"cidr {{ {options} add_tag => [in] }}", fields, directory=directory)


@given(st.ip_addresses(v=4), st.ip_addresses(v=4), st.integers(0, 32))
def test_membership_is_arithmetic(address: ipaddress.IPv4Address, base: ipaddress.IPv4Address, bits: int) -> None:
    """An address is in a network when their first bits agree."""
    options = f'address => ["%{{ip}}"] network => ["{base}/{bits}"]'
    expected = int(address) >> (32 - bits) == int(base) >> (32 - bits)
    assert inside(options, {"ip": str(address)}) is expected


@given(st.ip_addresses(v=6), st.integers(0, 127), st.integers(0, 128))
def test_membership_of_version_6(base: ipaddress.IPv6Address, flipped: int, bits: int) -> None:
    """An address that differs from the network's in one bit is in it when that bit is the host's."""
    address = ipaddress.IPv6Address(int(base) ^ (1 << flipped))
    options = f'address => ["%{{ip}}"] network => ["{base}/{bits}"]'
    assert inside(options, {"ip": str(address)}) is (flipped < 128 - bits)


READ = [  # an address, a network, whether Ruby's IPAddr says that the first is in the second
    ("10.1.2.3", "10.0.0.0/255.0.0.0", True),
    ("10.1.2.3", "10.0.0.0/0.255.255.255", False),  # a wildcard is no mask
    ("10.1.2.3", "10.0.0.0/08", False),
    ("10.1.2.3", "010.0.0.0/8", False),
    ("10.1.2.0/24", "10.1.0.0/16", True),  # a network is in a wider one
    ("10.1.0.0/16", "10.1.2.0/24", False),
    ("[2001:db8::7]", "2001:db8::/32", True),
    ("fe80::1%eth0", "fe80::/10", True),
    ("::ffff:10.0.0.1", "10.0.0.0/8", False),
    ("::10.0.0.1", "10.0.0.0/8", False),
    ("::ffff:10.0.0.1", "::ffff:10.0.0.0/104", True),
    (" 10.1.2.3", "10.0.0.0/8", False),  # an address is not stripped
    ("10.1.2.3", " 192.0.2.0/24 , 10.0.0.0/8", True),
    ("10.1.2.3", "10.0.0.0/8/8", False),
    ("10.1.2.3", "localhost,,10.1.2.3", True),
    ("localhost", "0.0.0.0/0", False),
    ("%{nothing}", "0.0.0.0/0", False),
]


@pytest.mark.parametrize(("address", "network", "expected"), READ)
def test_what_is_read(address: str, network: str, expected: bool) -> None:  # noqa: FBT001 - the expected answer
    """Addresses and networks in all their writings; the same from an option and from a field."""
    assert inside(f'address => ["{address}"] network => ["{network}"]', {}) is expected
    fields: dict[str, Value] = {"ip": address, "nets": network}
    assert inside('address => ["%{ip}"] network => ["192.0.2.1", "%{nets}"]', fields) is expected


def test_addresses_of_a_field() -> None:
    """One address or a list; what is no text is passed over; no field, no answer."""
    options = 'address_field => "[host][ip]" network => ["10.0.0.0/8"]'
    assert inside(options, {"host": {"ip": "10.1.1.1"}})
    assert inside(options, {"host": {"ip": [None, 5, {"a": 1}, "192.0.2.1", "10.1.1.1"]}})
    assert not inside(options, {"host": {"ip": ["192.0.2.1", "10.1.1.1,10.1.1.2"]}})
    assert not inside(options, {"host": "10.1.1.1"})
    assert not inside('network => ["10.0.0.0/8"]', {})


def test_networks_of_options_and_fields_together() -> None:
    """Any of them will do; one that cannot be read hurts no other."""
    options = 'address => ["no address", "%{ip}"] network => ["10.0.0.0/8", "%{net}", "192.0.2.0/24"]'
    for address, expected in (("10.1.1.1", True), ("198.51.100.7", True), ("192.0.2.9", True), ("192.0.3.9", False)):
        assert inside(options, {"ip": address, "net": "198.51.100.0/24"}) is expected
    assert inside(options, {"ip": "192.0.2.9"})


SPLIT = [  # separator, content of the file, whether 10.1.1.1 is in it
    ("", "192.0.2.0/24\n10.0.0.0/8\n", True),
    ("", "192.0.2.0/24\r\n10.0.0.0/8\r\n", False),  # the carriage return belongs to the network
    ("", "192.0.2.0/24, 10.0.0.0/8", False),
    ('separator => ","', "192.0.2.0/24,10.0.0.0/8", True),
    ('separator => ","', "192.0.2.0/24, 10.0.0.0/8", False),  # networks of a file are not stripped
    ('separator => " "', " 192.0.2.0/24\n\t10.0.0.0/8", True),
    ('separator => ";;"', "10.0.0.0/8;;;;", True),
]


@pytest.mark.parametrize(("separator", "content", "expected"), SPLIT)
def test_networks_of_a_file(tmp_path: Path, separator: str, content: str, expected: bool) -> None:  # noqa: FBT001
    """The file is split as Ruby splits a text; a relative path starts at the configuration."""
    (tmp_path / "nets").write_bytes(content.encode())
    options = f'address_field => ip network_path => "nets" {separator}'
    assert inside(options, {"ip": "10.1.1.1"}, tmp_path) is expected


def test_the_file_is_read_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """When the interval has passed, not before; one that is gone, empty or broken leaves the networks as they are."""
    nets = tmp_path / "nets"
    nets.write_text("10.0.0.0/8")
    section = f'cidr {{ address_field => ip network_path => "{nets}" refresh_interval => 60 add_tag => [in] }}'
    cidr = RunningFilter(section)

    def answers() -> tuple[bool, bool]:
        return "tags" in cidr.run({"ip": "10.1.1.1"}), "tags" in cidr.run({"ip": "192.0.2.1"})

    nets.write_text("192.0.2.0/24")
    cidr.now = NOW + timedelta(seconds=59)
    assert answers() == (True, False)
    cidr.now = NOW + timedelta(seconds=60)
    assert answers() == (False, True)
    for number, content in enumerate((None, b"", b"\xff", b"\n\n")):
        nets.unlink(missing_ok=True)
        if content is not None:
            nets.write_bytes(content)
        caplog.clear()
        cidr.now = NOW + timedelta(seconds=120 + 60 * number)
        assert answers() == (False, True)
        assert [record.levelno for record in caplog.records] == [logging.WARNING]
        assert "stay as they are" in caplog.text
    nets.write_text("10.0.0.0/8")
    cidr.now = NOW + timedelta(seconds=360)
    assert answers() == (True, False)


REFUSED = [
    ('address => ["x"] address_field => ip', "address_field"),
    ('network => ["10.0.0.0/8"] network_path => "nets"', "network_path"),
    ('network_path => "missing"', "cannot be used"),
    ('network_path => "empty"', "it is empty"),
    ('network_path => "."', "cannot be used"),
    ('address_field => "[ip"', "not a field reference"),
]


@pytest.mark.parametrize(("options", "reason"), REFUSED)
def test_what_cannot_be_honoured_is_refused_at_load(tmp_path: Path, options: str, reason: str) -> None:
    """The refusal names the plugin and says why."""
    (tmp_path / "empty").touch()
    with pytest.raises(ConfigurationError, match=rf"cidr[\s\S]*{reason}"):
        run_filter(f"cidr {{ {options} }}", {}, directory=tmp_path)
