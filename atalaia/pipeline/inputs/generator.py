"""Events out of nothing, for trying pipelines and their speed. Source: logstash-input-generator 3.1."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import count, islice
from threading import Thread
from typing import Final

from pydantic import Field

from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.inputs.arriving import size_of
from atalaia.pipeline.inputs.base import InputOptions, InputPlugin
from atalaia.pipeline.inputs.describe import Describe, set_if_absent
from atalaia.pipeline.inputs.feed import Feed, Stream
from atalaia.pipeline.inputs.running import Arrival, DeadLetter, Reading, Run, StoppedError
from atalaia.pipeline.options import OptionError
from atalaia.pipeline.read_lines import Line
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.settings import Integer, Number, SettingValue, Text, Texts

_ARRIVAL: Final = 500
_FROM_STDIN: Final = "stdin"


class GeneratorOptions(InputOptions):
    """Options of ``generator``.

    Attributes:
        message: The text of every event; ``stdin`` takes it from the first line of standard input.
        lines: Several texts instead, one event each, again and again.
        count: How often; 0 is for ever.
        threads: How many do so side by side, each with its own sequence.
    """

    message: Text = "Hello world!"
    lines: Texts = Field(default=())
    count: Number = 0
    threads: Integer = 1


def _build(options: GeneratorOptions, context: PipelineContext, ecs: EcsCompatibility) -> Describe:
    if options.threads < 1:
        raise OptionError("threads", f"{options.threads} is less than 1")
    field = FieldReference.parse("[host][name]" if ecs is EcsCompatibility.V8 else "host")
    host = context.host

    def describe(event: Event, _path: str) -> None:
        set_if_absent(field, event, host)

    return describe


def _run(options: GeneratorOptions, feed: Feed, context: PipelineContext) -> Run:
    ecs = options.ecs_compatibility or context.ecs_compatibility
    sequence = FieldReference.parse("[event][sequence]" if ecs is EcsCompatibility.V8 else "sequence")

    def run(reading: Reading) -> None:
        lines = options.lines or (_first_line() if options.message == _FROM_STDIN else options.message,)
        generate = _Generator(lines, options.count, sequence, feed, reading)
        threads = [Thread(target=generate.run, daemon=True) for _ in range(options.threads - 1)]
        for thread in threads:
            thread.start()
        generate.run()
        for thread in threads:
            thread.join()

    return run


class _Generator:
    """Makes the events of one thread, or of several at once: it keeps nothing between them."""

    def __init__(
        self, lines: tuple[str, ...], times: float, sequence: FieldReference, feed: Feed, reading: Reading
    ) -> None:
        self._lines = [Line(0, 0, text.encode("utf-8", "surrogatepass")) for text in lines]
        self._times = times
        self._sequence = sequence
        self._feed = feed
        self._reading = reading

    def run(self) -> None:
        """Emit until the count is reached or it is time to stop."""
        stream, numbered = self._feed.stream(), self._numbered()
        try:
            while not self._reading.stop.is_set() and (part := list(islice(numbered, _ARRIVAL))):
                self._reading.emit(self._arrival(part, stream))
        except StoppedError:
            return

    def _numbered(self) -> Iterator[tuple[int, Line]]:
        for number in count():
            if 0 < self._times <= number:
                return
            for line in self._lines:
                yield number, line

    def _arrival(self, part: list[tuple[int, Line]], stream: Stream) -> Arrival:
        events: list[Event] = []
        letters: list[DeadLetter] = []
        for number, line in part:
            decoded, failed = stream.read(line)
            letters += failed
            for event in decoded:
                try:
                    self._sequence.set(event, number)
                except EventError as error:
                    letters.append(DeadLetter("generator", str(error), event.data, event.original, None, event.origin))
                else:
                    events.append(event)
        return Arrival(events, size_of([line for _, line in part], len(part)), tuple(letters))


def _first_line() -> str:
    return sys.stdin.readline()


def _codec(value: SettingValue) -> SettingValue:
    return value


PLUGIN = InputPlugin("generator", GeneratorOptions, _build, _codec, _run)
