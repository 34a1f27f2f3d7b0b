"""Send dead letters again: through the pipeline that read them, or to the store that did not take them.

A letter leaves its file only after what came of it is durable, so a crash sends some of them twice. Each event has the
id it had, or one that its letter keeps: it is stored once. A file or stdout output gets it twice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.event import Event
from atalaia.pipeline.inputs.base import LoadedInput
from atalaia.pipeline.inputs.running import Arrival, DeadLetter
from atalaia.pipeline.letters.reading import KeptLetter
from atalaia.pipeline.letters.replay_batch import ReplayBatch
from atalaia.pipeline.letters.rewriting import AS_IT_IS, rewrite
from atalaia.pipeline.pipeline import Pipeline
from atalaia.pipeline.read_lines import Line
from atalaia.pipeline.runtime.flow import Flow, Incoming
from atalaia.pipeline.runtime.topology import Group
from atalaia.pipeline.timestamp import Timestamp
from logging_lib.clock import Clock

_BATCH: Final = 500
NOTHING_KEPT: Final = "nothing that could be sent again was kept"


@dataclass(slots=True)
class ReplaySummary:
    """What became of the letters that were meant; ``letters == sent + sum(stay.values())``.

    Attributes:
        letters: Letters that were meant.
        sent: Letters that are done, and out of the queue unless nothing was to be written.
        stay: Letters that failed again or could not be sent, by reason.
    """

    letters: int = 0
    sent: int = 0
    stay: Counter[str] = field(default_factory=Counter)


class Replay:
    """Sends letters again.

    Args:
        groups: The pipelines that can be run, connected.
        batch: Takes what comes of the letters.
        clock: The present instant.
        through_pipeline: Whether rejected documents are made anew from their text where that was kept.
        dry: Whether nothing is written at all.
    """

    def __init__(
        self, groups: Iterable[Group], batch: ReplayBatch, clock: Clock, *, through_pipeline: bool, dry: bool
    ) -> None:
        self._batch = batch
        self._clock = clock
        self._through_pipeline = through_pipeline
        self._dry = dry
        self._unsent: dict[tuple[Path, int], str] = {}
        self._flows: dict[str, tuple[Pipeline, Flow]] = {}
        for group in groups:
            flow = Flow(group, batch)
            self._flows |= {pipeline.id: (pipeline, flow) for pipeline in group.pipelines}

    def run(self, letters: Iterable[KeptLetter], progress: Callable[[ReplaySummary], None]) -> ReplaySummary:
        """Send letters and take those that are done out of their files.

        Raises:
            AtalaiaError: When what came of a batch cannot be committed; the letters of the batches before are done.
        """
        summary = ReplaySummary()
        outcomes: defaultdict[Path, dict[int, str | None]] = defaultdict(dict)
        rest = iter(letters)
        try:
            while batch := list(islice(rest, _BATCH)):
                for letter in batch:
                    self._send(letter)
                self._batch.commit()
                self._note(batch, outcomes, summary)
                progress(summary)
        finally:
            if not self._dry:
                self._rewrite(outcomes)
        return summary

    def _send(self, letter: KeptLetter) -> None:
        self._batch.begin(letter)
        if letter.document is not None and not (self._through_pipeline and letter.original is not None):
            self._batch.store(letter.pipeline, Event({}), letter.document)
            return
        try:
            pipeline, flow = self._flow_of(letter)
            events, problems = decode_again(letter, pipeline)
        except PipelineError as error:
            self._unsent[letter.file, letter.offset] = str(error)
            return
        for problem in problems:
            self._batch.fail(letter, problem.reason)
        flow.feed([Incoming(pipeline.id, Arrival(events, 0))])

    def _flow_of(self, letter: KeptLetter) -> tuple[Pipeline, Flow]:
        found = self._flows.get(letter.read_by)
        if found is None:
            raise PipelineError(f"the pipeline {letter.read_by!r} is not given", "name its file with --pipeline-file")
        return found

    def _note(
        self, batch: list[KeptLetter], outcomes: Mapping[Path, dict[int, str | None]], summary: ReplaySummary
    ) -> None:
        for letter in batch:
            place = (letter.file, letter.offset)
            unsent = self._unsent.pop(place, None)
            failure = self._batch.failures.pop(place, None)
            outcomes[letter.file][letter.offset] = failure if unsent is None else AS_IT_IS
            reason = failure if unsent is None else unsent
            summary.letters += 1
            if reason is None:
                summary.sent += 1
            else:
                summary.stay[" ".join(reason.split())[:200]] += 1

    def _rewrite(self, outcomes: Mapping[Path, Mapping[int, str | None]]) -> None:
        now = Timestamp.from_datetime(self._clock())
        for file, each in outcomes.items():
            rewrite(file, each, now)


def decode_again(letter: KeptLetter, pipeline: Pipeline) -> tuple[list[Event], list[DeadLetter]]:
    """Return the events of a letter's text, with the id they had; of a line with several events the one it is about.

    Raises:
        PipelineError: When its text was not kept, or the pipeline has no input that can decode it.
    """
    if letter.original is None:
        raise PipelineError(NOTHING_KEPT)
    path = "" if letter.origin is None else letter.origin.path
    content = letter.original.encode("utf-8", "surrogatepass")
    events, problems = _input_of(letter, pipeline).feed.stream(path).read(Line(0, len(content), content))
    if letter.origin is not None and letter.origin.pipeline:
        number = letter.origin.number
        events = [each for each in events if each.origin is not None and each.origin.number == number]
    for number, event in enumerate(events):
        event.source_id = _root(letter.source_id) if number == 0 else f"{letter.source_id}:{number}"
    return events, problems


def _root(source_id: str) -> str:
    """Return the id an event had before other pipelines were sent copies of it."""
    return source_id.partition("/")[0]


def _input_of(letter: KeptLetter, pipeline: Pipeline) -> LoadedInput:
    origin = letter.origin
    known = list(pipeline.inputs)
    for matching in (
        [each for each in known if origin is not None and each.counter is not None and each.counter.id == origin.id],
        [each for each in known if origin is not None and each.name == origin.plugin],
        known,
    ):
        if len(matching) == 1:
            return matching[0]
    raise PipelineError(f"the pipeline {pipeline.id!r} has {len(known)} inputs, and the letter names none of them")
