"""Run pipelines until their inputs end or they are asked to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.inputs.base import LoadedInput
from atalaia.pipeline.inputs.running import Arrival, Emit, Reading, StoppedError
from atalaia.pipeline.origin import Origin
from atalaia.pipeline.pipeline import Pipeline
from atalaia.pipeline.runtime.batch import Batch
from atalaia.pipeline.runtime.flow import Flow
from atalaia.pipeline.runtime.intake import LIMITS, Intake, Limits
from atalaia.pipeline.runtime.pipeline_positions import PipelinePositions
from atalaia.pipeline.runtime.places import LetterPlaces
from atalaia.pipeline.runtime.shared_store import SharedStore
from atalaia.pipeline.runtime.topology import Group
from logging_lib.clock import Clock

_TICK: Final = 0.5
_PATIENCE: Final = 5.0
"""Seconds for which inputs that do not end are waited for after a failure."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What running pipelines are given.

    Attributes:
        store: Where documents go; ``None`` when no output makes any.
        places: Where dead letters go.
        data_directory: Where inputs keep what outlives the process.
        clock: The present instant.
        limits: How much each group of connected pipelines holds.
    """

    store: SharedStore | None
    places: LetterPlaces
    data_directory: Path
    clock: Clock
    limits: Limits = LIMITS


class Running:
    """Pipelines at work: one worker for each group, one thread for each input.

    Args:
        groups: The pipelines.
        surroundings: Where their events go.
        stop: Set by the caller when they are to end: inputs stop, what was read is finished and committed.

    Raises:
        PipelineError: When an input cannot read by itself.
    """

    def __init__(self, groups: Sequence[Group], surroundings: Surroundings, stop: threading.Event) -> None:
        _check_inputs(groups)
        self._stop = stop
        self._failures: list[BaseException] = []
        self._workers = [_Worker(group, surroundings, self) for group in groups]

    def run(self, tick: Callable[[], None]) -> None:
        """Run to the end; ``tick`` is called about twice a second, in the caller's thread.

        Raises:
            AtalaiaError: When an input or the commit of a batch failed; what was read before is committed as far as
                that can be.
            BrokenPipeError: When nobody reads standard output any more.
        """
        for worker in self._workers:
            worker.start()
        for worker in self._workers:
            while not worker.ended(_TICK):
                tick()
        for worker in self._workers:
            worker.wait_for_inputs()
        if self._failures:
            raise self._failures[0]

    @property
    def dead_lettered(self) -> int:
        """How many events were kept as dead letters."""
        return sum(worker.dead_lettered for worker in self._workers)

    def fail(self, error: BaseException) -> None:
        """Note why the run cannot go on, and end it."""
        self._failures.append(error)
        self._stop.set()

    @property
    def stop(self) -> threading.Event:
        """Set when everything is to end."""
        return self._stop


class _Worker:
    """The worker of one group, and the threads of its inputs."""

    def __init__(self, group: Group, surroundings: Surroundings, running: Running) -> None:
        store = surroundings.store if any(writes_documents(each) for each in group.pipelines) else None
        self._running = running
        self._intake = Intake(surroundings.limits)
        self._flow = Flow(group, Batch(store, surroundings.places, surroundings.clock, running.stop))
        self._keeper = store if store is not None and store.keeps_positions else None
        self._surroundings = surroundings
        name = group.pipelines[0].id
        self._thread = threading.Thread(target=self._work, name=f"pipeline-{name}", daemon=True)
        self._inputs = [
            threading.Thread(target=self._read, args=(pipeline, each), name=f"input-{pipeline.id}", daemon=True)
            for pipeline in group.pipelines
            for each in pipeline.inputs
            if each.run is not None
        ]

    @property
    def dead_lettered(self) -> int:
        """How many events were kept as dead letters."""
        return self._flow.batch.tally.dead_lettered

    def start(self) -> None:
        """Start the worker and its inputs."""
        for _ in self._inputs:
            self._intake.join()
        self._thread.start()
        for thread in self._inputs:
            thread.start()

    def ended(self, seconds: float) -> bool:
        """Wait a while for the end and say whether it has come."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def wait_for_inputs(self) -> None:
        """Give inputs the time to close what they hold."""
        for thread in self._inputs:
            thread.join(_PATIENCE)

    def _work(self) -> None:
        try:
            while batch := self._intake.take():
                self._flow.process(batch)
        except BaseException as error:  # noqa: BLE001 - a thread's exception is raised again by the thread that waits
            self._running.fail(error)
        finally:
            self._intake.refuse()
            self._flow.batch.close()

    def _read(self, pipeline: Pipeline, source: LoadedInput) -> None:
        around = self._surroundings
        positions = None if self._keeper is None else PipelinePositions(pipeline.id, self._keeper)
        reading = Reading(
            self._emit(pipeline, source), self._running.stop, positions, around.data_directory, around.clock
        )
        try:
            if source.run is not None:
                source.run(reading)
        except StoppedError:
            pass  # the way an input may end
        except BaseException as error:  # noqa: BLE001 - as above
            self._running.fail(error)
        finally:
            self._intake.leave()

    def _emit(self, pipeline: Pipeline, source: LoadedInput) -> Emit:
        counter = source.counter
        origin = Origin(pipeline.id, source.name, "" if counter is None else counter.id)
        put = partial(self._intake.put, pipeline.id, counter)

        def emit(arrival: Arrival) -> None:
            for event in arrival.events:
                if event.origin is None:
                    event.origin = origin
            put(arrival)

        return emit


def _check_inputs(groups: Sequence[Group]) -> None:
    for group in groups:
        for pipeline in group.pipelines:
            for each in pipeline.inputs:
                if each.run is None and each.address is None:
                    raise PipelineError(
                        f"the input {each.name!r} of the pipeline {pipeline.id} cannot be run here",
                        "see atalaia ingest",
                    )


def writes_documents(pipeline: Pipeline) -> bool:
    """Whether a pipeline has an output that needs the store."""
    return any(each.kind == "output" and each.name == "elasticsearch" for each in pipeline.counters.plugins)
