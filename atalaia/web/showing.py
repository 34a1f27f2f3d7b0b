"""How cells of a table show numbers: the unit stands in the heading, once."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

from analyzers.analysis import State, Unit
from analyzers.language import Amount, Language
from analyzers.reports.document import Judged, Plain
from analyzers.reports.percents import LEAST
from analyzers.reports.rendering.shown import ABSENT, Speaker, bare_percent

_UNITS: Final = {Unit.RATIO: "%", Unit.SECONDS: "s", Unit.PER_SECOND: "1/s"}


def unit_of(unit: Unit) -> str:
    """Return a unit as it stands in a heading; empty for counts and text."""
    return _UNITS.get(unit, "")


def bare(value: Plain, unit: Unit, language: Language, places: int = LEAST) -> str:
    """Return a cell's text, a number without its unit.

    Args:
        value: The cell, without its link.
        unit: That of its column.
        language: Whose separators.
        places: Decimals of a percent.
    """
    if isinstance(value, State):
        return Speaker(language).state(value)
    if isinstance(value, Judged) or (unit is Unit.RATIO and isinstance(value, float | Fraction | Decimal | int)):
        return bare_percent(value, places, language)
    if isinstance(value, float | Fraction | Decimal | int) and not isinstance(value, bool):
        return _number(value, unit, language)
    if value is None and unit is Unit.KEY:
        return ABSENT
    return language.show(value if value is not None else Amount(None, unit))


def _number(value: float | Fraction | Decimal, unit: Unit, language: Language) -> str:
    match unit:
        case Unit.SECONDS | Unit.PER_SECOND | Unit.NUMBER:
            return language.figure(value)
    return language.count(value)
