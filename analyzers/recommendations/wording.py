"""What rules say alike."""

from __future__ import annotations

from typing import Final

LONGEST: Final = 160
"""Characters of a statement in a sentence."""


def short(statement: str) -> str:
    """Return a statement, or its beginning."""
    return statement if len(statement) <= LONGEST else f"{statement[: LONGEST - 1]}…"
