"""Put files through a pipeline into a store.

Only where events come from is replaced: the named files take the place of the input, whose codec and common options
stay. Filters and outputs run as the configuration says. Every event that is read ends in exactly one of: stored, known
already, dead-lettered with a reason, dropped by the pipeline.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from analyzers.store.document import SourcePosition
from analyzers.store.interface import Store
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.event import Event
from atalaia.pipeline.inputs.base import LoadedInput
from atalaia.pipeline.inputs.feed import Stream
from atalaia.pipeline.inputs.files.whole import WholeFile
from atalaia.pipeline.inputs.running import Arrival, DeadLetter
from atalaia.pipeline.pipeline import Pipeline, load_pipeline
from atalaia.pipeline.read_lines import Line, open_source, read_lines
from atalaia.pipeline.runtime.batch import Batch
from atalaia.pipeline.runtime.flow import Flow, Incoming
from atalaia.pipeline.runtime.pipeline_positions import PipelinePositions
from atalaia.pipeline.runtime.places import letter_places
from atalaia.pipeline.runtime.shared_store import SharedStore
from atalaia.pipeline.runtime.shipped import find_pipeline
from atalaia.pipeline.runtime.snapshots import SnapshotWriter
from atalaia.pipeline.runtime.topology import connect
from logging_lib.clock import Clock

__all__ = ["IngestProgress", "IngestSummary", "find_pipeline", "ingest"]

_STDIN: Final = Path("-")
_BATCH_LINES: Final = 2_000
_BATCH_BYTES: Final = 4 << 20


@dataclass(frozen=True, slots=True)
class IngestProgress:
    """How far an ingest has come.

    Attributes:
        lines: Events read so far.
        bytes_read: Bytes read so far, of all files.
    """

    lines: int
    bytes_read: int


@dataclass(frozen=True, slots=True)
class IngestSummary:
    """What became of every event; ``lines == stored + duplicates + dead_lettered + dropped``.

    Attributes:
        lines: Events read: one a line, as a rule. A blank line of JSON counts as one dropped.
        stored: Events that are new in the store.
        duplicates: Events whose id the store had already.
        dead_lettered: Events kept in the dead-letter directory.
        dropped: Events that the pipeline sent neither to the store nor to the dead letters.
        future: Events more than five minutes ahead of the clock; they are stored all the same.
        bytes_read: Bytes read, of all files.
        reasons: How many dead letters there are for each reason.
    """

    lines: int
    stored: int
    duplicates: int
    dead_lettered: int
    dropped: int
    future: int
    bytes_read: int
    reasons: Mapping[str, int]


def ingest(  # noqa: PLR0913 - each is a fact of its own that the caller decides
    files: Sequence[Path],
    pipeline: Path,
    store: Store,
    *,
    dead_letter: Path,
    clock: Clock,
    progress: Callable[[IngestProgress], None] | None = None,
    variables: Mapping[str, str] | None = None,
    data_directory: Path | None = None,
    from_start: bool = False,
) -> IngestSummary:
    """Read files through a pipeline into a store.

    A file is continued where it was read last when the store keeps positions; otherwise it is read again, and its
    events are known by their ids. Interrupting it loses nothing that was committed and leaves nothing half done.

    Args:
        files: Log files; ``-`` is standard input.
        pipeline: The configuration.
        store: Where documents go.
        dead_letter: The directory for dead letters, unless ``ATALAIA_DEAD_LETTER`` is among the variables.
        clock: The present instant.
        progress: Called after every batch.
        variables: For ``${…}`` in the configuration; the environment when absent.
        data_directory: Where counters are kept for others to show; nowhere when absent.
        from_start: Read files again from their first byte; what the store has already is known by its id.

    Raises:
        PipelineError: When a file or the pipeline cannot be read, before anything is written.
        ConfigurationError: When the pipeline is refused.
        StoreError: When the store cannot take a batch.
    """
    known, places = letter_places(dead_letter, os.environ if variables is None else variables)
    context = PipelineContext(pipeline.stem, EcsCompatibility.V8, clock, Path.cwd(), socket.gethostname())
    loaded = load_pipeline(pipeline, context, known)
    (group,) = connect([loaded])
    shared = SharedStore(store)
    flow = Flow(group, Batch(shared, places, clock))
    with ExitStack() as stack:
        stack.callback(flow.batch.close)
        sources = [(path, _open(path, stack)) for path in files]
        told = _Told(progress, data_directory, loaded, clock)
        stack.callback(told.close)
        run = _Run(flow, _only_input(loaded, pipeline), shared, told)
        for path, file in sources:
            run.read(path, file, from_start=from_start)
    return run.summary()


def _open(path: Path, stack: ExitStack) -> BinaryIO | WholeFile:
    if path == _STDIN:
        return sys.stdin.buffer
    if path.is_file():
        return stack.enter_context(closing(WholeFile(path)))
    return stack.enter_context(open_source(path))


def _only_input(pipeline: Pipeline, path: Path) -> LoadedInput:
    if len(pipeline.inputs) != 1:
        count = len(pipeline.inputs)
        raise PipelineError(f"{path} has {count} inputs", "give it exactly one: its codec says how the files are read")
    return pipeline.inputs[0]


class _Told:
    """Whoever watches an ingest: the caller, and the counters' file."""

    def __init__(
        self,
        progress: Callable[[IngestProgress], None] | None,
        data_directory: Path | None,
        pipeline: Pipeline,
        clock: Clock,
    ) -> None:
        self._progress = progress
        self._counters = None if data_directory is None else SnapshotWriter(data_directory, [pipeline.counters], clock)

    def advance(self, state: IngestProgress) -> None:
        """Tell how far it has come."""
        if self._progress is not None:
            self._progress(state)
        if self._counters is not None:
            self._counters.tick()

    def close(self) -> None:
        """Tell that it has ended."""
        if self._counters is not None:
            self._counters.close()


