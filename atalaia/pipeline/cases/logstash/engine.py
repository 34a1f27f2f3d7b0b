"""Run cases on a real Logstash.

The embedded executor reads the lines with the input's codec; Logstash gets the events, runs the filters and decides
which outputs they reach. What an output makes of an event (stream, id, text) is told by the embedded executor again.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from atalaia.pipeline.cases.case import Case, CaseFile
from atalaia.pipeline.cases.configuration import Source, plugins, read_source, runnable
from atalaia.pipeline.cases.embedded import (
    CaseRun,
    LoadedSource,
    context_of,
    decoded,
    known_variables,
    letters_directory,
)
from atalaia.pipeline.cases.logstash.command import CONFIGURATION, DATA, LOGS, SETTINGS, Launch, Program, launch
from atalaia.pipeline.cases.logstash.configuration import EVENTS, MARK, METADATA_COPY, generate, ids_file
from atalaia.pipeline.cases.outcome import Letter
from atalaia.pipeline.cases.recording import CameOut, Outputs, gather
from atalaia.pipeline.config.tree import Configuration, Plugin, Section
from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.event import METADATA, Event
from atalaia.pipeline.json_text import encode_json, read_json
from atalaia.pipeline.pipeline import compile_pipeline
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value

_PLACEHOLDER: Final = re.compile(r"\$\{([a-zA-Z_.][a-zA-Z0-9_.]*)")
_EVERYBODY: Final = 0o777
"""The container's user is not ours; what it leaves behind may not be ours to remove either."""


@dataclass(frozen=True, slots=True)
class LogstashEngine:
    """Runs cases on Logstash.

    Attributes:
        program: How it is started.
        timeout: How many seconds one run may take.
    """

    program: Program
    timeout: float

    def run(self, file: CaseFile, cases: Sequence[Case]) -> Iterator[CaseRun]:
        """See :class:`~atalaia.pipeline.cases.embedded.Engine`; all cases are run at once."""
        started = time.perf_counter()
        source = read_source(file.pipeline)
        inputs = _inputs(source, file)
        came_in = [decoded(inputs, file, case) for case in cases]
        with tempfile.TemporaryDirectory(prefix="atalaia-logstash-", ignore_cleanup_errors=True) as name:
            directory = Path(name)
            directory.chmod(_EVERYBODY)
            self._launch(source, file, directory, [events for events, _ in came_in])
            reader = _Reader(source, file, directory)
            came_out = reader.read()
        seconds = (time.perf_counter() - started) / len(cases)
        for number, (case, (_, letters)) in enumerate(zip(cases, came_in, strict=True)):
            outcome = gather(came_out.get(number, []), letters, letters_directory(file))
            yield CaseRun(case, replace(outcome, routed=reader.routed), seconds)

    def _launch(self, source: Source, file: CaseFile, directory: Path, events: Sequence[Sequence[Event]]) -> None:
        for name in (SETTINGS, DATA, LOGS):
            (directory / name).mkdir()
            (directory / name).chmod(_EVERYBODY)
        # Since 9.0 Logstash refuses to run as root, as a container or a build machine may well do.
        superuser = "allow_superuser: true\n" if os.geteuid() == 0 else ""
        (directory / SETTINGS / "logstash.yml").write_text(superuser, encoding="utf-8")
        (directory / CONFIGURATION).write_text(generate(source, directory), encoding="utf-8")
        variables = known_variables(file)
        named = {match[1] for text in source.texts.values() for match in _PLACEHOLDER.finditer(text)}
        run = Launch(
            directory,
            file.pipeline[0].parent.absolute(),
            file.ecs_compatibility.value,
            variables,
            frozenset(named - variables.keys()),
            b"".join(_line(event, number) for number, each in enumerate(events) for event in each),
        )
        launch(self.program, run, self.timeout)


def _inputs(source: Source, file: CaseFile) -> LoadedSource:
    """Return the inputs of a pipeline alone: filters are Logstash's, and need not be known here."""
    tree = runnable(source.tree)
    tree = replace(tree, sections=tuple(each for each in tree.sections if each.kind == "input"))
    pipeline = compile_pipeline(tree, context_of(file), known_variables(file))
    return LoadedSource(source, pipeline, Outputs(pipeline, {}), {}, set())


def _line(event: Event, case: int) -> bytes:
    """Return an event as a line for Logstash's standard input, with the number of its case."""
    mark: dict[str, Value] = {"case": case, "host": "host" in event.data, "source": event.source_id}
    return encode_json({**event.data, METADATA: {**event.metadata, MARK: mark}}) + b"\n"


class _Reader:
    """Reads what Logstash wrote."""

    def __init__(self, source: Source, file: CaseFile, directory: Path) -> None:
        self._file = file
        self._directory = directory
        self._outputs = [self._single(source, plugin) for plugin in plugins(source.tree.statements("output"))]
        self.routed = bool(self._outputs)

    def read(self) -> dict[int, list[CameOut]]:
        """Return the events that came out, by the number of their case, in order."""
        reached = [self._ids(number) for number in range(len(self._outputs))]
        found: defaultdict[int, list[CameOut]] = defaultdict(list)
        for line in self._lines(EVENTS):
            event, mark = self._event(line)
            case, identity = mark.get("case"), mark.get("event")
            if not isinstance(case, int):
                raise PipelineError(
                    f"an event that came out of Logstash has lost the case it belongs to: {line}",
                    f"the filters must keep [@metadata][{MARK}]",
                )
            letters: list[Letter] = []
            outputs = [output for output, ids in zip(self._outputs, reached, strict=True) if identity in ids]
            found[case].append((event, [each for output in outputs for each in output.reach(event, letters)], letters))
        return found

    def _single(self, source: Source, plugin: Plugin) -> Outputs:
        """Return one output as if it stood alone, and outside of branches."""
        section = Section(plugin.position, "output", (plugin,))
        tree = runnable(Configuration(source.tree.file, (section,)))
        pipeline = compile_pipeline(tree, context_of(self._file), known_variables(self._file))
        return Outputs(pipeline, {plugin.position: plugin.name})

    def _event(self, line: str) -> tuple[Event, dict[str, Value]]:
        fields = read_json(line)
        if not isinstance(fields, dict):
            raise PipelineError(f"Logstash wrote something that is no event: {line}")
        copied = fields.pop(METADATA_COPY, None)
        metadata = copied if isinstance(copied, dict) else {}
        mark = metadata.pop(MARK, None)
        event = Event.create({**fields, METADATA: metadata}, Timestamp.from_datetime(self._file.now))
        known = mark if isinstance(mark, dict) else {}
        source = known.get("source")
        event.source_id = source if isinstance(source, str) else None
        return event, known

    def _ids(self, number: int) -> set[str]:
        return set(self._lines(ids_file(self._directory, number).name))

    def _lines(self, name: str) -> list[str]:
        """Return the lines of a file; Logstash makes none when there is nothing to write."""
        path = self._directory / name
        return [line for line in path.read_text(encoding="utf-8").split("\n") if line] if path.exists() else []
