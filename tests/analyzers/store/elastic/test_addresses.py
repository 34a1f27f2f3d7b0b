"""The hosts of a cluster as a person writes them."""

from __future__ import annotations

import pytest

from analyzers.store.elastic.addresses import read_addresses
from analyzers.store.interface import StoreError


@pytest.mark.parametrize(
    ("location", "hosts"),
    [
        ("http://a", ("http://a:9200",)),
        ("https://a", ("https://a:443",)),
        ("http://a:9201,b", ("http://a:9201", "http://b:9200")),
        ("https://a:9200,https://b:9200", ("https://a:9200", "https://b:9200")),
        ("https://a:9200, b:9200", ("https://a:9200", "https://b:9200")),
        ("http://[::1]:9200,http://127.0.0.1/es/", ("http://[::1]:9200", "http://127.0.0.1:9200/es")),
        ("http://a,a:9200", ("http://a:9200",)),
    ],
)
def test_hosts_are_read(location: str, hosts: tuple[str, ...]) -> None:
    """One scheme holds for all, ports have their defaults, a host named twice is one."""
    assert read_addresses(location).hosts == hosts


@pytest.mark.parametrize(
    "location", ["http://ti:osn%2C%21@a,b", "http://a,ti:osn%2C%21@b", "http://ti:osn%2C%21@a,ti:osn%2C%21@b"]
)
def test_a_user_in_the_address_is_for_all_hosts(location: str) -> None:
    """Wherever it stands, decoded, and not in what is shown."""
    addresses = read_addresses(location)
    assert (addresses.user, addresses.password) == ("ti", "osn,!")
    assert addresses.shown == "http://a:9200,http://b:9200"
    assert "osn" not in repr(addresses)


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("http://a,https://b", "mix http and https"),
        ("http://x:sesame@a,y:sesame@b", "different users"),
        ("http://a,", "not one of an Elasticsearch"),
        ("http://a:9200,b:port", "cannot be read"),
        ("http://ti:ses,ame@a", "cannot be read"),
        ("http://ti:1/ses@a", "goes on after its host"),
        ("http://ti:1#ses@a", "goes on after its host"),
        ("http://a/?pretty", "goes on after its host"),
        ("elasticsearch", "not one of an Elasticsearch"),
    ],
)
def test_what_is_no_address_is_refused(location: str, words: str) -> None:
    """The form is in the remedy, and no password is in the message."""
    with pytest.raises(StoreError, match=words) as caught:
        read_addresses(location)
    assert caught.value.remedy.startswith("write ") or "user" in caught.value.remedy
    assert "ses" not in str(caught.value).replace("addresses", "")
