"""What rules need beside the store: this machine, the ledger, the present instant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final, TypeAlias

from analyzers.alerts.host import Sampler, sample_host
from analyzers.sla.ledger.places import open_ledger
from analyzers.store.interface import Store
from logging_lib.clock import Clock, system_clock

OpenLedger: TypeAlias = Callable[[Store], AbstractContextManager[Store | None]]
"""Opens the ledger of a store; ``None`` where nothing has been sealed."""


@contextmanager
def own_ledger(store: Store) -> Iterator[Store | None]:
    """Open the ledger in its own place: within an Elasticsearch, beside an embedded store."""
    if "://" in store.url:
        yield store
        return
    ledger = open_ledger(store.url)
    if ledger is None:
        yield None
        return
    with ledger:
        yield ledger


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The edges of rules.

    Attributes:
        clock: Tells the present instant: only then is this machine looked at.
        sampler: Looks at this machine.
        host: Whether the rules about machines look at this one where no samples of it are stored, whatever the file
            says.
        ledger: Opens the ledger that objectives are judged by.
    """

    clock: Clock = system_clock
    sampler: Sampler = sample_host
    host: bool = False
    ledger: OpenLedger = own_ledger


REAL: Final = Surroundings()
