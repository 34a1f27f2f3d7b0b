"""Processes that come and go while the log is written: forks, spawned ones, daemons, and those that are killed."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from logging_lib.record import Identity
from logging_lib.sink.dated_file import DatedFile, FileOptions
from tests.logging_lib.sink.support import PRELUDE, run, written

TI_OSN = Identity("ti-osn", "test")

# Forks again and again while threads are in the middle of their writes; parent and children write on.
FORKS = (
    PRELUDE
    + """
going = True

def keep_writing(who):
    number = 0
    while going:
        write(who, number)
        number += 1

threads = [threading.Thread(target=keep_writing, args=(f"thread-{each}",)) for each in range(3)]
for thread in threads:
    thread.start()
children = []
for each in range(20):
    child = os.fork()
    if not child:
        signal.alarm(120)
        for number in range(15):
            write(f"child-{each}", number)
        os._exit(0)
    children.append(child)
print([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children])
going = False
for thread in threads:
    thread.join()
"""
)


def test_forks_in_the_midst_of_writes(tmp_path: Path) -> None:
    """Children forked while threads write are held up by none of them; they and their parent write on."""
    assert run(tmp_path, FORKS).strip() == str([0] * 20)
    counts = written(tmp_path)
    assert {name: count for name, count in counts.items() if name.startswith("child")} == {
        f"child-{each}": 15 for each in range(20)
    }
    assert sum(name.startswith("thread") for name in counts) == 3


def _spawned(directory: str, number: int) -> None:
    DatedFile(Path(directory), TI_OSN).write(b'{"writer":"spawned-%d","number":0}\n' % number)


def test_spawned_processes_write_the_same_file(tmp_path: Path) -> None:
    """Processes that multiprocessing starts afresh append to the file of their parent."""
    file = DatedFile(tmp_path, TI_OSN)
    file.write(b'{"writer":"parent","number":0}\n')
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_spawned, args=(str(tmp_path), number)) for number in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    file.write(b'{"writer":"parent","number":1}\n')
    assert written(tmp_path) == {"parent": 2, "spawned-0": 1, "spawned-1": 1}


def test_a_program_that_is_started_inherits_no_descriptor(tmp_path: Path) -> None:
    """A command run by the application (by vfork, where Python can) does not hold the log open."""
    file = DatedFile(tmp_path, TI_OSN)
    file.write(b'{"n":1}\n')
    listing = [sys.executable, "-c", "import os; os.system('ls -l /proc/self/fd')"]
    shown = subprocess.run(listing, check=True, stdout=subprocess.PIPE, text=True, close_fds=False)
    assert str(tmp_path) not in shown.stdout
    file.write(b'{"n":2}\n')


def test_a_daemon_that_closes_descriptors_writes_to_no_strange_file(tmp_path: Path) -> None:
    """A forked daemon closes every descriptor and opens files of its own: log lines still go to the log alone."""
    logs = tmp_path / "logs"
    file = DatedFile(logs, TI_OSN)
    file.write(b'{"writer":"parent","number":0}\n')
    child = os.fork()
    if child == 0:
        os.closerange(3, 256)
        numbers = [os.open(tmp_path / f"own-{each}", os.O_RDWR | os.O_CREAT) for each in range(100)]
        file.write(b'{"writer":"child","number":0}\n')
        file.close()
        left = [os.fstat(number).st_size for number in numbers]  # raises where one has been closed
        os._exit(0 if left == [0] * 100 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert written(logs) == {"parent": 1, "child": 1}


def test_a_fork_tells_of_each_loss_once(tmp_path: Path) -> None:
    """Lines that the parent dropped before a fork are told of by the parent, and not by its child as well."""
    place = tmp_path / "logs"
    place.write_text("in the way", encoding="utf-8")
    file = DatedFile(place, TI_OSN, lambda: datetime(2024, 1, 15, tzinfo=UTC), FileOptions(complain=lambda _: None))
    file.write(b'{"n":1}\n')
    place.unlink()
    child = os.fork()
    if child == 0:
        file.write(b'{"n":2}\n')
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    file.write(b'{"n":3}\n')
    lines = [json.loads(line) for line in (place / "ti-osn-2024-01-15.ndjson").read_bytes().splitlines()]
    assert [line.get("n", line.get("dropped")) for line in lines] == [2, 1, 3]


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_writer_spoils_no_line_of_another(tmp_path: Path, end: signal.Signals) -> None:
    """Writers of lines of many pages are killed at any moment; what another writes meanwhile arrives whole."""
    many = (
        PRELUDE + '\nfor _ in range(200_000): file.write(encode_line({"writer": "killed", "padding": "x" * 20_000}))\n'
    )
    file = DatedFile(tmp_path, TI_OSN)
    for turn in range(5):
        size = sum(path.stat().st_size for path in tmp_path.iterdir())
        victim = subprocess.Popen([sys.executable, "-c", many, tmp_path])
        while sum(path.stat().st_size for path in tmp_path.iterdir()) == size and victim.poll() is None:
            time.sleep(0.001)
        for number in range(200 * turn, 200 * turn + 200):
            file.write(b'{"writer":"own","number":%d}\n' % number)
            if number % 200 == 100:
                victim.send_signal(end)
        assert victim.wait(60) == -end
    lines = [line for path in tmp_path.iterdir() for line in path.read_bytes().splitlines()]
    own = [json.loads(line) for line in lines if line.startswith(b'{"writer":"own"')]
    assert [line["number"] for line in own] == list(range(1000))


# One process writes without pause, and often waits for another's line while that is killed.
KILLED = (
    PRELUDE
    + """
import time

long = encode_line({"writer": "killed", "padding": "x" * 9_000})
own = os.fork()
if not own:
    going = []
    signal.signal(signal.SIGTERM, lambda *_: going.clear())
    going.append(True)
    number = 0
    while going:
        write("own", number)
        number += 1
    os._exit(0)
while not list(Path(sys.argv[1]).iterdir()):
    time.sleep(0.003)
for each in range(100):
    victim = os.fork()
    if not victim:
        while True:
            file.write(long)
    time.sleep(0.003)
    os.kill(victim, signal.SIGKILL)
    os.waitpid(victim, 0)
os.kill(own, signal.SIGTERM)
print(os.waitstatus_to_exitcode(os.waitpid(own, 0)[1]))
"""
)


def test_a_line_that_waited_for_a_killed_writer_is_whole(tmp_path: Path) -> None:
    """A line that the kernel held back until another process was killed within its own is not lost in the fragment."""
    assert run(tmp_path, KILLED) == "0\n"
    lines = [line for path in tmp_path.iterdir() for line in path.read_bytes().splitlines()]
    own = [json.loads(line)["number"] for line in lines if line.startswith(b'{"writer":"own"')]
    assert own == list(range(len(own)))
    assert own
