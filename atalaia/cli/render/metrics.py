"""Samples for a person: what was read, one field a line, with its unit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TextIO, TypeAlias

from rich import box
from rich.table import Table
from rich.text import Text

from atalaia.cli.render.safe import printable
from atalaia.cli.render.table import console_for, print_whole
from atalaia.cli.render.text import percent, significant
from logging_lib.metrics.fields import MetricField, Unit
from logging_lib.metrics.registry import fields_of, kinds

Leaf: TypeAlias = bool | int | float | str | list[object]
Node: TypeAlias = "Mapping[str, Node] | Leaf"
_STEP: Final = 1024
_SIZES: Final = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
_NOT_NUMBERS: Final = frozenset(
    {"timestamp", "level", "service", "event_id", "event", "environment", "version", "host", "logger", "metricset"}
)


def print_records(lines: Sequence[str], stream: TextIO) -> None:
    """Print records of samplers, each as a table of its own.

    Args:
        lines: The records as JSON.
        stream: Where to.
    """
    console = console_for(stream)
    for line in lines:
        record: dict[str, Node] = json.loads(line)
        console.print(Text(f"{record['event']} {record.get('metricset', '')}", style="bold"))
        print_whole(console, _table(record))
        console.print()


def shown(value: Leaf, unit: Unit) -> str:
    """Return a value as a person reads it, with its unit: ``23.5 GiB``, ``4.42 %``, ``1,204 ms``."""
    if isinstance(value, bool | str | list):
        return printable(str(value))
    if unit == "share 0..1":
        return percent(value)
    if unit in {"bytes", "bytes/s"}:
        return _size(value) + unit.removeprefix("bytes")
    number = f"{value:,}" if isinstance(value, int) else significant(value)
    return f"{number} {unit}".rstrip()


def _table(record: Mapping[str, Node]) -> Table:
    known = _known(str(record["event"]))
    table = Table(box=None, padding=(0, 1, 0, 2), pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, value in _leaves({key: value for key, value in record.items() if key not in _NOT_NUMBERS}, ""):
        field = known.get(name)
        table.add_row(printable(name), shown(value, field.unit if field else ""))
    return table


def _known(dataset: str) -> dict[str, MetricField]:
    return {field.name: field for kind in kinds() if kind.dataset == dataset for field in fields_of(kind.name)}


def _leaves(node: Mapping[str, Node], prefix: str) -> Iterator[tuple[str, Leaf]]:
    for name, value in node.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _size(value: float) -> str:
    """Return a number of bytes in the largest unit that leaves at least one before the point."""
    size, unit = float(value), 0
    while size >= _STEP and unit < len(_SIZES) - 1:
        size, unit = size / _STEP, unit + 1
    return f"{significant(size)} {_SIZES[unit]}"


def fields_table(fields: Sequence[MetricField]) -> Table:
    """Return the fields as a table: name, unit, meaning."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False, header_style="bold")
    for header in ("field", "unit", "meaning"):
        table.add_column(header, overflow="fold")
    for field in fields:
        table.add_row(field.name, field.unit, field.meaning)
    return table
