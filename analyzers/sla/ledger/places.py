"""Where the ledger of a store is, and how it is opened."""

from __future__ import annotations

from pathlib import Path

from analyzers.store.interface import Store, StoreError
from analyzers.store.open import is_there, open_store
from logging_lib.clock import Clock, system_clock


def ledger_place(store: str, ledger: str | None = None) -> str:
    """Return where the ledger of a store is, when nobody names another place.

    An Elasticsearch holds it itself. An embedded store has one writer at a time, which ingesting is, so its ledger is
    a store of its own beside it: ``<store>-ledger``.
    """
    if ledger is not None:
        return ledger
    return store if _is_address(store) else f"{Path(store)}-ledger"


def open_ledger(
    store_location: str, ledger_location: str | None = None, *, writable: bool = False, clock: Clock = system_clock
) -> Store | None:
    """Open the ledger of a store.

    Args:
        store_location: The store of the raw events: a directory, or an address.
        ledger_location: Where the ledger is when it is not in its own place.
        writable: Whether slices will be sealed. Only then is a missing directory created.
        clock: Stamps what is written.

    Returns:
        The ledger; ``None`` where it is only read, nobody says where it is, and nothing has been sealed yet.

    Raises:
        StoreError: When it cannot be opened, or one that is named is not there.
    """
    place = ledger_place(store_location, ledger_location)
    if not writable and not is_there(place):
        if ledger_location is None:
            return None
        raise StoreError(f"there is no ledger at {place}", "seal first: atalaia sla seal; or name the right directory")
    return open_store(place, writable=writable, clock=clock)


def _is_address(location: str) -> bool:
    return "://" in location
