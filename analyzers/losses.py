"""What a store has lost, for every answer that it makes too small."""

from __future__ import annotations

from collections.abc import Sequence

from analyzers.fields import REQUEST_STREAM
from analyzers.language import Message, english, message, plural
from analyzers.store.interface import LostEvents, ReportsLosses, Store
from analyzers.store.query import Window


def losses_in(store: Store, window: Window, stream: str = REQUEST_STREAM) -> tuple[LostEvents, ...]:
    """Return what the store has lost that may have been in a window; nothing where a store does not tell."""
    return store.lost(stream, window) if isinstance(store, ReportsLosses) else ()


def lost_sentence(losses: Sequence[LostEvents]) -> str:
    """Return in words what was lost; empty when nothing was."""
    found = lost_said(losses)
    return "" if found is None else english(found)


def lost_said(losses: Sequence[LostEvents]) -> Message | None:
    """Return the same in any language; ``None`` when nothing was."""
    if not losses:
        return None
    events = sum(loss.events for loss in losses)
    first, last = min(loss.first for loss in losses).date(), max(loss.last for loss in losses).date()
    days = message("{day}", day=first) if first == last else message("{start} to {end}", start=first, end=last)
    return plural(
        "{n} event was lost of {days} (UTC) to disk damage and not counted",
        "{n} events were lost of {days} (UTC) to disk damage and not counted",
        events,
        days=days,
    )
