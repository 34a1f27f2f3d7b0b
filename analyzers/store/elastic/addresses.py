"""The addresses of a cluster as a person writes them: one host or several, with or without a user in front."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from analyzers.store.interface import StoreError

FORM: Final = "write http(s)://host:port, several as http(s)://host:port,host:port"
_ENCODED: Final = "in a user or a password, write / as %2F, ? as %3F, # as %23, @ as %40 and a comma as %2C"
_DEFAULT_PORTS: Final = {"http": 9200, "https": 443}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a cluster is.

    Attributes:
        hosts: ``http(s)://host:port[/prefix]`` of each host, without credentials.
        user: The user that stood in the address.
        password: That user's password.
    """

    hosts: tuple[str, ...]
    user: str | None
    password: str | None

    def __repr__(self) -> str:
        return f"Addresses({self.shown})"  # never a secret in a log

    @property
    def shown(self) -> str:
        """How the cluster is named to people."""
        return ",".join(self.hosts)


def read_addresses(location: str) -> Addresses:
    """Read the hosts of one cluster.

    Args:
        location: ``http(s)://[user:password@]host[:port][/prefix]``, several separated by commas; the scheme of the
            first holds for those without one, and so do its user and password. The port is 9200 for http and 443 for
            https when none is given. A comma in a password is written ``%2C``.

    Raises:
        StoreError: When it cannot be read, or the hosts differ in scheme or user. No message shows a password.
    """
    scheme, separator, _ = location.partition("://")
    if not separator:
        raise StoreError("the store's address is not one of an Elasticsearch", FORM)
    texts = [each.strip() for each in location.split(",")]
    parts = [_split(each if "://" in each else f"{scheme}://{each}") for each in texts]
    if len({part.scheme for part in parts}) > 1:
        raise StoreError("the store's addresses mix http and https", "write all with https")
    users = {(part.username, part.password) for part in parts if part.username or part.password}
    if len(users) > 1:
        raise StoreError("the store's addresses name different users", "name one user, before the first host")
    user, password = next(iter(users), (None, None))
    return Addresses(tuple(dict.fromkeys(map(_bare, parts))), _unquoted(user), _unquoted(password))


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # reads it, and fails where it is none
    except ValueError as error:
        raise StoreError("the store's address cannot be read", FORM) from error
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise StoreError("the store's address is not one of an Elasticsearch", FORM)
    if parts.query or parts.fragment or "@" in parts.path:
        raise StoreError("the store's address goes on after its host, with ?, # or @", f"{FORM}; {_ENCODED}")
    return parts


def _bare(parts: SplitResult) -> str:
    """Return the address without credentials and with a port."""
    name = parts.hostname or ""
    host = f"[{name}]" if ":" in name else name
    address = f"{host}:{parts.port or _DEFAULT_PORTS[parts.scheme]}"
    return urlunsplit((parts.scheme, address, parts.path.rstrip("/"), "", ""))


def _unquoted(text: str | None) -> str | None:
    """Return a percent-encoded part of an address decoded."""
    return None if text is None else unquote(text)
