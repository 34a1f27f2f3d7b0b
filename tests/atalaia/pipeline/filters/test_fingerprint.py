"""Options and values of fingerprint that the corpus does not show."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.rejection import PluginError
from atalaia.pipeline.values import Value
from tests.atalaia.pipeline.filters.murmur3 import murmur3_32, murmur3_128
from tests.atalaia.pipeline.filters.running import run_filter

DIGESTS = [  # method, without a key, with the key "chave é", of "Grüße"; all by openssl dgst
    ("SHA1", "f649751d6e1bb46f8c86a8e0300237c33df07074", "b136f2fcf2cbe68fc3b0aca27ad955ee42a3846f"),
    (
        "SHA256",
        "f83e039796c6453a10f5519e39fd113901572316a1a8ea07cb525d2801dfd074",
        "045681f8f751f1bd4bfc2992d74873949eb8745ef8c13406e8a314616e16fe19",
    ),
    (
        "SHA384",
        "0ba0cb951745fce95b038299d2a8c64233489462ad294e48edb8de3646eefe215f67d349e3325e9d4f383b519c80266e",
        "52ecfb6b818760e2d38ed66d82053477f5d74e455fd606bb3e94010a07a3327730e0201866f76716c45a3a2b7f51150f",
    ),
    (
        "SHA512",
        (
            "337827ce53f280bbeaca9f4f3bfaf87eb6f74358cd7aa2ccd692eec7d19eb52f"
            "ddbaec14d292990f5dacceb142f45a4b4c66bcfd71c3fa67b6f9a695a6296efe"
        ),
        (
            "072d3ce1c3ef71a003caa033be9a29a575a64494740a29bdf6006d56b3a102f8"
            "be197e577b0b361e68da5c7d8c4e5ba5dcf159da7908d58685eb4dbd7154ea87"
        ),
    ),
    ("MD5", "49c5f675b49037b6044b803ac9d1a6d7", "3c7251de6025f07072d39beac15cee57"),
]


@pytest.mark.parametrize(("method", "plain", "keyed"), DIGESTS)
def test_digests(method: str, plain: str, keyed: str) -> None:
    """A key makes an HMAC; base64 is another writing of the same bytes."""
    section = f"fingerprint {{ method => {method} %s }}"
    fields: dict[str, Value] = {"message": "Grüße"}
    assert run_filter(section % "", fields)["fingerprint"] == plain
    assert run_filter(section % 'key => "chave é"', fields)["fingerprint"] == keyed
    encoded = run_filter(section % 'key => "chave é" base64encode => true', fields)["fingerprint"]
    assert encoded == base64.b64encode(bytes.fromhex(keyed)).decode()
    assert run_filter(section % "base64encode => true", fields)["fingerprint"] != plain


TEXTS: list[tuple[Value, str]] = [  # a value and what is hashed of it, as Ruby's to_s and the plugin's join have it
    (1.5, "1.5"),
    (1e16, "1.0e+16"),
    (True, "true"),
    (None, ""),
    (12345678901234567890123, "12345678901234567890123"),
    ({"b": ["x", None, True], "a": 1}, "a|1|b|x||true"),
    ({"a": {"c": {}, "b": []}}, "a|b||c|"),
]


@pytest.mark.parametrize(("value", "text"), TEXTS)
def test_what_is_hashed(value: Value, text: str) -> None:
    """Numbers are written as Ruby writes them, objects by name, null as nothing."""
    after = run_filter('fingerprint { source => "v" method => "MD5" }', {"v": value})
    assert after["fingerprint"] == hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def test_the_time_is_hashed_with_three_digits() -> None:
    """A whole second has a fraction too; the digest is openssl's of ``2026-03-14T09:26:53.000Z``."""
    after = run_filter('fingerprint { source => "@timestamp" }', {})
    assert after["fingerprint"] == "31675c64a8f8b074a123ec3484e27216d67c460b"


def test_names_and_values_are_joined() -> None:
    """Sources are sorted as they are written; an absent one leaves its name. By openssl, of ``|[n][x]|q|a|1|z||``."""
    options = 'source => ["z", "[n][x]", "a"] concatenate_sources => true method => MD5 target => "[o][f]"'
    after = run_filter(f"fingerprint {{ {options} }}", {"a": 1, "n": {"x": "q"}})
    assert after["o"] == {"f": "afac5d5b08b42671f2034037750ea876"}


