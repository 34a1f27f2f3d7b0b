"""A program that stands in for Logstash: it takes the same arguments and runs the configuration on our own executor.

It shows that the command line, the generated configuration, the reading of what comes back, time-outs and errors work;
it cannot show that Logstash itself behaves as we think. What it does beside that is told by ``STANDIN`` in its
environment: ``refuse``, ``crash``, ``quiet-crash``, ``hang`` or ``forget``.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from analyzers.store.document import Document
from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.event import Event
from atalaia.pipeline.file_writing import APPENDED, FileWriting
from atalaia.pipeline.http_client.request import HttpRequest
from atalaia.pipeline.pipeline import compile_pipeline
from atalaia.pipeline.timestamp import Timestamp
from logging_lib.clock import system_clock


class Files:
    """A delivery that appends to files, as the ``file`` output does."""

    def store(self, event: Event, document: Document) -> None:
        """Refuse: no output of a generated configuration stores."""
        raise AssertionError(f"{event} was stored as {document}")

    def append(self, event: Event, path: Path, text: str, how: FileWriting = APPENDED) -> None:
        """Append to a file."""
        del event, how
        with path.open("a", encoding="utf-8") as file:
            file.write(text)

    def post(self, event: Event, request: HttpRequest) -> None:
        """Refuse: no output of a generated configuration sends."""
        raise AssertionError(f"{event} was sent as {request}")

    def forward(self, event: Event, address: str) -> None:
        """Refuse: no output of a generated configuration sends to another pipeline."""
        raise AssertionError(f"{event} was sent to {address}")

    def print(self, event: Event, text: str) -> None:
        """Refuse: no output of a generated configuration prints."""
        raise AssertionError(f"{event} was printed: {text}")


def arguments() -> argparse.Namespace:
    """Return the arguments; one that Logstash does not have ends the program, as there."""
    parser = argparse.ArgumentParser(prog="logstash", allow_abbrev=False)
    parser.add_argument("-f", "--path.config", dest="config", type=Path, required=True)
    parser.add_argument("--path.settings", dest="settings", type=Path, required=True)
    parser.add_argument("--path.data", dest="data", type=Path, required=True)
    parser.add_argument("-l", "--path.logs", dest="logs", type=Path)
    parser.add_argument("-w", "--pipeline.workers", dest="workers", type=int)
    parser.add_argument("--pipeline.ordered", dest="ordered", choices=("auto", "true", "false"))
    parser.add_argument("--pipeline.ecs_compatibility", dest="ecs", choices=("disabled", "v8"))
    parser.add_argument("--api.enabled", dest="api", choices=("true", "false"))
    parser.add_argument("--log.level", dest="level", choices=("fatal", "error", "warn", "info", "debug", "trace"))
    return parser.parse_args()


def run(given: argparse.Namespace) -> None:
    """Run the configuration on the events of standard input."""
    text = given.config.read_text(encoding="utf-8")
    context = PipelineContext("main", EcsCompatibility(given.ecs), system_clock, Path.cwd(), "standin")
    pipeline = compile_pipeline(parse_configuration(text, str(given.config)), context, os.environ)
    (source,) = pipeline.inputs
    files, decoder = Files(), source.codec.decoder()
    for line in sys.stdin.buffer:
        for event in decoder.decode(line.removesuffix(b"\n"), Timestamp.from_datetime(system_clock())):
            source.finish(event, "")
            if os.environ.get("STANDIN") == "forget":
                event.metadata.clear()
            pipeline.output(pipeline.filter([event]), files)


def main() -> int:
    """Run, or fail as we are told; messages are worded as Logstash's own."""
    given = arguments()
    assert (given.settings / "logstash.yml").is_file()
    assert (given.workers, given.ordered, given.api) == (1, "true", "false")
    asked = os.environ.get("STANDIN")
    sys.stdout.write("Using bundled JDK: /usr/share/logstash/jdk\n")
    if asked == "hang":
        time.sleep(300)
    if asked == "crash":
        sys.stdout.write("[2026-03-14T09:26:53,000][INFO ][logstash.runner] Starting\nno more memory\n")
        return 137
    if asked == "quiet-crash":
        sys.stdout.write(
            "[ERROR][logstash.javapipeline    ][main] Pipeline worker error, the pipeline will be stopped\n"
        )
        return 0
    try:
        run(given)
    except ConfigurationError as error:
        action = ":action=>LogStash::PipelineAction::Create/pipeline_id:main"
        message = f'Failed to execute action {{{action}, :message=>"{error.problem} at line {error.position.line}"}}'
        sys.stdout.write(f"[2026-03-14T09:26:53,000][ERROR][logstash.agent           ] {message}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
