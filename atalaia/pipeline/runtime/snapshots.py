"""Counters as files, so that another process can show them: ``<directory>/counters/<pipeline id>.json``."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import psutil
from pydantic import BaseModel, ConfigDict, ValidationError

from atalaia.pipeline.counters import Counters, PluginKind
from atalaia.pipeline.errors import PipelineError
from logging_lib.clock import Clock

_LOG: Final = logging.getLogger(__name__)

FOLDER: Final = "counters"
_AT_MOST_EVERY: Final = 1.0
"""Seconds between two writes while something is counted."""
_AT_LEAST_EVERY: Final = 10.0
"""Seconds between two writes while nothing is counted: they say that the pipeline is there."""
FRESH: Final = timedelta(seconds=3 * _AT_LEAST_EVERY)
"""A running pipeline's snapshot is not older than this."""


class PluginCounts(BaseModel):
    """One plugin's counts; see :class:`~atalaia.pipeline.counters.PluginCounter`."""

    model_config = ConfigDict(frozen=True)

    kind: PluginKind
    name: str
    id: str
    events_in: int
    events_out: int
    dropped: int
    failed: int
    seconds: float


class ArmCounts(BaseModel):
    """One branch's counts; see :class:`~atalaia.pipeline.counters.ArmCounter`."""

    model_config = ConfigDict(frozen=True)

    kind: PluginKind
    file: str
    line: int
    column: int
    keyword: str
    taken: int


class Counts(BaseModel):
    """What the plugins and branches of a pipeline have done.

    Attributes:
        pipeline: The pipeline's id.
        plugins: In the order of its file.
        arms: In the order of its file.
    """

    model_config = ConfigDict(frozen=True)

    pipeline: str
    plugins: tuple[PluginCounts, ...]
    arms: tuple[ArmCounts, ...]


class Snapshot(Counts):
    """The counts of a pipeline at an instant, and who counted.

    Attributes:
        pid: The process.
        started: When that process started, in seconds of the epoch: tells it from a later one of the same number.
        written: When the snapshot was written.
        running: False once the pipeline has ended.
    """

    pid: int
    started: float
    written: datetime
    running: bool

    def is_up(self, now: datetime) -> bool:
        """Whether the pipeline still runs: it has not said that it ended, its process is there, and it is fresh."""
        if not self.running or now - self.written > FRESH:
            return False
        try:
            return psutil.Process(self.pid).create_time() == self.started
        except psutil.NoSuchProcess:
            return False


def counts_of(counters: Counters) -> Counts:
    """Return counts as they are now."""
    return Counts(
        pipeline=counters.pipeline,
        plugins=tuple(
            PluginCounts(
                kind=each.kind,
                name=each.name,
                id=each.id,
                events_in=each.events_in,
                events_out=each.events_out,
                dropped=each.dropped,
                failed=each.failed,
                seconds=each.seconds,
            )
            for each in counters.plugins
        ),
        arms=tuple(
            ArmCounts(
                kind=each.kind,
                file=each.position.file,
                line=each.position.line,
                column=each.position.column,
                keyword=each.keyword,
                taken=each.taken,
            )
            for each in counters.arms
        ),
    )


class SnapshotWriter:
    """Writes the counts of running pipelines, at most once a second.

    They are only there to be looked at: a disk that does not take them stops nothing, and is said once.

    Args:
        directory: Where the folder of counters is.
        pipelines: What is counted.
        clock: The present instant.
    """

    def __init__(self, directory: Path, pipelines: Sequence[Counters], clock: Clock) -> None:
        self._folder = directory / FOLDER
        self._pipelines = pipelines
        self._clock = clock
        self._failing = False
        self._pid = os.getpid()
        self._started = psutil.Process().create_time()
        self._written: dict[str, tuple[Counts, float]] = {}

    def tick(self) -> None:
        """Write what has changed, unless that was done a moment ago."""
        now = time.monotonic()
        for counters in self._pipelines:
            last, at = self._written.get(counters.pipeline, (None, -_AT_LEAST_EVERY))
            if now - at < _AT_MOST_EVERY:
                continue
            counts = counts_of(counters)
            if counts != last or now - at >= _AT_LEAST_EVERY:
                self._write(counts, running=True)
                self._written[counters.pipeline] = counts, now

    def close(self) -> None:
        """Write the last counts, and that the pipelines have ended."""
        for counters in self._pipelines:
            self._write(counts_of(counters), running=False)

    def _write(self, counts: Counts, *, running: bool) -> None:
        snapshot = Snapshot(
            **dict(counts), pid=self._pid, started=self._started, written=self._clock(), running=running
        )
        target = self._folder / f"{counts.pipeline}.json"
        beside = self._folder / f".{counts.pipeline}.{self._pid}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            beside.write_text(snapshot.model_dump_json(indent=1), encoding="utf-8")
            beside.replace(target)
        except OSError as error:
            if not self._failing:
                _LOG.warning("the counters %s cannot be written: %s; what they count goes on", target, error.strerror)
            self._failing = True
        else:
            self._failing = False


def read_snapshots(directory: Path) -> list[Snapshot]:
    """Return the snapshots below a directory, by pipeline; none when it has no counters.

    Raises:
        PipelineError: When one cannot be read or is none.
    """
    found = []
    for path in sorted((directory / FOLDER).glob("[!.]*.json")):
        try:
            found.append(Snapshot.model_validate_json(path.read_bytes()))
        except FileNotFoundError:
            continue  # it was taken away between the two looks
        except OSError as error:
            raise PipelineError(f"{path} cannot be read: {error.strerror}", "check its permissions") from error
        except ValidationError as error:
            raise PipelineError(f"{path} holds no counters", "remove it") from error
    return found