class _Run:
    """One ingest under way."""

    def __init__(self, flow: Flow, source: LoadedInput, store: SharedStore, told: _Told) -> None:
        self._flow = flow
        self._input = source
        self._positions = PipelinePositions(flow.first, store)
        self._told = told
        self._bytes = 0
        self._events: list[Event] = []
        self._letters: list[DeadLetter] = []

    def read(self, path: Path, file: BinaryIO | WholeFile, *, from_start: bool) -> None:
        """Read one source to its end, in batches."""
        identity: str | None = None
        if isinstance(file, WholeFile):
            identity, lines = file.read(self._positions.position, from_start=from_start)
        else:
            lines = read_lines(file)  # a stream is nobody, and read from its start
        stream = self._input.feed.stream("" if path == _STDIN else str(path.absolute()), identity)
        pending, pending_bytes, position = 0, 0, None
        for line in lines:
            self._line(line, stream)
            size = line.end - line.offset
            pending, pending_bytes, position = pending + 1, pending_bytes + size, line.end
            self._bytes += size
            if pending >= _BATCH_LINES or pending_bytes >= _BATCH_BYTES:
                held = stream.held_from
                self._commit(identity, position if held is None else held)
                pending, pending_bytes = 0, 0
        if position is not None and (pending or stream.held_from is not None):
            self._take(*stream.flush())
            self._commit(identity, position)
        if isinstance(file, WholeFile) and file.problem:
            self._take([], [DeadLetter("file", file.problem, {"path": str(path)})])
            self._commit(None, 0)

    def summary(self) -> IngestSummary:
        """Return what became of everything."""
        tally = self._flow.batch.tally
        return IngestSummary(
            lines=tally.events,
            stored=tally.stored,
            duplicates=tally.duplicates,
            dead_lettered=tally.dead_lettered,
            dropped=tally.dropped,
            future=tally.future,
            bytes_read=self._bytes,
            reasons=tally.reasons.counts(),
        )

    def _line(self, line: Line, stream: Stream) -> None:
        events, letters = stream.read(line)
        if not events and not letters and stream.held_from is None:
            self._flow.batch.read(1)  # a blank line of JSON: read, and dropped
        self._take(events, letters)

    def _take(self, events: list[Event], letters: list[DeadLetter]) -> None:
        self._flow.batch.read(len(events) + len(letters))
        self._events += events
        self._letters += letters

    def _commit(self, identity: str | None, position: int) -> None:
        self._count()
        positions = () if identity is None else (SourcePosition(identity, position),)
        arrival = Arrival(self._events, 0, tuple(self._letters), positions)
        self._events, self._letters = [], []
        self._flow.process([Incoming(self._flow.first, arrival)])
        self._told.advance(IngestProgress(self._flow.batch.tally.events, self._bytes))

    def _count(self) -> None:
        if (counter := self._input.counter) is not None:
            counter.events_in += len(self._events) + len(self._letters)
            counter.events_out += len(self._events)
            counter.failed += len(self._letters)
