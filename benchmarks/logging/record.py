"""What a request's record costs, from the facts to the line in the file, against the peers."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.figures import Figure
from benchmarks.logging import peers
from benchmarks.logging.peers import Write

LINES: Final = 5_000
ROUNDS: Final = 15
LIMIT: Final = 1.5

OURS: Final = "this library, redacted"
STRUCTLOG: Final = "structlog + orjson"
WAYS: Final[Mapping[str, Callable[[Path], AbstractContextManager[Write]]]] = {
    OURS: peers.ours,
    STRUCTLOG: peers.with_structlog,
    "ecs-logging": peers.with_ecs_logging,
    "python-json-logger": peers.with_python_json_logger,
    "loguru": peers.with_loguru,
}


def figures() -> list[Figure]:
    """Measure all ways in turn, again and again, so that a slow moment of the machine meets all of them."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folders = {way: Path(name) / str(number) for number, way in enumerate(WAYS)}
        for folder in folders.values():
            folder.mkdir()
        writes = {way: stack.enter_context(enter(folders[way])) for way, enter in WAYS.items()}
        costs = _measured(writes)
        _counted(folders)
    return [*_shown(costs)]


def _measured(writes: Mapping[str, Write]) -> dict[str, Sequence[float]]:
    """Return CPU microseconds a line, one number for each round."""
    costs: dict[str, list[float]] = {way: [] for way in writes}
    for _ in range(ROUNDS):
        for way, write in writes.items():
            started = time.process_time()
            for _ in range(LINES):
                write()
            costs[way].append((time.process_time() - started) / LINES * 1e6)
    return dict(costs)


def _counted(folders: Mapping[str, Path]) -> None:
    """Hold each way to have written every line to its file.

    Raises:
        ValueError: When one has not.
    """
    for way, folder in folders.items():
        lines = sum(path.read_bytes().count(b"\n") for path in folder.iterdir())
        if lines != LINES * ROUNDS:
            raise ValueError(f"{way} wrote {lines} lines of {LINES * ROUNDS}")


def _shown(costs: Mapping[str, Sequence[float]]) -> list[Figure]:
    """Return the medians, and the medians of the rounds' ratios."""

    def ratio(way: str) -> float:
        return median(ours / theirs for ours, theirs in zip(costs[OURS], costs[way], strict=True))

    absolute = [Figure(f"a record: {way}", median(taken), "µs") for way, taken in costs.items()]
    relative = [
        Figure(f"this library / {way}", ratio(way), most=LIMIT if way == STRUCTLOG else None)
        for way in costs
        if way != OURS
    ]
    return [*absolute, *relative]
