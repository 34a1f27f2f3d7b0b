"""Names that TLS is configured and described with."""

from __future__ import annotations

import ssl

import pytest

from atalaia.pipeline.network.cipher_suites import openssl_ciphers
from atalaia.pipeline.network.subject import subject_name

IANA = {
    "TLS_RSA_WITH_AES_128_GCM_SHA256": 0x009C,
    "TLS_RSA_WITH_AES_256_GCM_SHA384": 0x009D,
    "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256": 0x009E,
    "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384": 0x009F,
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256": 0xC023,
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384": 0xC024,
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256": 0xC027,
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384": 0xC028,
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256": 0xC02B,
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384": 0xC02C,
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256": 0xC02F,
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384": 0xC030,
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256": 0xCCA8,
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256": 0xCCA9,
}
"""The numbers of the TLS Cipher Suites registry of IANA."""


@pytest.mark.parametrize("name", sorted(IANA))
def test_a_suite_is_the_one_iana_means(name: str) -> None:
    """OpenSSL's name for a suite belongs to the number IANA gave the other name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers(openssl_ciphers("ssl_cipher_suites", [name.lower()]))
    (cipher,) = [cipher for cipher in context.get_ciphers() if cipher["protocol"] != "TLSv1.3"]
    assert cipher["id"] & 0xFFFF == IANA[name]


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        (
            ((("countryName", "BR"),), (("organizationName", "TI OSN"),), (("commonName", "web"),)),
            "CN=web,O=TI OSN,C=BR",
        ),
        (((("commonName", 'a,b+c"d\\e<f>g;h'),),), 'CN=a\\,b\\+c\\"d\\\\e\\<f\\>g\\;h'),
        (((("commonName", "#x "),),), "CN=\\#x\\ "),
        (((("commonName", "a"), ("userId", "7")),), "CN=a+UID=7"),
        ((), None),
    ],
)
def test_subjects_are_written_as_in_rfc_2253(subject: object, name: str | None) -> None:
    """The most special part first, special characters escaped, parts of one level joined by a plus sign."""
    assert subject_name({"subject": subject}) == name
    assert subject_name({}) is None
