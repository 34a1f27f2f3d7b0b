"""What a store has lost is said beside every answer that it makes too small."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from analyzers.losses import lost_sentence
from analyzers.store.interface import LostEvents
from analyzers.store.query import Window
from atalaia.cli.runtime import note

EVER: Final = Window(datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 1, 1, tzinfo=UTC))
"""All instants that an event can have, but for a year."""


def mention_losses(losses: Sequence[LostEvents]) -> None:
    """Say on stderr what was lost, in one line, when anything was."""
    if losses:
        note(f"{lost_sentence(losses)}: see 'atalaia store info'")
