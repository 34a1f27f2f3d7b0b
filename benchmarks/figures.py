"""What was measured, and the table at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_HEAD: Final = ("figure", "value", "limit", "reached")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number.

    Attributes:
        name: What it is.
        value: How much.
        unit: Of the value; it is shown behind it.
        most: The limit, when there is one that it must not exceed.
        least: The limit, when there is one that it must reach.
    """

    name: str
    value: float
    unit: str = ""
    most: float | None = None
    least: float | None = None

    @property
    def reached(self) -> bool | None:
        """Whether the value is within its limit; ``None`` when there is none."""
        if self.most is None and self.least is None:
            return None
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)

    @property
    def limit(self) -> str:
        """The limit in words; empty when there is none."""
        if self.most is not None:
            return f"at most {self.most:g}"
        return "" if self.least is None else f"at least {self.least:g}"

    @property
    def shown(self) -> str:
        """The value with its unit."""
        return f"{_number(self.value)} {self.unit}".strip()


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as aligned lines, numbers to the right."""
    rows = [_HEAD, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return "\n".join(
        f"{name:<{widths[0]}}  {value:>{widths[1]}}  {limit:>{widths[2]}}  {reached}".rstrip()
        for name, value, limit, reached in rows
    )


def _row(figure: Figure) -> tuple[str, str, str, str]:
    reached = {None: "", True: "yes", False: "NO"}[figure.reached]
    return figure.name, figure.shown, figure.limit, reached


def _number(value: float) -> str:
    """Return three digits of a small number, and all of the whole ones of a large one."""
    for least, digits in ((1_000, 0), (100, 1), (1, 2)):
        if value >= least:
            return f"{value:,.{digits}f}"
    return f"{value:.4f}"