def test_all_fields_are_joined() -> None:
    """Every field counts, metadata does not, and the sources have no say.

    By openssl, of ``|@timestamp|2026-03-14T09:26:53.000Z|@version|1|a||b|x|``.
    """
    mutate = 'mutate { add_field => { "[@metadata][m]" => "1" } }'
    after = run_filter(
        f"{mutate} fingerprint {{ source => zz concatenate_all_fields => true }}", {"b": ["x"], "a": None}
    )
    assert after["fingerprint"] == "64854ef4ddd71b0fde59446bda16010f282d562e"


def test_of_several_sources_the_last_one_present_counts() -> None:
    """They are gone through as written, punctuation sorted; a list gives a list, nothing gives nothing."""
    fields: dict[str, Value] = {"a": "x!", "b": ["y?", "z"], "c": None}
    each = run_filter('fingerprint { source => ["b", "a", "zz"] method => MURMUR3 }', fields)
    assert each["fingerprint"] == murmur3_32(b"x!", 0)
    assert run_filter('fingerprint { source => ["a", "b"] method => MURMUR3 }', fields)["fingerprint"] == [
        murmur3_32(b"y?", 0),
        murmur3_32(b"z", 0),
    ]
    punctuation = run_filter('fingerprint { source => ["b", "a"] method => PUNCTUATION }', {"a": "x!", "b": "y?"})
    assert punctuation["fingerprint"] == "?"
    assert "fingerprint" not in run_filter('fingerprint { source => ["zz"] add_tag => ["t"] }', fields)


@given(st.text(max_size=40))
def test_murmur_of_text(text: str) -> None:
    """The 32-bit hash has the seed 0, the 128-bit one 2."""
    fields: dict[str, Value] = {"message": text}
    wide = murmur3_128(text.encode(), 2)
    assert run_filter("fingerprint { method => MURMUR3 }", fields)["fingerprint"] == murmur3_32(text.encode(), 0)
    assert run_filter("fingerprint { method => MURMUR3_128 }", fields)["fingerprint"] == wide.hex()
    encoded = run_filter("fingerprint { method => MURMUR3_128 base64encode => true }", fields)["fingerprint"]
    assert encoded == base64.b64encode(wide).decode()


@given(st.integers(-(2**63), 2**64 - 1) | st.sampled_from([-(2**31) - 1, -(2**31), 2**31 - 1, 2**31]))
def test_murmur_of_whole_numbers(number: int) -> None:
    """A number is hashed as it lies in memory; the 128-bit hash takes 4 bytes where they suffice."""
    long = (number % 2**64).to_bytes(8, "little")
    short = long[:4] if -(2**31) <= number < 2**31 else long
    fields: dict[str, Value] = {"message": number}
    assert run_filter("fingerprint { method => MURMUR3 }", fields)["fingerprint"] == murmur3_32(long, 0)
    assert run_filter("fingerprint { method => MURMUR3_128 }", fields)["fingerprint"] == murmur3_128(short, 2).hex()


def test_murmur_of_what_is_neither() -> None:
    """A boolean is no number: its text is hashed, as that of a float and of null."""
    for value, text in ((True, b"true"), (2.0, b"2.0"), (None, b"")):
        after = run_filter("fingerprint { method => MURMUR3 }", {"message": value})
        assert after["fingerprint"] == murmur3_32(text, 0)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("123.123.123.123", 4013733395), (123, 823512154), ("1970-01-01T00:00:00.000Z", 743372282)],
)
def test_murmur_as_the_plugin_tests_it(value: Value, expected: int) -> None:
    """The numbers stand in logstash-filter-fingerprint's own specification."""
    assert run_filter("fingerprint { method => MURMUR3 }", {"message": value})["fingerprint"] == expected


@given(st.ip_addresses(v=4), st.integers(0, 32))
def test_networks(address: ipaddress.IPv4Address, bits: int) -> None:
    """The bits beyond the prefix are cleared."""
    after = run_filter(f'fingerprint {{ method => IPV4_NETWORK key => "{bits}" }}', {"message": str(address)})
    cleared = int(address) - int(address) % 2 ** (32 - bits)
    assert after["fingerprint"] == ".".join(str(cleared >> shift & 255) for shift in (24, 16, 8, 0))


