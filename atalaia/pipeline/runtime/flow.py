"""Connected pipelines at work on one batch after another, in the caller's thread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from analyzers.store.document import Document, SourcePosition
from atalaia.pipeline.counters import Counters
from atalaia.pipeline.dead_letters import Letter
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.file_writing import APPENDED, FileWriting
from atalaia.pipeline.inputs.running import Arrival, DeadLetter
from atalaia.pipeline.pipeline import Pipeline
from atalaia.pipeline.rejection import PluginError
from atalaia.pipeline.runtime.batch import Batch
from atalaia.pipeline.runtime.pipeline_positions import kept_for
from atalaia.pipeline.runtime.topology import Group, Listener

if TYPE_CHECKING:  # a pipeline without the plugin starts sooner
    from atalaia.pipeline.http_client.request import HttpRequest

SLICE: Final = 125
"""Events that go through together: as many as Logstash takes, and as the processor's cache holds."""


class Incoming(NamedTuple):
    """Something that arrived for a pipeline."""

    pipeline: str
    arrival: Arrival


class Flow:
    """Runs batches through a group of connected pipelines.

    Args:
        group: The pipelines.
        batch: Takes what their outputs make.
    """

    def __init__(self, group: Group, batch: Batch) -> None:
        self._group = group
        self._batch = batch
        self._waiting: defaultdict[str, list[Event]] = defaultdict(list)
        self._deliveries = {each.id: PipelineDelivery(each, self) for each in group.pipelines}

    @property
    def batch(self) -> Batch:
        """What takes the outputs' work, with the tally of what became of it."""
        return self._batch

    @property
    def first(self) -> str:
        """The id of the first pipeline: of the only one, where there is only one."""
        return self._group.pipelines[0].id

    def process(self, incoming: Sequence[Incoming]) -> None:
        """Run everything through filters and outputs, commit it, and say so to whoever waits for it.

        Raises:
            AtalaiaError: When it cannot be committed; nothing is settled then.
            BrokenPipeError: When nobody reads standard output any more.
        """
        positions: dict[str, SourcePosition] = {}
        for pipeline, arrival in incoming:
            kept = [kept_for(pipeline, position) for position in arrival.positions]
            positions.update({position.source: position for position in kept})
        self.feed(incoming)
        self._batch.commit(list(positions.values()))
        for _, arrival in incoming:
            arrival.settled()

    def feed(self, incoming: Sequence[Incoming]) -> None:
        """Run everything through filters and outputs, into the batch; the arrivals' events are let go."""
        for pipeline, arrival in incoming:
            self._waiting[pipeline] += arrival.events
            arrival.events.clear()
            for letter in arrival.dead_letters:
                self._batch.reject(_read_letter(pipeline, letter))
        self._run()

    def forward(self, event: Event, address: str) -> None:
        """Give a copy of an event to the pipeline that listens; without one it is discarded."""
        listener = self._group.listeners.get(address)
        if listener is not None:
            self._receive(event.copy(), address, listener)

    def _run(self) -> None:
        """Run the pipelines, senders first, so that each sees everything that is sent to it."""
        for pipeline in self._group.pipelines:
            events = self._waiting.pop(pipeline.id, [])
            delivery = self._deliveries[pipeline.id]
            while events:
                part = events[:SLICE]
                del events[:SLICE]
                pipeline.process(part, delivery, delivery.reject)

    def _receive(self, event: Event, address: str, listener: Listener) -> None:
        if event.source_id is not None:
            event.source_id = f"{event.source_id}/{address}"  # the copy is an event of its own
        counter = listener.input.counter
        if counter is not None:
            counter.events_in += 1
        try:
            listener.input.finish(event, "")
        except EventError as error:
            self._deliveries[listener.pipeline.id].reject(event, PluginError(listener.input.name, error))
            return
        self._waiting[listener.pipeline.id].append(event)
        if counter is not None:
            counter.events_out += 1


class PipelineDelivery:
    """The delivery of one pipeline: what its outputs make goes into the batch it shares with others."""

    def __init__(self, pipeline: Pipeline, flow: Flow) -> None:
        self._pipeline = pipeline.id
        self._counters = pipeline.counters
        self._store_id = _only_id(pipeline.counters, "elasticsearch")
        self._flow = flow
        self._batch = flow.batch

    def store(self, event: Event, document: Document) -> None:
        """See :class:`~atalaia.pipeline.outputs.base.Delivery`."""
        self._batch.store(self._pipeline, event, document, self._store_id)

    def append(self, event: Event, path: Path, text: str, how: FileWriting = APPENDED) -> None:
        """See :class:`~atalaia.pipeline.outputs.base.Delivery`."""
        self._batch.append(event, path, text, how)

    def print(self, event: Event, text: str) -> None:
        """See :class:`~atalaia.pipeline.outputs.base.Delivery`."""
        del event
        self._batch.print(text)

    def post(self, event: Event, request: HttpRequest) -> None:
        """See :class:`~atalaia.pipeline.outputs.base.Delivery`."""
        self._batch.post(self._pipeline, event, request)

    def forward(self, event: Event, address: str) -> None:
        """See :class:`~atalaia.pipeline.outputs.base.Delivery`."""
        self._flow.forward(event, address)

    def reject(self, event: Event, error: PluginError) -> None:
        """Make a dead letter of an event: in Logstash it would stop the whole pipeline."""
        self._batch.reject(rejected_event(self._pipeline, self._counters, event, error))


def rejected_event(pipeline: str, counters: Counters, event: Event, error: PluginError) -> Letter:
    """Return the dead letter of an event on which a plugin failed."""
    return Letter(
        pipeline,
        error.plugin,
        str(error),
        event.data,
        plugin_id=_only_id(counters, error.plugin),
        original=event.original,
        origin=event.origin,
        source_id=event.source_id,
    )


def _only_id(counters: Counters, plugin: str) -> str | None:
    """Return the id of the one plugin of that name; ``None`` when there are several."""
    found = [each.id for each in counters.plugins if each.name == plugin]
    return found[0] if len(found) == 1 else None


def _read_letter(pipeline: str, letter: DeadLetter) -> Letter:
    origin = letter.origin
    return Letter(
        pipeline,
        letter.plugin,
        letter.reason,
        letter.event,
        plugin_id=None if origin is None else origin.id,
        original=letter.original,
        origin=origin,
        source_id=letter.source_id,
    )
