"""``request.conf`` over a million records: speed beside a function a person wrote, memory, and the time to start.

Both read the same file line by line and make the same documents, as bytes of JSON with stream and id; a test holds that
they agree. They take turns, a chunk of lines each, so that what else the machine does hits both.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final, TypeAlias

from analyzers.store.document import Document
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.event import Event
from atalaia.pipeline.file_writing import APPENDED, FileWriting
from atalaia.pipeline.http_client.request import HttpRequest
from atalaia.pipeline.inputs.files.whole import WholeFile
from atalaia.pipeline.pipeline import Pipeline, load_pipeline
from atalaia.pipeline.runtime.collection import eased_collection
from atalaia.pipeline.runtime.flow import SLICE
from atalaia.pipeline.runtime.shipped import find_pipeline
from benchmarks.records import request_lines
from benchmarks.request_by_hand import Converter, Stored
from logging_lib.clock import system_clock

Slice: TypeAlias = tuple[list[bytes], list[int]]
"""Lines without their ends, and where each begins."""

RECORDS: Final = int(os.environ.get("BENCH_RECORDS", "1000000"))
CHUNK: Final = 20_000
STARTS: Final = 5
_FEW: Final = 10
_MIB: Final = 1 << 20


class Counting:
    """A delivery that counts documents, as a sink that takes no time would."""

    def __init__(self) -> None:
        self.documents = 0

    def store(self, event: Event, document: Document) -> None:
        """Take a document."""
        del event, document
        self.documents += 1

    def append(self, event: Event, path: Path, text: str, how: FileWriting = APPENDED) -> None:
        """Refuse: every record can be understood."""
        raise ValueError(f"{path}: {text} {event} {how}")

    def post(self, event: Event, request: HttpRequest) -> None:
        """Refuse: nothing is sent."""
        raise ValueError(f"{event}: {request}")

    def print(self, event: Event, text: str) -> None:
        """Refuse: nothing is printed."""
        raise ValueError(f"{event}: {text}")

    def forward(self, event: Event, address: str) -> None:
        """Refuse: there is no other pipeline."""
        raise ValueError(f"{event} for {address}")


def main() -> None:
    """Print the three figures."""
    with tempfile.TemporaryDirectory() as name:
        log = Path(name) / "requests.ndjson"
        with log.open("wb") as file:
            file.writelines(request_lines(RECORDS))
        with eased_collection():  # as the command line runs pipelines
            _speed(log)
        _memory(log, Path(name))
        _start(log, Path(name))


def _speed(log: Path) -> None:
    pipeline = _load()
    counting, converter = Counting(), Converter(str(log), "localhost")
    by_pipeline = by_hand = 0.0
    made = 0
    with closing(WholeFile(log)) as ours, log.open("rb") as theirs:
        slices = _slices(ours)
        while True:
            begun = time.process_time()
            read = _run_pipeline(pipeline, log, slices, counting)
            between = time.process_time()
            for line in islice(theirs, read):
                document = converter(line[:-1].decode("utf-8"), datetime.now(UTC))
                if not isinstance(document, Stored):
                    raise TypeError(document)
                made += 1
            by_hand += time.process_time() - between
            by_pipeline += between - begun
            if read < CHUNK:
                break
    if (made, counting.documents) != (RECORDS, RECORDS):
        raise ValueError(f"{made} and {counting.documents} documents of {RECORDS} records")
    print(f"records:      {RECORDS:12,}, {log.stat().st_size / RECORDS:,.0f} bytes each")
    print(f"by hand:      {RECORDS / by_hand:12,.0f} records a CPU second")
    print(f"request.conf: {RECORDS / by_pipeline:12,.0f} records a CPU second")
    print(f"ratio:        {by_hand / by_pipeline:12.3f} of the speed of the function a person wrote (at least 0.7)")


def _load() -> Pipeline:
    context = PipelineContext("request", EcsCompatibility.V8, system_clock, Path.cwd())
    return load_pipeline(find_pipeline("request"), context, {})


def _run_pipeline(pipeline: Pipeline, log: Path, slices: Iterator[Slice], counting: Counting) -> int:
    """Run a chunk of lines through; return how many there were."""
    (source,) = pipeline.inputs
    stream = source.feed.stream(str(log), "benchmark")
    read = 0
    for lines, offsets in slices:
        events, _ = stream.read_many(lines, offsets)
        pipeline.process(events, counting)
        read += len(lines)
        if read >= CHUNK:
            break
    return read


def _slices(file: WholeFile) -> Iterator[Slice]:
    """Read a file as the ``file`` input does, and give so many lines at a time as the runtime does."""
    _, pieces = file.pieces(lambda _source: 0)
    for piece in pieces:
        for first in range(0, len(piece.lines), SLICE):
            yield piece.lines[first : first + SLICE], piece.offsets[first : first + SLICE]


def _memory(log: Path, folder: Path) -> None:
    """Put all records, then ever fewer, into an embedded store, each in a process of its own."""
    for records in (RECORDS // _FEW, RECORDS):
        part = folder / f"{records}.ndjson"
        with log.open("rb") as source, part.open("wb") as target:
            target.writelines(islice(source, records))
        store = str(folder / f"store-{records}")
        _atalaia("ingest", str(part), "--pipeline", "request", "--store", store, "--format", "json")
        peak = _peak_of_child()
        print(f"memory:       {peak:12,.0f} MiB resident at most, ingesting {records:,} records (at most 300)")


def _atalaia(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "atalaia", *words], check=True, stdout=subprocess.DEVNULL)


def _peak_of_child() -> float:
    """Return the largest resident size of any child so far, in MiB; sizes grow from call to call."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / _MIB


def _start(log: Path, folder: Path) -> None:
    """Time from the start of the process to its first event, through ``request.conf``'s filters."""
    text = find_pipeline("request").read_text(encoding="utf-8")
    filters = text[text.index("\nfilter {") : text.index("\noutput {")]
    conf = folder / "filter.conf"
    ends = (
        "input { stdin { codec => plain { ecs_compatibility => disabled } } }",
        "output { stdout { codec => json_lines } }",
    )
    conf.write_text(f"{ends[0]}{filters}{ends[1]}\n", encoding="utf-8")
    with log.open("rb") as file:
        line = file.readline()
    seconds = sorted(_first_event(conf, line) for _ in range(STARTS))
    print(f"start:        {seconds[STARTS // 2]:12.3f} s to the first event, median of {STARTS} (under 0.5)")


def _first_event(conf: Path, line: bytes) -> float:
    begun = time.perf_counter()
    command = [sys.executable, "-m", "atalaia", "pipeline", "run", str(conf), "--ecs-compatibility", "v8"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        if process.stdin is None or process.stdout is None:
            raise TypeError("both ends are pipes")
        process.stdin.write(line)
        process.stdin.flush()
        if b"@timestamp" not in process.stdout.readline():
            raise ValueError("the first line is no event")
        taken = time.perf_counter() - begun
        process.stdin.close()
    return taken


if __name__ == "__main__":
    main()