@pytest.mark.parametrize(
    ("address", "key", "expected"),
    [
        ("2001:db8:1:2::9", "48", "2001:db8:1::"),
        ("::ffff:10.1.2.3", "120", "::ffff:10.1.2.0"),
        ("10.1.2.3/8", "16", "10.0.0.0"),
        ("10.1.2.3/255.255.0.0", " 24bits", "10.1.0.0"),
        ("10.1.2.3", "+1_6", "10.1.0.0"),
        ("10.1.2.3", "none", "0.0.0.0"),  # noqa: S104 - an address, nothing listens there
        (["10.1.2.3", "[fe80::1]"], "8", ["10.0.0.0", "fe00::"]),
    ],
)
def test_networks_as_ruby_writes_them(address: Value, key: str, expected: Value) -> None:
    """Version 6, networks and brackets are read too; the key is Ruby's ``to_i`` of a text. Worked out by hand."""
    assert run_filter(f'fingerprint {{ method => IPV4_NETWORK key => "{key}" }}', {"message": address}) == {
        "message": address,
        "fingerprint": expected,
    }


def test_punctuation_and_symbols_are_kept() -> None:
    """Every character of the general categories P and S stays."""
    after = run_filter("fingerprint { method => PUNCTUATION }", {"message": "a-b_c €5 «ñ» 1+1=2 ~ ٪"})
    assert after["fingerprint"] == "-_€«»+=~٪"


def test_uuids_are_random() -> None:
    """The id has version 4, and replaces what is there."""
    first, second = (run_filter("fingerprint { method => UUID }", {"fingerprint": "old"})["fingerprint"] for _ in "ab")
    assert isinstance(first, str)
    assert uuid.UUID(first).version == 4
    assert first != second


def test_the_default_target_is_that_of_ecs() -> None:
    """The filter's own setting comes before the pipeline's."""
    fields: dict[str, Value] = {"message": "x"}
    digest = hashlib.sha1(b"x", usedforsecurity=False).hexdigest()
    assert run_filter("fingerprint { }", fields, ecs=EcsCompatibility.V8)["event"] == {"hash": digest}
    section = "fingerprint { ecs_compatibility => disabled }"
    assert run_filter(section, fields, ecs=EcsCompatibility.V8)["fingerprint"] == digest


ERRORS: list[tuple[str, Value, str]] = [
    ("method => PUNCTUATION", 5, "not text"),
    ("method => PUNCTUATION", ["a!"], "not text"),
    ('method => IPV4_NETWORK key => "24"', "10.0.0", "no network"),
    ('method => IPV4_NETWORK key => "24"', None, "no network"),
    ('method => IPV4_NETWORK key => "33"', "10.0.0.1", "no prefix of 33 bits"),
    ("method => MURMUR3", 2**64, "64 bits"),
    ("method => MURMUR3_128", -(2**63) - 1, "64 bits"),
    ('target => "[message][f]"', "x", "cannot be set"),
]


@pytest.mark.parametrize(("options", "value", "reason"), ERRORS)
def test_what_would_stop_logstash_is_an_error_of_the_event(options: str, value: Value, reason: str) -> None:
    """The event is rejected with the filter's name and the reason."""
    with pytest.raises(PluginError, match=f"fingerprint: .*{reason}"):
        run_filter(f"fingerprint {{ {options} }}", {"message": value})


REFUSED = [
    ("method => SHA3", "method"),
    ("method => IPV4_NETWORK", "key.*needs it"),
    ('method => IPV4_NETWORK key => "129"', "no address has a prefix of 129 bits"),
    ('method => IPV4_NETWORK key => "-1"', "prefix of -1 bits"),
    ('method => IPV4_NETWORK key => "24" concatenate_sources => true', "concatenate_sources"),
    ('method => IPV4_NETWORK key => "24" concatenate_all_fields => true', "concatenate_all_fields"),
    ('source => ["[a"]', "not a field reference"),
    ('target => "a]"', "not a field reference"),
]


@pytest.mark.parametrize(("options", "reason"), REFUSED)
def test_what_cannot_be_honoured_is_refused_at_load(options: str, reason: str) -> None:
    """The refusal names the plugin and says why."""
    with pytest.raises(ConfigurationError, match=rf"fingerprint[\s\S]*{reason}"):
        run_filter(f"fingerprint {{ {options} }}", {})
