"""Coverage for editors: an LCOV tracefile, in which a plugin is a line and an arm a branch of its line.

Source of the format: the manual page of ``geninfo`` (LCOV 1.16).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from atalaia.pipeline.cases.coverage import Coverage, Point


def lcov(coverages: Sequence[Coverage]) -> str:
    """Return coverage as a tracefile, with absolute paths."""
    by_file: defaultdict[str, list[Point]] = defaultdict(list)
    for coverage in coverages:
        for point in coverage.points:
            by_file[point.position.file].append(point)
    return "".join(f"{line}\n" for file, points in by_file.items() for line in _record(file, points))


def _record(file: str, points: Sequence[Point]) -> Iterator[str]:
    yield "TN:"
    yield f"SF:{Path(file).absolute()}"
    arms: defaultdict[int, list[Point]] = defaultdict(list)
    for point in points:
        if point.arm:
            arms[point.position.line].append(point)
    for line, branches in arms.items():
        for number, point in enumerate(branches):
            yield f"BRDA:{line},0,{number},{point.events}"
    yield f"BRF:{sum(map(len, arms.values()))}"
    yield f"BRH:{sum(point.events > 0 for branches in arms.values() for point in branches)}"
    lines = _lines(points)
    yield from (f"DA:{line},{count}" for line, count in lines.items())
    yield f"LF:{len(lines)}"
    yield f"LH:{sum(count > 0 for count in lines.values())}"
    yield "end_of_record"


def _lines(points: Sequence[Point]) -> dict[int, int]:
    """Return how often each line was reached: its plugin reached least, else all its arms together."""
    plugins: dict[int, int] = {}
    arms: defaultdict[int, int] = defaultdict(int)
    for point in points:
        line = point.position.line
        if point.arm:
            arms[line] += point.events
        else:
            plugins[line] = min(point.events, plugins.get(line, point.events))
    return dict(sorted({**arms, **plugins}.items()))
