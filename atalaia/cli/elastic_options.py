"""Which Elasticsearch, and who we are to it: the options of ``atalaia elasticsearch``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict

import click

from analyzers.store.elastic.addresses import read_addresses
from analyzers.store.interface import StoreError
from atalaia.cli.locations import is_remote
from atalaia.cli.options import stacked

if TYPE_CHECKING:
    from analyzers.store.elastic.connection import Connection, Credentials

DEFAULT_PORT: Final = 9200
DEFAULT_ADDRESS: Final = f"http://127.0.0.1:{DEFAULT_PORT}"


class Identity(TypedDict):
    """The options that say who we are, as click passes them."""

    api_key_file: Path | None
    user: str | None
    ca_certs: Path | None


class Reached(Identity):
    """The options that say which cluster, as click passes them."""

    addresses: tuple[str, ...]


IDENTITY_OPTIONS: Final = (
    click.option(
        "--api-key-file",
        metavar="FILE",
        type=click.Path(dir_okay=False, path_type=Path),
        help="A file with an API key, as Elasticsearch encoded it.  [env var: ATALAIA_ES_API_KEY has the key itself]",
    ),
    click.option(
        "--user",
        metavar="NAME",
        help="A user; the password is ATALAIA_ES_PASSWORD, or asked for.  [env var: ATALAIA_ES_USER]",
    ),
    click.option(
        "--ca-certs",
        metavar="FILE",
        type=click.Path(dir_okay=False, path_type=Path),
        help="The authority that signed the cluster's certificate.  [env var: ATALAIA_ES_CA_CERTS]",
    ),
)
"""Who we are to a cluster, or to its Kibana."""

_OPTIONS: Final = (
    click.option(
        "--elasticsearch",
        "addresses",
        metavar="URL",
        multiple=True,
        help="The cluster, as http(s)://host:port; its other hosts after commas, or with this option again. By default "
        f"ATALAIA_STORE when that is an address, else {DEFAULT_ADDRESS}.",
    ),
    *IDENTITY_OPTIONS,
)


def reaching(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options that say which cluster."""
    return stacked(*_OPTIONS)(command)


@contextmanager
def reached(typed: Reached) -> Iterator[Connection]:
    """Open the way to the cluster that the options name."""
    from analyzers.store.elastic.connection import Connection  # noqa: PLC0415 - the client takes long to import
    from analyzers.store.elastic.patience import request_seconds_of  # noqa: PLC0415 - the same

    location = location_of(typed["addresses"], os.environ)
    if typed["ca_certs"] is not None and not location.lower().startswith("https://"):
        raise click.UsageError("--ca-certs is for https:// addresses")
    if typed["user"] is not None and read_addresses(location).user not in {None, typed["user"]}:
        raise click.UsageError("--user and the address name different users")
    connection = Connection(location, credentials_of(typed, os.environ), request_seconds=request_seconds_of(os.environ))
    try:
        yield connection
    finally:
        connection.close()


def location_of(addresses: tuple[str, ...], environment: Mapping[str, str]) -> str:
    """Return the hosts of the cluster, separated by commas."""
    if addresses:
        return ",".join(addresses)
    store = environment.get("ATALAIA_STORE", "")
    return store if is_remote(store) else DEFAULT_ADDRESS


def credentials_of(typed: Identity, environment: Mapping[str, str]) -> Credentials:
    """Return who we are; an option goes before the environment, and no secret is ever an argument.

    Raises:
        StoreError: The key's file holds none, or there is no password for the user.
        click.UsageError: Both are given.
    """
    from analyzers.store.elastic.connection import Credentials  # noqa: PLC0415 - the client takes long to import

    if typed["api_key_file"] is not None and typed["user"] is not None:
        raise click.UsageError("--api-key-file and --user are two ways to say the same; give one")
    own = {name: value for name, value in environment.items() if name == "ATALAIA_ES_CA_CERTS"}
    if typed["api_key_file"] is not None:
        credentials = replace(Credentials.from_environment(own), api_key=_key(typed["api_key_file"]))
    elif typed["user"] is not None:
        password = environment.get("ATALAIA_ES_PASSWORD") or _asked(typed["user"])
        credentials = replace(Credentials.from_environment(own), user=typed["user"], password=password)
    else:
        credentials = Credentials.from_environment(environment)
    return credentials if typed["ca_certs"] is None else replace(credentials, ca_certs=str(typed["ca_certs"]))


def _key(path: Path) -> str:
    try:
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(
            f"cannot read an API key from {path}", "write the encoded key into it, and nothing else"
        ) from error
    if not key or len(key.split()) != 1:
        raise StoreError(f"{path} does not hold one API key", "write the encoded key into it, and nothing else")
    return key


def _asked(user: str) -> str:
    if not sys.stdin.isatty():
        raise StoreError(f"there is no password for {user}", "set ATALAIA_ES_PASSWORD, or use --api-key-file")
    return str(click.prompt(f"Password of {user}", hide_input=True, err=True))
