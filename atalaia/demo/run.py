"""The demonstration from start to end: history, alerts, SLA, report, then the live help desk and its page."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TextIO

from analyzers.store.open import open_store
from atalaia.demo.directory import DemoDirectory, prepare
from atalaia.demo.history import HistorySettings, write_history
from atalaia.demo.live import Live, run_live
from atalaia.demo.past import replay_alerts, show_sla, write_report
from atalaia.demo.scenario import Scenario, plan
from atalaia.ingest import IngestSummary, find_pipeline, ingest
from logging_lib.clock import Clock

Ingest = Callable[[Sequence[Path]], IngestSummary]
"""Puts log files through ``request.conf`` into the demonstration's store."""


@dataclass(frozen=True, slots=True)
class DemoSettings:
    """What a person can choose.

    Attributes:
        directory: Where everything goes; an earlier demonstration there is thrown away.
        seconds: How long the live part runs; ``None`` until Ctrl-C.
        port: The site's; 0 takes a free one.
        seed: The same seed gives the same history and the same traffic.
    """

    directory: Path
    seconds: float | None
    port: int
    seed: int


def run_demo(settings: DemoSettings, stream: TextIO, clock: Clock) -> None:
    """Run the main job on a small help desk and tell what happens.

    Args:
        settings: What the person chose.
        stream: Where it is told.
        clock: What ``now`` is.

    Raises:
        AtalaiaError: When a part cannot be set up or fails.
    """
    directory, scenario = prepare(settings.directory), plan(clock())
    say = partial(_say, stream)
    say(f"Atalaia watches a help desk (everything is in {directory.root})")
    with open_store(str(directory.store), writable=True, clock=clock) as writer:
        into_store = partial(
            ingest,
            pipeline=find_pipeline("request"),
            store=writer,
            dead_letter=directory.dead_letter,
            clock=clock,
            data_directory=directory.store,
        )
        _fill(directory, scenario, settings.seed, into_store, say)
        with open_store(str(directory.store), clock=clock) as reader:
            replay_alerts(reader, directory.alerts, scenario, stream)
            show_sla(reader, scenario, stream)
            write_report(reader, directory.root, scenario, say)
            live = Live(directory, settings.port, settings.seconds, settings.seed, clock)
            run_live(live, into_store, reader, say)
    _say_what_next(directory, say)


def _fill(
    directory: DemoDirectory, scenario: Scenario, seed: int, into_store: Ingest, say: Callable[[str], None]
) -> None:
    begun = time.perf_counter()
    history = HistorySettings(seed=seed, incident=scenario.incident)
    files = write_history(directory.history, scenario.history.start, scenario.history.end, history)
    summary = into_store(files)
    days = scenario.history.length.days
    say(
        f"\n1  History: {summary.stored:,} requests of {days} days went through request.conf into {directory.store}"
        f" ({summary.dead_lettered} dead-lettered, {time.perf_counter() - begun:.1f} s)"
    )


def _say_what_next(directory: DemoDirectory, say: Callable[[str], None]) -> None:
    say(f"\nAsk it yourself:\n  atalaia errors --by endpoint --every day --store {directory.store}")
    say(f"  atalaia latency --by endpoint --window 7d --store {directory.store}")
    say(f"  atalaia serve --store {directory.store}")


def _say(stream: TextIO, text: str) -> None:
    stream.write(f"{text}\n")
    stream.flush()
