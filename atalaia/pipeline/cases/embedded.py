"""Run cases on the embedded executor."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from atalaia.pipeline.cases.case import Case, CaseFile
from atalaia.pipeline.cases.configuration import Source, plugins, read_source, runnable
from atalaia.pipeline.cases.errors import CaseError, Place
from atalaia.pipeline.cases.outcome import Letter, Outcome
from atalaia.pipeline.cases.recording import LETTERS, CameOut, Outputs, gather, rejection
from atalaia.pipeline.cases.values import event_object
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.errors import Position
from atalaia.pipeline.event import Event
from atalaia.pipeline.inputs.base import LoadedInput
from atalaia.pipeline.json_text import plain_json
from atalaia.pipeline.pipeline import Pipeline, compile_pipeline
from atalaia.pipeline.read_lines import Line
from atalaia.pipeline.timestamp import Timestamp

LETTERS_VARIABLE: Final = "ATALAIA_DEAD_LETTER"
_Key: TypeAlias = tuple[tuple[Path, ...], tuple[tuple[str, str], ...], str, datetime]


@dataclass(frozen=True, slots=True)
class CaseRun:
    """A case that was run.

    Attributes:
        case: The case.
        outcome: What became of its input.
        seconds: How long that took.
    """

    case: Case
    outcome: Outcome
    seconds: float


class Engine(Protocol):
    """Something that runs cases."""

    def run(self, file: CaseFile, cases: Sequence[Case]) -> Iterator[CaseRun]:
        """Run some of the cases of a file, in order.

        Raises:
            PipelineError: When the pipeline is refused or cannot be run, or a case does not fit it.
        """
        ...


@dataclass(frozen=True, slots=True)
class LoadedSource:
    """A pipeline compiled for cases.

    Attributes:
        source: What it was compiled from.
        pipeline: The compiled pipeline.
        outputs: Its outputs.
        names: Where a plugin stands to its name as written; a counter may be that of a stand-in.
        used: Where the inputs stand that cases came in by.
    """

    source: Source
    pipeline: Pipeline
    outputs: Outputs
    names: Mapping[Position, str]
    used: set[Position]


class EmbeddedEngine:
    """Runs cases on the embedded executor; a pipeline is compiled once for each setting it is tested in.

    Attributes:
        loaded: Every pipeline so far, in the order of its first use.
    """

    def __init__(self) -> None:
        self._by_key: dict[_Key, LoadedSource] = {}

    @property
    def loaded(self) -> Sequence[LoadedSource]:
        """Every pipeline so far, in the order of its first use."""
        return tuple(self._by_key.values())

    def run(self, file: CaseFile, cases: Sequence[Case]) -> Iterator[CaseRun]:
        """See :class:`Engine`."""
        loaded = self.load(file)
        for case in cases:
            started = time.perf_counter()
            outcome = run_case(loaded, file, case)
            yield CaseRun(case, outcome, time.perf_counter() - started)

    def load(self, file: CaseFile) -> LoadedSource:
        """Return the pipeline of a file of cases.

        Raises:
            PipelineError: When it cannot be read.
            ConfigurationError: When it is refused.
        """
        key = (file.pipeline, tuple(sorted(file.variables.items())), file.ecs_compatibility.value, file.now)
        if key not in self._by_key:
            self._by_key[key] = load_source(file)
        return self._by_key[key]


def known_variables(file: CaseFile) -> dict[str, str]:
    """Return the variables a pipeline is tested with."""
    return {LETTERS_VARIABLE: str(LETTERS), **file.variables}


def letters_directory(file: CaseFile) -> Path:
    """Return the directory whose files are dead letters."""
    return Path(known_variables(file)[LETTERS_VARIABLE])


def context_of(file: CaseFile) -> PipelineContext:
    """Return what the plugins of a pipeline may know in a test."""
    directory = file.pipeline[0].parent.absolute()
    return PipelineContext(file.pipeline[0].stem, file.ecs_compatibility, lambda: file.now, directory)


def load_source(file: CaseFile) -> LoadedSource:
    """Read and compile the pipeline of a file of cases; see :meth:`EmbeddedEngine.load`."""
    source, variables = read_source(file.pipeline), known_variables(file)
    pipeline = compile_pipeline(runnable(source.tree), context_of(file), variables)
    names = {each.position: each.name for section in source.tree.sections for each in plugins(section.body)}
    outputs = Outputs(pipeline, names)
    return LoadedSource(source, pipeline, outputs, names, set())


def run_case(loaded: LoadedSource, file: CaseFile, case: Case) -> Outcome:
    """Run one case.

    Raises:
        CaseError: When its input does not fit the pipeline.
    """
    events, letters = decoded(loaded, file, case)
    results: list[Event] = []
    for each in events:  # one after the other, as an ordered Logstash runs them: a branch would change their order
        results += loaded.pipeline.filter([each], lambda event, error: letters.append(rejection(event, error)))
    outcome = gather(_delivered(loaded.outputs, results), letters, letters_directory(file))
    return replace(outcome, routed=loaded.outputs.any)


def _delivered(outputs: Outputs, events: Sequence[Event]) -> Iterator[CameOut]:
    for event in events:
        failures: list[Letter] = []
        yield event, outputs.reach(event, failures), failures


def decoded(loaded: LoadedSource, file: CaseFile, case: Case) -> tuple[list[Event], list[Letter]]:
    """Return the events that come to the filters, and what could not become one.

    Raises:
        CaseError: When its input does not fit the pipeline.
    """
    if case.input.events is not None:
        now = Timestamp.from_datetime(file.now)
        return [Event.create(event_object(each), now) for each in case.input.events], []
    source = _input(loaded, file, case)
    if source.counter is not None:
        loaded.used.add(source.counter.position)
    stream = source.feed.stream(case.input.path, "case")
    events: list[Event] = []
    letters: list[Letter] = []
    offset = 0
    for text in case.input.lines:
        content = text.encode("utf-8", "surrogatepass")
        found, failed = stream.read(Line(offset, offset + len(content) + 1, content))
        events += found
        letters += [Letter(each.plugin, each.reason, plain_json(each.event)) for each in failed]
        offset += len(content) + 1
    return events, letters


def _input(loaded: LoadedSource, file: CaseFile, case: Case) -> LoadedInput:
    """Return the input that reads a case's lines."""
    inputs = loaded.pipeline.inputs
    via = case.input.via
    if not inputs:
        names = ", ".join(plugin.name for plugin in plugins(loaded.source.tree.statements("input")))
        remedy = "write after_codec: true"
        raise _misfit(file, case, f"this executor has none of the pipeline's inputs ({names}); {remedy}")
    fitting = inputs if via is None else [each for each in inputs if via in (each.name, _identity(each))]
    if len(fitting) == 1:
        return fitting[0]
    known = ", ".join(_identity(each) for each in inputs)
    if via is None:
        raise _misfit(file, case, f"the pipeline has {len(inputs)} inputs; say which one reads with via: {known}")
    problem = f"no input {via!r}" if not fitting else f"{len(fitting)} inputs {via!r}"
    raise _misfit(file, case, f"the pipeline has {problem}; the inputs are {known}")


def _identity(loaded: LoadedInput) -> str:
    return loaded.name if loaded.counter is None else loaded.counter.id


def _misfit(file: CaseFile, case: Case, problem: str) -> CaseError:
    return CaseError([(Place(str(file.path), case.line, 1), f"the case {case.name!r}: {problem}")])
