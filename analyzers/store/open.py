"""Open the store that a person named."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from analyzers.store.embedded.layout import is_begun
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.interface import Store, StoreError
from logging_lib.clock import Clock, system_clock

_FORMS: Final = "name a directory, or an Elasticsearch as http://host:9200 or https://a:9200,b:9200"
_SCHEMES: Final = frozenset({"http", "https"})


def open_store(location: str, *, writable: bool = False, clock: Clock = system_clock) -> Store:
    """Open a store.

    Args:
        location: A directory (the embedded store), or an ``http://`` or ``https://`` address (Elasticsearch); several
            hosts of one cluster are separated by commas, as in ``https://a:9200,b:9200``, and one that is down is
            passed over.
        writable: Whether documents will be appended. Only then is a missing directory created.
        clock: Stamps the commits of an embedded store.

    Raises:
        StoreError: When there is no such store or it cannot be opened.
    """
    scheme, separator, _ = location.partition("://")
    if separator:
        return _open_elasticsearch(location, scheme.lower())
    if not location.strip():
        raise StoreError("no store is named", _FORMS)
    return _open_directory(Path(location), writable=writable, clock=clock)


def is_there(location: str) -> bool:
    """Tell whether there is something to open, be it good or not.

    An address is believed. A directory that is missing, empty, or just being made a store by its first writer is
    nothing yet.
    """
    if "://" in location:
        return True
    path = Path(location)
    try:
        return path.exists() and (not path.is_dir() or is_begun(path))
    except OSError:
        return True  # opening it says what is wrong


def shown_location(location: str) -> str:
    """Return a store's location as it may be shown: without the password that an address may hold.

    Raises:
        StoreError: When it is an address and cannot be read.
    """
    if location.partition("://")[0].lower() not in _SCHEMES:
        return location
    from analyzers.store.elastic.addresses import read_addresses  # noqa: PLC0415 - only for Elasticsearch

    return read_addresses(location).shown


def _open_elasticsearch(location: str, scheme: str) -> Store:
    if scheme not in _SCHEMES:
        raise StoreError(f"there is no store of the kind {scheme!r}", _FORMS)
    from analyzers.store.elastic.store import ElasticStore  # noqa: PLC0415 - the client takes long to import

    return ElasticStore(location)


def _open_directory(path: Path, *, writable: bool, clock: Clock) -> Store:
    if path.exists() and not path.is_dir():
        raise StoreError(f"{path} is a file, not a store", _FORMS)
    if not writable and not is_there(str(path)):
        raise StoreError(f"there is no store at {path}", "write one first: atalaia ingest FILE --pipeline CONF")
    try:
        return EmbeddedStore(path, writable=writable, clock=clock)
    except OSError as error:
        raise StoreError(
            f"cannot open the store {path}: {error.strerror}", "check the path and its permissions"
        ) from error
