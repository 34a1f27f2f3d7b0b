"""Where dead letters go, and how configurations name that place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DEAD_LETTER_VARIABLE: Final = "ATALAIA_DEAD_LETTER"
"""Names the dead-letter directory in configurations."""


@dataclass(frozen=True, slots=True)
class LetterPlaces:
    """Where dead letters go.

    Attributes:
        own: The directory for those the executor writes itself, a file for each pipeline.
        routed: What a pipeline's own file outputs write below it are dead letters too.
    """

    own: Path
    routed: Path


def letter_places(dead_letter: Path, variables: Mapping[str, str]) -> tuple[dict[str, str], LetterPlaces]:
    """Return the variables with the one that names the dead-letter directory, and where dead letters go.

    Args:
        dead_letter: The directory, unless ``ATALAIA_DEAD_LETTER`` is among the variables.
        variables: For ``${…}`` in configurations.
    """
    known = {DEAD_LETTER_VARIABLE: str(dead_letter.absolute()), **variables}
    return known, LetterPlaces(dead_letter, Path(known[DEAD_LETTER_VARIABLE]).absolute())
