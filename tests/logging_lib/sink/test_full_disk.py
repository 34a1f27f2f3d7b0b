"""A real disk of one mebibyte, filled and freed under several processes: no line is lost but those it says are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

from logging_lib.record import Identity
from logging_lib.sink.dated_file import DatedFile, FileOptions
from logging_lib.sink.losses import LOST_EVENT
from logging_lib.values import Record

WRITERS = 4

# Runs in a mount namespace of its own, whose small disk nobody else sees and which ends with it. Each writer prints
# what it attempted and what it has not told in the log by its end; the log goes to the test's directory.
ON_A_SMALL_DISK = """
import contextlib, os, shutil, subprocess, sys, time
from pathlib import Path
from logging_lib.record import Identity
from logging_lib.sink.dated_file import DatedFile, FileOptions
from logging_lib.values import encode_line

disk, results, trouble, writers = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m" if trouble == "full" else "size=8m", "none", disk], check=True)
logs = disk / "logs"
ballast = disk / "ballast"

def write(writer):
    file = DatedFile(logs, Identity("ti-osn", "test"), options=FileOptions(complain=lambda message: None))
    attempted = 0
    def line():
        nonlocal attempted
        file.write(encode_line({"writer": writer, "number": attempted, "padding": "x" * (attempted * 37 % 200)}))
        attempted += 1
    while not (results / "stop").exists():
        line()
        time.sleep(0.001)
    line()
    file.close()
    (results / f"writer-{writer}").write_text(f"{attempted} {file.unreported}")
    os._exit(0)

def fill():
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 1024)

def fill_and_free():
    fill()
    time.sleep(0.05)
    ballast.unlink()
    time.sleep(0.02)

def rename_and_refuse(turn):
    # A disk cannot turn read-only under an open file, so the file goes and the next one cannot be made.
    while not list(logs.glob("ti-osn-*")):
        time.sleep(0.01)
    for log in logs.glob("ti-osn-*"):
        log.rename(logs / f"old-{turn}.ndjson")
    subprocess.run(["mount", "--bind", "-o", "ro", disk, disk], check=True)
    time.sleep(0.2)
    for attempt in range(1000):  # it is busy while a writer looks for its file
        if not subprocess.run(["umount", disk], stderr=subprocess.DEVNULL).returncode:
            break
    else:
        raise SystemExit("the disk cannot be made writable again")
    time.sleep(0.1)

logs.mkdir()
children = []
for writer in range(writers):
    child = os.fork()
    if not child:
        write(writer)
    children.append(child)
time.sleep(0.1)
for turn in range(8 if trouble == "full" else 3):
    fill_and_free() if trouble == "full" else rename_and_refuse(turn)
(results / "stop").touch()
for child in children:
    os.waitpid(child, 0)
shutil.copytree(logs, results / "logs")
"""


@dataclass(frozen=True)
class Outcome:
    """What the writers say, and what the log holds.

    Attributes:
        attempted: Lines handed to the file.
        unreported: Lines dropped that the log does not tell of.
        lines: The lines that are JSON.
        broken: Those that are not.
    """

    attempted: int
    unreported: int
    lines: list[Record]
    broken: list[bytes]

    @property
    def written(self) -> list[tuple[object, object]]:
        """Return writer and number of each line that arrived."""
        return [(line["writer"], line["number"]) for line in self.lines if "writer" in line]

    @property
    def told(self) -> int:
        """Return how many lines the log itself says were dropped."""
        return sum(int(str(line["dropped"])) for line in self.lines if line.get("event") == LOST_EVENT)


def on_a_small_disk(directory: Path, trouble: str) -> Outcome:
    """Run the writers on a disk in trouble and return what came of it."""
    disk, results = directory / "disk", directory / "results"
    disk.mkdir()
    results.mkdir()
    namespace = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--user", "--map-root-user"]
    command = [*namespace, sys.executable, "-c", ON_A_SMALL_DISK, str(disk), str(results), trouble, str(WRITERS)]
    subprocess.run(command, check=True, timeout=300)
    said = [path.read_text(encoding="utf-8").split() for path in results.glob("writer-*")]
    assert len(said) == WRITERS
    raw = [line for path in (results / "logs").iterdir() for line in path.read_bytes().split(b"\n") if line]
    lines, broken = [], []
    for line in raw:
        try:
            lines.append(json.loads(line))
        except ValueError:
            broken.append(line)
    return Outcome(sum(int(each[0]) for each in said), sum(int(each[1]) for each in said), lines, broken)


@pytest.mark.parametrize("trouble", ["full", "read-only"])
def test_written_and_dropped_are_what_was_attempted(tmp_path: Path, trouble: str) -> None:
    """Every line of four processes is in the log once or counted there as dropped; a fragment spoils no other line."""
    outcome = on_a_small_disk(tmp_path, trouble)
    assert outcome.told > 0
    assert len(set(outcome.written)) == len(outcome.written)
    assert len(outcome.written) + outcome.told + outcome.unreported == outcome.attempted
    assert outcome.unreported == 0
    # What is broken is beginnings of lines that were counted as dropped; on a busy machine two may stand together.
    assert sum(fragment.count(b'{"') for fragment in outcome.broken) <= outcome.told


def test_many_threads_complain_once(tmp_path: Path) -> None:
    """While the place cannot be written, eight threads give one message to standard error."""
    told: list[str] = []
    place = tmp_path / "logs"
    place.write_text("in the way", encoding="utf-8")
    file = DatedFile(place, Identity("ti-osn", "test"), options=FileOptions(complain=told.append))
    together = threading.Barrier(8)

    def write() -> None:
        together.wait(60)
        for _ in range(2000):
            file.write(b"{}\n")

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [message.split(" (")[0] for message in told] == [f"cannot write the log in {place}"]
    place.unlink()
    file.write(b"{}\n")
    assert told[1:] == [f"the log in {place} can be written again; 16000 lines were dropped"]
