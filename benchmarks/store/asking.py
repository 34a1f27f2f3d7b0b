"""Ask the embedded store and DuckDB by hand in turns, so that what else the machine does hits both."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Final

import duckdb

from analyzers.store.interface import Store
from analyzers.store.open import open_store
from analyzers.store.query import Window
from benchmarks.figures import Figure
from benchmarks.store.ingesting import ROOT
from benchmarks.store.measuring import seconds
from benchmarks.store.progress import say
from benchmarks.store.questions import ONE_HOUR, QUESTIONS, Answer, Question, check_equal, check_within_bounds
from benchmarks.store.templates import STREAM

RUNS: Final = 7
"""How often each is asked; the median counts."""

AGAINST_SQL: Final = 1.3
AGAINST_SHORT_HISTORY: Final = 1.5
OPEN_SECONDS: Final = 5.0
"""The most that a restart may take."""

_CLUSTER_RUNS: Final = 3
_COLD_RUNS: Final = 3
_MISSED: Final = 1
"""The exit status of an analysis that found a threshold breached: an answer, too."""


def in_turns(works: Sequence[Callable[[], object]], runs: int) -> list[float]:
    """Return the median seconds of each, warm: one round goes before those that count."""
    rounds = [[seconds(work) for work in works] for _ in range(runs + 1)][1:]
    return [median(times) for times in zip(*rounds, strict=True)]


def queries(path: Path, parquet: Path) -> tuple[list[Figure], Mapping[str, Answer]]:
    """Ask everything of the store and of DuckDB by hand; return the figures, and the answers by question."""
    figures: list[Figure] = []
    answers: dict[str, Answer] = {}
    with open_store(str(path)) as store, duckdb.connect(":memory:") as connection:
        for question in QUESTIONS:
            say(f"   asking: {question.name}")
            answers[question.name] = question.answer(store.query(question.query))
            check_equal(question, answers[question.name], question.by_hand(connection, str(parquet)))
            figures.extend(_against_sql(question, store, connection, parquet))
    return figures, answers


def _against_sql(
    question: Question, store: Store, connection: duckdb.DuckDBPyConnection, parquet: Path
) -> Iterator[Figure]:
    ours, by_hand = in_turns(
        [lambda: store.query(question.query), lambda: question.by_hand(connection, str(parquet))], RUNS
    )
    yield Figure(f"{question.name}: embedded store", ours, "s")
    yield Figure(f"{question.name}: SQL by hand", by_hand, "s")
    yield Figure(f"{question.name}: ratio", ours / by_hand, "", AGAINST_SQL)


def cluster_queries(cluster: Store, answers: Mapping[str, Answer], figures: Sequence[Figure]) -> Iterator[Figure]:
    """Ask Elasticsearch the same, with the same answers."""
    embedded = {figure.name: figure.value for figure in figures}
    for question in QUESTIONS:
        say(f"   asking Elasticsearch: {question.name}")
        check_within_bounds(question, answers[question.name], question.answer(cluster.query(question.query)))
        taken = median(seconds(lambda: cluster.query(question.query)) for _ in range(_CLUSTER_RUNS))  # noqa: B023 - run at once
        yield Figure(f"{question.name}: Elasticsearch", taken, "s")
        yield Figure(
            f"{question.name}: embedded store to Elasticsearch",
            embedded[f"{question.name}: embedded store"] / taken,
        )


def one_hour(short: Path, long: Path) -> Iterator[Figure]:
    """Ask for an hour of a short and of a long history, of stores that stay open and of ones opened for it."""
    with open_store(str(short)) as few, open_store(str(long)) as many:
        answers = [ONE_HOUR.answer(store.query(ONE_HOUR.query)) for store in (few, many)]
        check_equal(ONE_HOUR, *answers)
        few_warm, many_warm = in_turns([lambda: few.query(ONE_HOUR.query), lambda: many.query(ONE_HOUR.query)], RUNS)
    few_fresh, many_fresh = in_turns([lambda: _ask_afresh(short), lambda: _ask_afresh(long)], RUNS)
    yield Figure("one hour, short history", few_warm, "s")
    yield Figure("one hour, long history", many_warm, "s")
    yield Figure("one hour: ratio", many_warm / few_warm, "", AGAINST_SHORT_HISTORY)
    yield Figure("one hour, short history, store opened for it", few_fresh, "s")
    yield Figure("one hour, long history, store opened for it", many_fresh, "s")
    yield Figure("one hour, store opened for it: ratio", many_fresh / few_fresh, "", AGAINST_SHORT_HISTORY)


def _ask_afresh(path: Path) -> None:
    with open_store(str(path)) as store:
        store.query(ONE_HOUR.query)


def opening(path: Path) -> Iterator[Figure]:
    """Open the store anew, to read and to write, up to the first answer that depends on all of it."""
    for words, writable in (("to read", False), ("to write", True)):
        (taken,) = in_turns([lambda: _extent(path, writable=writable)], RUNS)  # noqa: B023 - run at once
        yield Figure(f"open the store {words}, know its extent", taken, "s", OPEN_SECONDS)


def _extent(path: Path, *, writable: bool) -> Window | None:
    with open_store(str(path), writable=writable) as store:
        return store.extent(STREAM)


def cold(path: Path, parquet: Path) -> Iterator[Figure]:
    """Answer the first question in a new process each time: ``atalaia latency``, and DuckDB by hand."""
    window = QUESTIONS[0].query.window
    bounds = ["--since", window.start.isoformat(), "--until", window.end.isoformat()]
    ours = [sys.executable, "-m", "atalaia", "latency", "--by", "endpoint", *bounds, "--store", str(path)]
    by_hand = [sys.executable, "-m", "benchmarks.store.asking", str(parquet)]
    taken = [
        median(seconds(lambda: _run(command)) for _ in range(_COLD_RUNS))  # noqa: B023 - run at once
        for command in ([*ours, "--format", "json"], by_hand)
    ]
    yield Figure("p50/p95/p99 by endpoint, new process: atalaia latency", taken[0], "s")
    yield Figure("p50/p95/p99 by endpoint, new process: SQL by hand", taken[1], "s")


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, check=False, capture_output=True, cwd=ROOT)
    if done.returncode not in {0, _MISSED}:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
    json.loads(done.stdout)


if __name__ == "__main__":
    with duckdb.connect(":memory:") as own:
        print(json.dumps(QUESTIONS[0].by_hand(own, sys.argv[1])))
