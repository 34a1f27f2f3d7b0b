"""How headings of a table show units: no cell repeats them."""

from __future__ import annotations

from typing import Final

from analyzers.analysis import Unit

_UNITS: Final = {Unit.RATIO: "%", Unit.SECONDS: "s", Unit.PER_SECOND: "1/s"}


def unit_of(unit: Unit) -> str:
    """Return a unit as it stands in a heading; empty where the cells have it (bytes), for counts and text."""
    return _UNITS.get(unit, "")
