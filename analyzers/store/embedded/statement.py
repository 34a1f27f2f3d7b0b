"""A SQL statement and its values, which are never part of its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

Parameter: TypeAlias = str | int | float | bool | Decimal | list[str] | list[Decimal]


@dataclass(frozen=True, slots=True)
class Statement:
    """What DuckDB runs: text with ``$p0``, ``$p1``, … and the value of each."""

    sql: str
    parameters: Mapping[str, Parameter]


class Parameters:
    """Collects the values of a statement that is being put together."""

    def __init__(self) -> None:
        self._values: dict[str, Parameter] = {}

    def add(self, value: Parameter) -> str:
        """Keep a value and return the placeholder that stands for it."""
        name = f"p{len(self._values)}"
        self._values[name] = value
        return f"${name}"

    def statement(self, sql: str) -> Statement:
        """Return the finished statement."""
        return Statement(sql, self._values)
