"""How events that the disk took come back: those of logs are read again, those of a ledger are sealed again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from analyzers.sla.ledger.slices import slice_stream
from analyzers.store.checks import matches_stream
from atalaia.cli.render.safe import printable

_READ: Final = "atalaia ingest FILE --pipeline CONF --from-start"


def recoveries(streams: Iterable[str], location: str) -> Iterator[str]:
    """Yield the ways in which events of some data streams come into a store again, each as one line.

    Args:
        streams: Their data streams.
        location: The store, or ledger, into which they shall come.
    """
    are_slices = [matches_stream(slice_stream("*"), stream) for stream in streams]
    if not all(are_slices):
        yield f"to have them back, read the log files they came from again: {_READ}"
    if any(are_slices):
        yield (
            "to have slices back, seal again what still has raw events (the rest only a copy has): atalaia sla seal "
            f"--ledger {printable(location)}"
        )
