"""The option ``proxy``. Source: logstash-mixin-http_client 7; Manticore's client takes the same forms."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from atalaia.pipeline.http_client.request import ProxyAddress
from atalaia.pipeline.settings import SettingValue

_PARTS: Final = frozenset({"host", "port", "scheme", "url", "user", "password"})


def read_proxy(value: SettingValue) -> ProxyAddress:
    """Return the proxy that is meant: an address, or a hash of its parts.

    Raises:
        ValueError: When it is neither.
    """
    if isinstance(value, str):
        return ProxyAddress(_checked(value), None)
    if not isinstance(value, dict) or not value.keys() <= _PARTS or ("url" in value) == ("host" in value):
        raise ValueError("expected an address, or a hash of url or host, port and scheme, and of user and password")
    parts = {name: str(part) for name, part in value.items()}
    url = parts.get("url") or f"{parts.get('scheme', 'http')}://{parts['host']}:{parts.get('port', '80')}"
    user = parts.get("user")
    return ProxyAddress(_checked(url), None if user is None else (user, parts.get("password", "")))


def _checked(url: str) -> str:
    """Return an address that is one; the port, too, must be a number (``urlsplit`` looks when it is asked)."""
    parsed = urlsplit(url)
    if parsed.scheme not in ("http", "https") or not parsed.hostname or parsed.port == 0:
        raise ValueError("expected the address of a proxy, http://host:port")
    return url
