"""Names of cipher suites: Logstash uses Java's (and IANA's), Python's ``ssl`` uses OpenSSL's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from atalaia.pipeline.options import OptionError

TLS_1_3: Final = frozenset({"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"})
"""The suites of TLS 1.3 that OpenSSL offers; Python's ``ssl`` offers them together or not at all."""

_OPENSSL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384": "ECDHE-ECDSA-AES256-GCM-SHA384",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384": "ECDHE-RSA-AES256-GCM-SHA384",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256": "ECDHE-ECDSA-CHACHA20-POLY1305",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256": "ECDHE-RSA-CHACHA20-POLY1305",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256": "ECDHE-ECDSA-AES128-GCM-SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256": "ECDHE-RSA-AES128-GCM-SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384": "ECDHE-ECDSA-AES256-SHA384",
        "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384": "ECDHE-RSA-AES256-SHA384",
        "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256": "ECDHE-ECDSA-AES128-SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256": "ECDHE-RSA-AES128-SHA256",
        "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384": "DHE-RSA-AES256-GCM-SHA384",
        "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256": "DHE-RSA-AES128-GCM-SHA256",
        "TLS_RSA_WITH_AES_256_GCM_SHA384": "AES256-GCM-SHA384",
        "TLS_RSA_WITH_AES_128_GCM_SHA256": "AES128-GCM-SHA256",
    },
)
"""Source: ``openssl ciphers -stdname``."""


def openssl_ciphers(option: str, suites: Sequence[str]) -> str:
    """Return the suites before TLS 1.3 as OpenSSL's cipher string, by priority; empty when there are none.

    Raises:
        OptionError: When a suite is unknown here, or only some of those of TLS 1.3 are asked for.
    """
    names = [suite.upper() for suite in suites]
    newest = TLS_1_3.intersection(names)
    if newest and newest != TLS_1_3:
        missing = ", ".join(sorted(TLS_1_3 - newest))
        remedy = f"add {missing}"
        raise OptionError(option, "the suites of TLS 1.3 come together or not at all", remedy, unsupported=True)
    for name in names:
        if name not in _OPENSSL and name not in TLS_1_3:
            known = ", ".join([*sorted(TLS_1_3), *_OPENSSL])
            raise OptionError(option, f"{name} is not supported", f"the suites are {known}", unsupported=True)
    return ":".join(_OPENSSL[name] for name in names if name in _OPENSSL)
