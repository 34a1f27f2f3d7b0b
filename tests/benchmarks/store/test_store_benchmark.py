"""The store benchmark runs through, its numbers are sane, and a different answer stops it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from analyzers.store.open import open_store
from benchmarks.store.events import WHOLE, History
from benchmarks.store.ingesting import ROOT, ingest
from benchmarks.store.main import Options, measure
from benchmarks.store.peers import write_peers
from benchmarks.store.questions import ONE_HOUR, QUESTIONS, DifferentAnswersError, check_equal, check_within_bounds

EVENTS = 3_000


@pytest.mark.slow
@pytest.mark.elasticsearch
def test_every_figure(tmp_path: Path) -> None:
    """With few events: all answers agree, in Elasticsearch, too, or it would have ended; the sizes are plausible."""
    figures = {figure.name: figure.value for figure in measure(Options(EVENTS), tmp_path)}
    assert all(value > 0 for value in figures.values())
    raw, packed = figures["bytes per event: records"], figures["bytes per event: records, gzip -6"]
    assert 600 < raw < 700
    assert 70 < packed < raw / 3
    assert 1_100 < figures["bytes per event: bodies"] < 1_250
    assert packed < figures["bytes per event: bodies, gzip -6"] < figures["bytes per event: embedded store"] < 1_000
    assert packed < figures["bytes per event: Elasticsearch, refreshed"] < 3_000
    assert figures["bytes per event: the Parquet file by hand"] < packed
    assert 20 < figures["memory: median in the last tenth"] <= figures["memory: most afterwards"] < 1_000
    assert figures["ingest: per core"] > 100
    for question in QUESTIONS:
        ours, by_hand = (figures[f"{question.name}: {whose}"] for whose in ("embedded store", "SQL by hand"))
        assert figures[f"{question.name}: ratio"] == pytest.approx(ours / by_hand)


def test_a_short_history_is_the_end_of_the_long_one(tmp_path: Path) -> None:
    """What is ingested from a block on is the same as that part of all: the hour has the same answer."""
    assert ingest(tmp_path / "long", EVENTS).events == EVENTS
    assert ingest(tmp_path / "short", EVENTS, 2).events == EVENTS - 2_000
    with open_store(str(tmp_path / "long")) as long, open_store(str(tmp_path / "short")) as short:
        answers = [ONE_HOUR.answer(store.query(ONE_HOUR.query)) for store in (short, long)]
    check_equal(ONE_HOUR, *answers)


def test_the_parquet_file_is_sorted_and_whole(tmp_path: Path) -> None:
    """The peer's file has every event once, in the order of time, and the questions count all of them."""
    peers = write_peers(History(EVENTS), tmp_path)
    with duckdb.connect(":memory:") as connection:
        rows = connection.execute(f"SELECT epoch_ms(timestamp) FROM read_parquet('{peers.parquet}')").fetchall()  # noqa: S608
        counts = [question.by_hand(connection, str(peers.parquet)) for question in QUESTIONS]
    instants = [instant for (instant,) in rows]
    assert len(instants) == EVENTS
    assert instants == sorted(instants)
    assert WHOLE.start.timestamp() * 1_000 <= instants[0]
    for question, answer in zip(QUESTIONS, counts, strict=True):
        place = len(question.query.by)
        assert sum(int(str(row[place])) for row in answer) == EVENTS


def test_different_answers() -> None:
    """A count off by one, a row too few, a percentile beyond the stated bound: each is an error with its row."""
    question = replace(QUESTIONS[0], name="asked")
    check_equal(question, [("/a", 7, 0.5)], [("/a", 7, 0.5)])
    with pytest.raises(DifferentAnswersError, match=r"asked: .*7.*, and .*8"):
        check_within_bounds(question, [("/a", 7, 0.5)], [("/a", 8, 0.5)])
    with pytest.raises(DifferentAnswersError, match="1 rows, and 2"):
        check_equal(question, [("/a", 7, 0.5)], [("/a", 7, 0.5), ("/b", 1, 0.5)])
    with pytest.raises(DifferentAnswersError, match="asked"):
        check_equal(question, [("/a", 7, 0.5)], [("/a", 7, 0.5001)])
    check_within_bounds(question, [("/a", 7, 0.5)], [("/a", 7, 0.5004)])
    with pytest.raises(DifferentAnswersError, match="asked"):
        check_within_bounds(question, [("/a", 7, 0.5)], [("/a", 7, 0.5006)])


def test_the_command_says_what_it_takes() -> None:
    """``--help`` names the options; an unknown benchmark is refused by name."""
    told = run("--help")
    assert told.returncode == 0
    assert all(word in told.stdout for word in ("--events", "EVENTS", "--directory", "--no-elasticsearch"))
    refused = run("disk")
    assert refused.returncode == 2
    assert "'disk'" in refused.stderr
    assert "'store'" in refused.stderr


@pytest.mark.slow
def test_the_exit_status_is_that_of_the_limits(tmp_path: Path) -> None:
    """The table ends the output; status 1 says that a limit was not reached; nothing is left on the disk."""
    done = run("store", "--events", "10000", "--no-elasticsearch", "--directory", str(tmp_path))
    assert "10,000 events" in done.stderr.splitlines()[0]
    head, *rows = done.stdout.splitlines()[2:]
    assert head.split() == ["figure", "value", "limit", "reached"]
    verdicts = [row.split()[-1] for row in rows if " at most " in row]
    assert set(verdicts) <= {"yes", "NO"}
    assert len(verdicts) == 8  # four questions, two of one hour, two of opening; memory from a million events on
    assert done.returncode == (1 if "NO" in verdicts else 0)
    assert not list(tmp_path.iterdir())


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the benchmarks as ``make bench`` does."""
    command = [sys.executable, "-m", "benchmarks", *words]
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
