"""The subject of a certificate as Java writes it. Source: RFC 2253, and ``X500Principal.getName`` of OpenJDK."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

Certificate: TypeAlias = Mapping[str, object]
"""A certificate as ``ssl.SSLObject.getpeercert`` gives it."""

_SHORT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "commonName": "CN",
        "localityName": "L",
        "stateOrProvinceName": "ST",
        "organizationName": "O",
        "organizationalUnitName": "OU",
        "countryName": "C",
        "streetAddress": "STREET",
        "domainComponent": "DC",
        "userId": "UID",
    },
)
"""The types RFC 2253 has short names for (section 2.3); others keep OpenSSL's name, where Java writes their number."""
_SPECIAL: Final = re.compile(r'[,+"\\<>;]|^[ #]| $')


def subject_name(certificate: Certificate) -> str | None:
    """Return the subject, its most special part first (``CN=client,O=Example``); ``None`` when there is none."""
    subject = certificate.get("subject")
    if not isinstance(subject, tuple) or not subject:
        return None
    return ",".join("+".join(_attribute(name, value) for name, value in part) for part in reversed(subject))


def _attribute(name: str, value: str) -> str:
    return f"{_SHORT.get(name, name)}={_SPECIAL.sub(lambda match: chr(92) + match[0], value)}"
