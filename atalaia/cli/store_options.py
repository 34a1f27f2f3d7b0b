"""What the commands of ``atalaia store`` share: which store, and the right to change it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from analyzers.store.checks import matches_stream
from analyzers.store.embedded.lock import BusyError
from analyzers.store.embedded.records import Segment
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.interface import StoreError
from analyzers.store.open import open_store
from atalaia.cli.noting import noted_logs
from atalaia.cli.runtime import DEFAULT_STORE
from logging_lib.clock import Clock

LOCATION: Final = click.argument("location", metavar="[STORE]", envvar="ATALAIA_STORE", default=DEFAULT_STORE)
STREAM: Final = click.option(
    "--stream", metavar="NAME", help="Only this data stream, or all environments of one as 'logs-web.request-*'."
)


@contextmanager
def embedded_store(location: str, clock: Clock, *, writable: bool = False) -> Iterator[EmbeddedStore]:
    """Open a directory as the embedded store that it must be already.

    Raises:
        StoreError: When it is none, or an Elasticsearch.
        BusyError: When it is to be written and another process is writing it.
    """
    directory_of(location)
    open_store(location, clock=clock).close()  # what is no store yet must not become one
    try:
        opened = open_store(location, writable=writable, clock=clock)
    except BusyError as busy:
        raise BusyError(
            busy.message, "it compacts and lets expired days go by itself; for more, wait for it or stop it"
        ) from None
    with noted_logs(), opened as store:
        if not isinstance(store, EmbeddedStore):
            raise TypeError(f"{location} opened as {type(store).__name__}")
        yield store


def directory_of(location: str) -> Path:
    """Return the directory of an embedded store.

    Raises:
        StoreError: When the location is an address.
    """
    if "://" in location:
        raise StoreError(
            f"{location} is not an embedded store",
            "name a directory; for an Elasticsearch there is 'atalaia elasticsearch status'",
        )
    return Path(location)


def of_stream(segments: Sequence[Segment], stream: str | None) -> list[Segment]:
    """Return the segments of a data stream, or of all environments of one; all of them when none is named.

    Raises:
        StoreError: When the store has no such stream.
    """
    chosen = [segment for segment in segments if stream is None or matches_stream(stream, segment.stream)]
    if stream is not None and not chosen:
        names = sorted({segment.stream for segment in segments})
        raise StoreError(f"the store has no stream {stream!r}", f"it has {', '.join(names) or 'none yet'}")
    return chosen
