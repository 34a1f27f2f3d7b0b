"""Where an operation of ``mutate`` writes."""

from __future__ import annotations

from collections.abc import Sequence

from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.sprintf import static_reference


def written(name: str) -> Sequence[FieldReference]:
    """Return what an operation on a field writes: the field, or nothing when its name is malformed."""
    place = static_reference(name)
    return [] if place is None else [place]
