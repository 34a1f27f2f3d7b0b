"""A sentence as data: an English template and the values in it. A :class:`~analyzers.language.Language` says it.

What an analysis tells people in a report or on a page is made of these, so that the same finding reads in every
language, with that language's numbers and dates. ``message("…")`` and ``plural("…", "…")`` are called with literals
only: the test of the catalogs collects them from the source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import TypeAlias

from analyzers.store.query import Window
from analyzers.units import Unit


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit.

    Attributes:
        value: The number, in the unit; a ratio is from 0 to 1; ``None`` when unmeasured.
        unit: What it is.
    """

    value: float | Fraction | Decimal | None
    unit: Unit


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence or a title.

    Attributes:
        text: The English template; ``{name}`` stands for a value.
        values: Name to value. Text is shown as it is; whole numbers are grouped.
        plural: The English template for all numbers but one; ``None`` where nothing is counted.
        number: How many are counted, for the choice between both.
    """

    text: str
    values: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))
    plural: str | None = None
    number: int | None = None


Value: TypeAlias = str | int | Amount | datetime | date | Window | Message
"""What can stand in a sentence. A ``datetime`` is an instant: it is shown in the language's zone; a window too.

Without a zone it is a time that a clock elsewhere shows, such as a contract's: it is shown as it is."""


def message(text: str, /, **values: Value) -> Message:
    """Return a sentence: ``message("no request in {span}", span=window)``."""
    return Message(text, MappingProxyType(values))


def plural(one: str, other: str, number: int, /, **values: Value) -> Message:
    """Return a sentence about a number, ``{n}``: ``plural("{n} request", "{n} requests", 5)``."""
    return Message(one, MappingProxyType({"n": number, **values}), other, number)
