"""Open the store that a person named."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.interface import Store, StoreError
from logging_lib.clock import Clock, system_clock

_FORMS: Final = "name a directory, or an Elasticsearch as http://host:9200"


def open_store(location: str, *, writable: bool = False, clock: Clock = system_clock) -> Store:
    """Open a store.

    Args:
        location: A directory (the embedded store), or an ``http://`` or ``https://`` address (Elasticsearch).
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


def _open_elasticsearch(location: str, scheme: str) -> Store:
    if scheme not in {"http", "https"}:
        raise StoreError(f"there is no store of the kind {scheme!r}", _FORMS)
    from analyzers.store.elastic.store import ElasticStore  # noqa: PLC0415 - the client takes long to import

    return ElasticStore(location)


def _open_directory(path: Path, *, writable: bool, clock: Clock) -> Store:
    if path.exists() and not path.is_dir():
        raise StoreError(f"{path} is a file, not a store", _FORMS)
    if not writable and not path.exists():
        raise StoreError(f"there is no store at {path}", "write one first: atalaia ingest FILE --pipeline CONF")
    try:
        return EmbeddedStore(path, writable=writable, clock=clock)
    except OSError as error:
        raise StoreError(
            f"cannot open the store {path}: {error.strerror}", "check the path and its permissions"
        ) from error
