"""``convert_datatype``: texts to numbers, as Java's ``BigDecimal`` reads them.

Source: logstash-filter-dissect 1.3.0.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from atalaia.pipeline.event import Event
from atalaia.pipeline.java import java_text
from atalaia.pipeline.sprintf import compile_static_reference

_DECIMAL: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?0*\d{1,10})?")
_MOST_DIGITS: Final = 4000
"""A whole number of more digits is left alone: Python does not print it."""


def _whole(text: str) -> int | None:
    """Return a number cut to a whole one; ``None`` when the text is none."""
    if _DECIMAL.fullmatch(text) is None:
        return None
    number = Decimal(text)
    return int(number) if number.adjusted() <= _MOST_DIGITS else None


def _number(text: str) -> int | float | None:
    """Return a number; one that is written as a whole number stays whole."""
    if _DECIMAL.fullmatch(text) is None:
        return None
    number = float(text)
    written_whole = text.lstrip("+-").isdecimal()
    return _whole(text) if written_whole or not math.isfinite(number) else number


CONVERSIONS: Final[Mapping[str, Callable[[str], int | float | None]]] = {"INT": _whole, "FLOAT": _number}
"""The types, in capitals."""


def compile_conversion(name: str, kind: str) -> Callable[[Event], None]:
    """Compile the conversion of a field to a type, in any case; what is no number stays and tags the event."""
    reference, convert = compile_static_reference(name), CONVERSIONS[kind.upper()]

    def run(event: Event) -> None:
        field = reference(event)
        value = field.get(event)
        number = None if value is None else convert(java_text(value))
        if number is None:
            reason = "nullvalue" if value is None else "uncoercible"
            event.fail(f"_dataconversion{reason}_{name}_{kind}")
        else:
            field.set(event, number)

    return run
