"""Find the parts of a report by their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from analyzers.blocks import Cell, Figure, Figures, Picture, Prose, Table
from analyzers.reports.document import Report

B = TypeVar("B", Table, Picture, Figures, Prose)


def block(report: Report, section: str, name: str, kind: type[B]) -> B:
    """Return a block."""
    [chapter] = [each for each in report.sections if each.name == section]
    [found] = [each for each in chapter.blocks if each.name == name]
    assert isinstance(found, kind)
    return found


def figures(report: Report) -> Mapping[str, Figure]:
    """Return the figures of the summary by their names."""
    return {each.name: each for each in block(report, "summary", "figures", Figures).figures}


def rows(table: Table) -> list[dict[str, Cell]]:
    """Return the rows of a table, each cell by the name of its column."""
    names = [each.name for each in table.headings]
    return [dict(zip(names, row, strict=True)) for row in table.rows]
