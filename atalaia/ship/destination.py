"""Where lines are shipped to, and how: the options that say so, checked together."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from atalaia.pipeline.network.headers import check_header_names, check_header_values
from atalaia.pipeline.network.tls import TlsOptions, client_context
from atalaia.pipeline.options import OptionError
from atalaia.ship.errors import ShipError

_SCHEMES: Final = ("http", "https", "tcp", "tls")
TIMEOUT: Final = 180.0
"""Seconds; more than the two minutes after which an embedded receiver says that it is not done yet."""
_ENCRYPTED: Final = ("https", "tls")
_ON_HTTP: Final = ("http", "https")
_PORTS: Final = {"http": 80, "https": 443}
_RESERVED: Final = ("content-length", "content-encoding", "transfer-encoding", "connection", "host")
_USER: Final = re.compile(r"//.*@")
_OPTIONS: Final = {
    "ssl_certificate_authorities": "--ca",
    "ssl_certificate": "--cert",
    "ssl_key": "--key",
    "ssl_key_passphrase": "ATALAIA_SHIP_KEY_PASSPHRASE",
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line says of the way to the receiver.

    Attributes:
        to: The receiver's URL.
        ca: A PEM file with the authorities to trust; the system's when absent.
        cert: A PEM file with the certificate to present.
        key: A PEM file with its key.
        passphrase: Of the key.
        user: For basic authentication.
        password: Of the user.
        headers: Further headers, as ``NAME: VALUE``.
        compress: Whether bodies are compressed.
        timeout: Seconds to wait for the receiver's word.
    """

    to: str
    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None
    passphrase: str | None = field(default=None, repr=False)
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    headers: tuple[str, ...] = field(default=(), repr=False)
    compress: bool = False
    timeout: float = TIMEOUT


@dataclass(frozen=True, slots=True)
class Destination:
    """A receiver that lines can be sent to.

    Attributes:
        url: Its URL.
        where: Scheme, host and port: what may be shown.
        host: Its name or address.
        port: Its port.
        http: Whether it speaks HTTP; raw TCP otherwise.
        tls: For TLS; ``None`` for none.
        auth: User and password, for basic authentication.
        headers: Further headers.
        compress: Whether bodies are compressed.
        timeout: Seconds to wait for the receiver's word.
    """

    url: str
    where: str
    host: str
    port: int
    http: bool
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    auth: tuple[str, str] | None = field(default=None, repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    compress: bool = False
    timeout: float = TIMEOUT

    def tls_or_default(self) -> ssl.SSLContext:
        """Return the context of TLS; one that trusts nobody where TLS is not used."""
        return self.tls or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def destination(wishes: Wishes) -> Destination:
    """Check what was wished for.

    Raises:
        ShipError: When something is wrong, or does not go together.
    """
    scheme, host, port = _address(wishes.to)
    _check_scheme(scheme, wishes)
    where = f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
    return Destination(
        wishes.to,
        where,
        host,
        port,
        scheme in _ON_HTTP,
        _tls(wishes) if scheme in _ENCRYPTED else None,
        _auth(wishes),
        tuple(_header(each) for each in wishes.headers),
        wishes.compress,
        wishes.timeout,
    )


def _address(url: str) -> tuple[str, str, int]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ShipError(f"--to {_shown(url)!r} cannot be read", "write https://HOST/, or tls://HOST:PORT") from error
    if parts.scheme not in _SCHEMES or not host:
        raise ShipError(
            f"--to {_shown(url)!r} names no receiver", f"begin it with {', '.join(f'{each}://' for each in _SCHEMES)}"
        )
    if parts.username is not None or parts.password is not None:
        raise ShipError("--to has a user in it", "write --user, and the password in ATALAIA_SHIP_PASSWORD")
    port = port or _PORTS.get(parts.scheme)
    if port is None:
        raise ShipError(f"--to {url!r} has no port", f"write {parts.scheme}://{host}:PORT")
    if parts.scheme not in _ON_HTTP and (parts.path.strip("/") or parts.query):
        raise ShipError(f"--to {url!r} has a path, which {parts.scheme} has no use for", "remove it")
    return parts.scheme, host, port


def _shown(url: str) -> str:
    """Return a URL without what may be a password in it."""
    return _USER.sub("//…@", url)


def _check_scheme(scheme: str, wishes: Wishes) -> None:
    """Refuse options that this scheme would not heed."""
    on_http = {
        "--user": wishes.user,
        "--password": wishes.password,
        "--header": wishes.headers,
        "--compress": wishes.compress,
    }
    with_tls = {"--ca": wishes.ca, "--cert": wishes.cert, "--key": wishes.key}
    unused = [name for name, value in on_http.items() if value and scheme not in _ON_HTTP]
    unused += [name for name, value in with_tls.items() if value and scheme not in _ENCRYPTED]
    if unused:
        raise ShipError(f"{unused[0]} has no effect with {scheme}://", "remove it, or write another scheme in --to")


def _auth(wishes: Wishes) -> tuple[str, str] | None:
    if wishes.user is None and wishes.password is None:
        return None
    if wishes.user is None or wishes.password is None:
        given, other = ("--user", "--password") if wishes.password is None else ("--password", "--user")
        raise ShipError(f"{given} needs {other} too", "the password is best kept in ATALAIA_SHIP_PASSWORD")
    return wishes.user, wishes.password


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    name, value = name.strip(), value.strip()
    if not colon:
        raise ShipError("a --header has no colon", "write it as NAME: VALUE")  # unseen: it may be a secret
    try:
        check_header_names("--header", (name,), _RESERVED)
        check_header_values("--header", (value,))
    except OptionError as error:
        raise ShipError(f"--header: {error.problem}", error.remedy) from error
    return name, value


def _tls(wishes: Wishes) -> ssl.SSLContext:
    options = TlsOptions(
        ssl_enabled=True,
        ssl_certificate=None if wishes.cert is None else str(wishes.cert),
        ssl_key=None if wishes.key is None else str(wishes.key),
        ssl_certificate_authorities=() if wishes.ca is None else (str(wishes.ca),),
    )
    try:
        return client_context(options, Path.cwd(), verification="full", passphrase=wishes.passphrase)
    except OptionError as error:
        option = _OPTIONS.get(error.option, error.option)
        raise ShipError(f"{option}: {_ours(error.problem)}", _ours(error.remedy)) from error


def _ours(text: str) -> str:
    """Return a text with our names of the options in it."""
    for theirs, ours in sorted(_OPTIONS.items(), reverse=True):
        text = text.replace(theirs, ours)
    return text
