"""What a store has lost, for every answer that it makes too small."""

from __future__ import annotations

from collections.abc import Sequence

from analyzers.fields import REQUEST_STREAM
from analyzers.store.interface import LostEvents, ReportsLosses, Store
from analyzers.store.query import Window


def losses_in(store: Store, window: Window, stream: str = REQUEST_STREAM) -> tuple[LostEvents, ...]:
    """Return what the store has lost that may have been in a window; nothing where a store does not tell."""
    return store.lost(stream, window) if isinstance(store, ReportsLosses) else ()


def lost_sentence(losses: Sequence[LostEvents]) -> str:
    """Return in words what was lost; empty when nothing was."""
    if not losses:
        return ""
    events = sum(loss.events for loss in losses)
    first, last = min(loss.first for loss in losses), max(loss.last for loss in losses)
    days = f"{first:%Y-%m-%d}" if first.date() == last.date() else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    were = "event was" if events == 1 else "events were"
    return f"{events:,} {were} lost of {days} (UTC) to disk damage and not counted"
